// What this sidecar has accepted lately, so that a resend is told to be one without asking the database.
//
// It is a help and not the authority: what it has forgotten (or never saw, because another sidecar
// took it) is found at the commit, by the key of the table. So it may forget, but must never claim
// a duplicate that is none: keys are 128 bits, and content is compared by 64 more.
//
// An identity is *pending* from the moment its batch is admitted until the batch is on disk or has
// failed. A resend that meets a pending identity of another batch counts as new: were it called a
// duplicate, and the first batch then failed, it would be lost though it was acknowledged.
//
// Memory is a ring, oldest first, and an open-addressed table of its slots; both are of fixed size.
import Hashing

/// The identities of events accepted lately.
public struct RecentIdentities: Sendable {
  /// What admitting a batch has noted.
  public struct Admission: Equatable, Sendable {
    var first: UInt64
    var count: UInt64
  }

  enum Verdict: Equatable {
    case new
    case duplicate
    case conflict
  }

  private enum State {
    static let void: UInt8 = 0
    static let pending: UInt8 = 1
    static let confirmed: UInt8 = 2
  }

  /// How long events with neither id nor time count as one.
  private static let briefSeconds: UInt32 = 600

  private let capacity: Int
  private var lows: [UInt64]
  private var highs: [UInt64]
  private var contents: [UInt64]
  private var stamps: [UInt32]
  private var states: [UInt8]
  /// Slot plus one below 32 bits of the key, or 0; collisions go to the next place.
  ///
  /// With a part of the key at hand most keys that are not there are told without a look at the slots.
  private var table: [UInt64]
  /// What `fetch` read; kept only so that it reads.
  private var fetched: UInt64 = 0
  /// The ticket of the next identity; a ticket's slot is its remainder by the capacity.
  private var next: UInt64 = 0

  /// An empty memory for about `capacity` identities (45 bytes each).
  public init(capacity: Int = 1 << 18) {
    var size = 16
    while size < capacity, size < 1 << 28 { size *= 2 }
    self.capacity = size
    lows = [UInt64](repeating: 0, count: size)
    highs = lows
    contents = lows
    stamps = [UInt32](repeating: 0, count: size)
    states = [UInt8](repeating: 0, count: size)
    table = [UInt64](repeating: 0, count: size * 2)
  }

  /// Begins to admit a batch.
  func begin() -> Admission { Admission(first: next, count: 0) }

  /// Reads the places of the table that a batch will ask for, and those of what it will push out.
  ///
  /// The table is larger than the caches. Read one after the other in the course of judging, each place
  /// costs a wait for memory; read like this, the waits overlap.
  mutating func fetch(_ frames: [DecodedFrame]) {
    var sum: UInt64 = 0
    var slot = slot(of: next)
    for frame in frames {
      sum &+= table[start(frame.identity.key.low)] &+ table[start(lows[slot])]
      slot = (slot + 1) & (capacity - 1)
    }
    fetched = sum
  }

  /// Judges an event of the batch being admitted, and notes it if it is new.
  mutating func judge(
    _ identity: EventIdentity, within admission: inout Admission, at moment: Duration
  ) -> Verdict {
    guard identity.term != .single else { return .new }
    let now = Self.stamp(moment)
    if let place = place(of: identity.key) {
      let slot = Self.slot(in: table[place])
      let isOwn = ticket(of: slot) >= admission.first
      let isPast = identity.term == .brief && now &- stamps[slot] > Self.briefSeconds
      if !isPast {
        guard isOwn || states[slot] == State.confirmed else { return .new }
        return contents[slot] == identity.content ? .duplicate : .conflict
      }
      guard states[slot] == State.confirmed else { return .new }
      remove(at: place)
    }
    insert(identity, state: State.pending, stamp: now)
    admission.count += 1
    return .new
  }

  /// The batch is on disk: from now on what it brought is known.
  public mutating func confirm(_ admission: Admission) {
    forEachSlot(of: admission) { memory, slot in
      if memory.states[slot] == State.pending { memory.states[slot] = State.confirmed }
    }
  }

