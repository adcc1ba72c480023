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
// Memory is a ring, oldest first, and a table of chains through it: a bucket of the table names the newest
// identity of its chain, and each identity the one before it. A chain ends where it leads to what the ring
// has overwritten. So nothing is ever taken out: to forget costs nothing, and to note one costs one look
// at a place that is not in the caches.
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
  /// Of each identity, the lower half of the ticket of the one before it in its chain.
  private var links: [UInt32]
  /// Of each bucket, that of the newest identity of its chain.
  private var table: [UInt32]
  /// What `fetch` read; kept only so that it reads.
  private var fetched: UInt64 = 0
  /// The ticket of the next identity; a ticket's slot is its remainder by the capacity.
  ///
  /// It begins so high that a link of zeroes leads nowhere.
  private var next: UInt64

  /// An empty memory for about `capacity` identities (41 bytes each).
  public init(capacity: Int = 1 << 18) { self.init(capacity: capacity, after: 0) }

  /// A memory that has given out so many tickets already.
  init(capacity: Int, after tickets: UInt64) {
    var size = 16
    while size < capacity, size < 1 << 28 { size *= 2 }
    self.capacity = size
    lows = [UInt64](repeating: 0, count: size)
    highs = lows
    contents = lows
    stamps = [UInt32](repeating: 0, count: size)
    links = stamps
    states = [UInt8](repeating: 0, count: size)
    table = [UInt32](repeating: 0, count: size * 2)
    next = UInt64(size) + 1 + tickets
  }

  /// Begins to admit a batch.
  func begin() -> Admission { Admission(first: next, count: 0) }

  /// Reads the places of the table that a batch will ask for, and the keys that these lead to.
  ///
  /// Both are larger than the caches. Read one after the other in the course of judging, each place
  /// costs a wait for memory; read like this, the waits overlap.
  mutating func fetch(_ frames: [DecodedFrame]) {
    var sum: UInt64 = 0
    for frame in frames { sum &+= lows[slot(of: UInt64(table[bucket(of: frame.identity.key.low)]))] }
    fetched = sum
  }

  /// Judges an event of the batch being admitted, and notes it if it is new.
  mutating func judge(
    _ identity: EventIdentity, within admission: inout Admission, at moment: Duration
  ) -> Verdict {
    guard identity.term != .single else { return .new }
    let now = Self.stamp(moment)
    if let ticket = ticket(of: identity.key) {
      let slot = slot(of: ticket)
      let isOwn = ticket >= admission.first
      let isPast = identity.term == .brief && now &- stamps[slot] > Self.briefSeconds
      if !isPast {
        guard isOwn || states[slot] == State.confirmed else { return .new }
        return contents[slot] == identity.content ? .duplicate : .conflict
      }
      guard states[slot] == State.confirmed else { return .new }
      states[slot] = State.void
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
      if memory.states[slot] == State.pending { memory.states[slot] = State.void }
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
    if let ticket = ticket(of: identity.key) {
      // Of what is told again after its term, the last time counts.
      if identity.term == .brief { stamps[slot(of: ticket)] = Self.stamp(moment) }
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

  private mutating func forEachSlot(
    of admission: Admission, _ body: (inout RecentIdentities, Int) -> Void
  ) {
    let oldest = max(admission.first, next - UInt64(capacity))
    let end = admission.first + admission.count
    if oldest < end { for ticket in oldest..<end { body(&self, slot(of: ticket)) } }
  }

  private func bucket(of low: UInt64) -> Int { Int(truncatingIfNeeded: low) & (table.count - 1) }

  /// The ticket of what is known of a key.
  private func ticket(of key: Hash128) -> UInt64? {
    var age = age(table[bucket(of: key.low)])
    var younger: UInt32 = 0
    while age > younger, age <= UInt32(capacity) {
      let ticket = next - UInt64(age)
      let slot = slot(of: ticket)
      if lows[slot] == key.low, highs[slot] == key.high, states[slot] != State.void { return ticket }
      // A chain leads to ever older ones; a link so old that its number came round again ends it.
      younger = age
      age = self.age(links[slot])
    }
    return nil
  }

  /// How many tickets ago that was which a link leads to.
  private func age(_ link: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: next) &- link }

  private mutating func insert(_ identity: EventIdentity, state: UInt8, stamp: UInt32) {
    let slot = slot(of: next)
    let bucket = bucket(of: identity.key.low)
    lows[slot] = identity.key.low
    highs[slot] = identity.key.high
    contents[slot] = identity.content
    stamps[slot] = stamp
    states[slot] = state
    links[slot] = table[bucket]
    table[bucket] = UInt32(truncatingIfNeeded: next)
    next += 1
  }
}
