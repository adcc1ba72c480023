// What this sidecar has accepted lately, so that a resend is told to be one without asking the database.
//
// It is a help and not the authority: what it has forgotten (or never saw, because another sidecar
// took it) is found at the commit, by the key of the table. So it may forget, but must never claim
// a duplicate that is none: keys are 128 bits, and content is compared by 62 more.
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

  /// One identity, in half a line of the caches, so that whoever reads its key has its link too.
  private struct Known {
    enum State: UInt64 {
      case void
      case pending
      case confirmed
    }

    var low: UInt64 = 0
    var high: UInt64 = 0
    /// The content, whose two lowest bits give way to the state.
    private var contentAndState: UInt64 = 0
    var stamp: UInt32 = 0
    /// The lower half of the ticket of the identity before it in its chain.
    var link: UInt32 = 0

    init() {}

    init(_ identity: EventIdentity, _ state: State, stamp: UInt32, link: UInt32) {
      low = identity.key.low
      high = identity.key.high
      contentAndState = identity.content & ~3 | state.rawValue
      self.stamp = stamp
      self.link = link
    }

    var state: State {
      get { State(rawValue: contentAndState & 3) ?? .void }
      set { contentAndState = contentAndState & ~3 | newValue.rawValue }
    }

    func says(_ content: UInt64) -> Bool { (contentAndState ^ content) & ~3 == 0 }
  }

  /// How long events with neither id nor time count as one.
  private static let briefSeconds: UInt32 = 600

  private let capacity: Int
  private var ring: [Known]
  /// Of each bucket, the lower half of the ticket of the newest identity of its chain.
  private var table: [UInt32]
  /// What `fetch` read; kept only so that it reads.
  private var fetched: UInt64 = 0
  /// The ticket of the next identity; a ticket's slot is its remainder by the capacity.
  ///
  /// It begins so high that a link of zeroes leads nowhere.
  private var next: UInt64

  /// An empty memory for about `capacity` identities (40 bytes each).
  public init(capacity: Int = 1 << 18) { self.init(capacity: capacity, after: 0) }

  /// A memory that has given out so many tickets already.
  init(capacity: Int, after tickets: UInt64) {
    var size = 16
    while size < capacity, size < 1 << 28 { size *= 2 }
    self.capacity = size
    ring = [Known](repeating: Known(), count: size)
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
    for frame in frames { sum &+= ring[slot(of: UInt64(table[bucket(of: frame.identity.key.low)]))].low }
    fetched = sum
  }

  /// Judges an event of the batch being admitted, and notes it if it is new.
  mutating func judge(
    _ identity: EventIdentity, within admission: inout Admission, at second: Int
  ) -> Verdict {
    guard identity.term != .single else { return .new }
    let now = UInt32(truncatingIfNeeded: second)
    if let ticket = ticket(of: identity.key) {
      let slot = slot(of: ticket)
      let isOwn = ticket >= admission.first
      let isPast = identity.term == .brief && now &- ring[slot].stamp > Self.briefSeconds
      if !isPast {
        guard isOwn || ring[slot].state == .confirmed else { return .new }
        return ring[slot].says(identity.content) ? .duplicate : .conflict
      }
      guard ring[slot].state == .confirmed else { return .new }
      ring[slot].state = .void
    }
    insert(identity, .pending, stamp: now)
    admission.count += 1
    return .new
  }

  /// The batch is on disk: from now on what it brought is known.
  public mutating func confirm(_ admission: Admission) {
    forEachSlot(of: admission) { memory, slot in
      if memory.ring[slot].state == .pending { memory.ring[slot].state = .confirmed }
    }
  }

  /// The batch has failed: what it brought has not been taken.
  public mutating func withdraw(_ admission: Admission) {
    forEachSlot(of: admission) { memory, slot in
      if memory.ring[slot].state == .pending { memory.ring[slot].state = .void }
    }
  }

  /// Notes an event of a log; false where it is one that was noted before, or contradicts it.
  public mutating func note(_ identity: EventIdentity, at second: Int) -> Bool {
    var admission = begin()
    guard judge(identity, within: &admission, at: second) == .new else { return false }
    confirm(admission)
    return true
  }

  /// Notes what is known to be on disk, such as what the spool holds after a restart.
  public mutating func remember(_ identity: EventIdentity, at second: Int) {
    guard identity.term != .single else { return }
    let stamp = UInt32(truncatingIfNeeded: second)
    if let ticket = ticket(of: identity.key) {
      // Of what is told again after its term, the last time counts.
      if identity.term == .brief { ring[slot(of: ticket)].stamp = stamp }
      return
    }
    insert(identity, .confirmed, stamp: stamp)
  }
}

extension RecentIdentities {
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
      let known = ring[slot(of: ticket)]
      if known.low == key.low, known.high == key.high, known.state != .void { return ticket }
      // A chain leads to ever older ones; a link so old that its number came round again ends it.
      younger = age
      age = self.age(known.link)
    }
    return nil
  }

  /// How many tickets ago that was which a link leads to.
  private func age(_ link: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: next) &- link }

  private mutating func insert(_ identity: EventIdentity, _ state: Known.State, stamp: UInt32) {
    let bucket = bucket(of: identity.key.low)
    ring[slot(of: next)] = Known(identity, state, stamp: stamp, link: table[bucket])
    table[bucket] = UInt32(truncatingIfNeeded: next)
    next += 1
  }
}