  /// The batch has failed: what it brought has not been taken.
  public mutating func withdraw(_ admission: Admission) {
    forEachSlot(of: admission) { memory, slot in
      guard memory.states[slot] == State.pending else { return }
      memory.states[slot] = State.void
      memory.forget(slot)
    }
  }

  /// Notes an event of a log; false where it is one that was noted before, or contradicts it.
  public mutating func note(_ identity: EventIdentity, at moment: Duration) -> Bool {
    var admission = begin()
    guard judge(identity, within: &admission, at: moment) == .new else { return false }
    confirm(admission)
    return true
  }

  /// Notes what is known to be on disk, such as what the spool holds after a restart.
  public mutating func remember(_ identity: EventIdentity, at moment: Duration) {
    guard identity.term != .single else { return }
    if let place = place(of: identity.key) {
      // Of what is told again after its term, the last time counts.
      if identity.term == .brief { stamps[Self.slot(in: table[place])] = Self.stamp(moment) }
      return
    }
    insert(identity, state: State.confirmed, stamp: Self.stamp(moment))
  }
}

extension RecentIdentities {
  private static func stamp(_ moment: Duration) -> UInt32 {
    UInt32(truncatingIfNeeded: moment.components.seconds)
  }

  private func slot(of ticket: UInt64) -> Int { Int(ticket & UInt64(capacity - 1)) }

  /// The ticket of the identity that a slot holds now.
  private func ticket(of slot: Int) -> UInt64 {
    let back = UInt64((self.slot(of: next &- 1) - slot) & (capacity - 1))
    return next &- 1 &- back
  }

  private mutating func forEachSlot(
    of admission: Admission, _ body: (inout RecentIdentities, Int) -> Void
  ) {
    let end = admission.first + admission.count
    let oldest = next > UInt64(capacity) ? next - UInt64(capacity) : 0
    var ticket = max(admission.first, oldest)
    while ticket < end {
      body(&self, slot(of: ticket))
      ticket += 1
    }
  }

  private func start(_ low: UInt64) -> Int { Int(truncatingIfNeeded: low) & (table.count - 1) }

  private static func entry(_ slot: Int, _ low: UInt64) -> UInt64 { low << 32 | UInt64(slot + 1) }

  private static func slot(in entry: UInt64) -> Int { Int(entry & 0xFFFF_FFFF) - 1 }

  /// Where the table holds a key.
  private func place(of key: Hash128) -> Int? {
    var place = start(key.low)
    while table[place] != 0 {
      if table[place] >> 32 == key.low & 0xFFFF_FFFF {
        let slot = Self.slot(in: table[place])
        if lows[slot] == key.low, highs[slot] == key.high { return place }
      }
      place = (place + 1) & (table.count - 1)
    }
    return nil
  }

  private mutating func insert(_ identity: EventIdentity, state: UInt8, stamp: UInt32) {
    let slot = slot(of: next)
    if states[slot] != State.void { forget(slot) }
    lows[slot] = identity.key.low
    highs[slot] = identity.key.high
    contents[slot] = identity.content
    stamps[slot] = stamp
    states[slot] = state
    var place = start(identity.key.low)
    while table[place] != 0 { place = (place + 1) & (table.count - 1) }
    table[place] = Self.entry(slot, identity.key.low)
    next += 1
  }

  /// Takes a slot's identity out of the table, unless a later one has taken its place.
  private mutating func forget(_ slot: Int) {
    guard let place = place(of: Hash128(low: lows[slot], high: highs[slot])),
      Self.slot(in: table[place]) == slot
    else { return }
    remove(at: place)
  }

  /// Empties a place of the table and moves up what had to go past it.
  private mutating func remove(at place: Int) {
    let mask = table.count - 1
    var hole = place
    var current = place
    while true {
      current = (current + 1) & mask
      guard table[current] != 0 else { break }
      let home = start(table[current] >> 32)
      // It may move into the hole if the hole lies between its home and where it is.
      if (current - home) & mask >= (current - hole) & mask {
        table[hole] = table[current]
        hole = current
      }
    }
    table[hole] = 0
  }
}
