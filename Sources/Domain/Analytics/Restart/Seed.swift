// Coming back. After a restart the fold knows nothing; the database knows what was committed, the spool
// has what was not. A seed is what the database knows as of one position of this sidecar's spool: every
// event below it, and none from it on. The order is:
//
//   1  a new Analytics
//   2  restore(seed)       the events of the seed are folded in the order of their receipt
//   3  step(…)             the spool from the seed's position on, as always
//   4  restartCounts()     once what was received before the restart is folded: it was counted then
//
// What comes out is what would stand there without the restart, but for counters, which begin at 0. So
// the same fold that counts live also fills windows, rows, circuits and open handoffs, each at its time,
// and no second way can differ. Handoffs may be given as their events, or, which is less to read, as
// their records: then what a later event told otherwise is taken as told from the start.
//
// While the database is down, the fold begins with the spool alone. When it is back, a second Analytics
// is restored, is given the same spool from the seed's position on, takes over the counters of the
// first (`takeCounters`), and replaces it.
//
// A seed should hold: the handoffs that are open or parked; those of which anything was received within
// the longest window; those of the tasks of all these, so that hops and loops go on; and the agents.
public import Model

/// When and where an event was received.
public struct Receipt: Comparable, Sendable {
  /// When.
  public var receivedAt: Timestamp
  /// The spool's sequence.
  public var sequence: UInt64
  /// The event's position within its batch.
  public var position: UInt32
  /// Whether it was this sidecar that received it.
  public var isHere: Bool

  /// A receipt.
  public init(receivedAt: Timestamp, sequence: UInt64, position: UInt32, isHere: Bool) {
    self.receivedAt = receivedAt
    self.sequence = sequence
    self.position = position
    self.isHere = isHere
  }

  /// Orders by time, then as the spool has it.
  public static func < (left: Self, right: Self) -> Bool {
    (left.receivedAt, left.sequence, left.position) < (right.receivedAt, right.sequence, right.position)
  }
}

/// A handoff as the database knows it.
public struct KnownHandoff: Sendable {
  /// Its id.
  public var handoffID: [UInt8]
  /// What all its events together say.
  public var record: HandoffRecord

  /// A handoff with its record.
  public init(handoffID: [UInt8], record: HandoffRecord) {
    self.handoffID = handoffID
    self.record = record
  }
}

/// A handoff of a seed.
public struct SeedHandoff: Sendable {
  /// The handoff.
  public var handoff: KnownHandoff
  /// When each of its events was received, in the order of the record's moments.
  public var receipts: [Receipt]

  /// A handoff with the receipts of its events.
  public init(_ handoff: KnownHandoff, receipts: [Receipt]) {
    self.handoff = handoff
    self.receipts = receipts
  }
}

/// An event of a seed as it was stored: an agent's, a task's, or one of a handoff that is not given by its record.
public struct SeedEvent: Sendable {
  /// The event.
  public var frame: EventFrame
  /// When it was received.
  public var receipt: Receipt

  /// An event with its receipt.
  public init(_ frame: EventFrame, _ receipt: Receipt) {
    self.frame = frame
    self.receipt = receipt
  }
}

/// An agent of a seed: what its history within the seed may be too short to tell.
public struct SeedAgent: Sendable {
  /// Its true name.
  public var name: String
  /// Failures in a row, as of the seed's position; nil: as many as the history tells.
  public var failuresInARow: Int?
  /// Those of them that were exhausted.
  public var exhaustedInARow = 0
  /// The derived state of the circuit towards it; nil: as the history tells.
  public var circuit: CircuitState?
  /// Since when.
  public var circuitSince: Timestamp?
  /// Its last report of health, and when it was made.
  public var health: (report: HealthReport, at: Timestamp)?
  /// When it last said anything itself.
  public var lastSeen: Timestamp?
  /// Whether it has answered here as a receiver.
  public var receivesHere = false

  /// An agent of which nothing is wrong.
  public init(name: String) {
    self.name = name
  }
}

/// What the database knows, as of one position of this sidecar's spool.
public struct Seed: Sendable {
  /// The handoffs.
  public var handoffs: [SeedHandoff] = []
  /// Events received within the longest window: those about no handoff, and those of handoffs not given above.
  public var events: [SeedEvent] = []
  /// The agents.
  public var agents: [SeedAgent] = []
  /// Dead letters that were dealt with, beyond those among the handoffs.
  public var handledDeadLetters = 0
  /// The moment up to which the seed tells everything.
  public var at: Timestamp

  /// A seed that knows of nothing.
  public init(at: Timestamp) {
    self.at = at
  }
}
