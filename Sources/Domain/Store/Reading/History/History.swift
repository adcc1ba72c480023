// What a sidecar has to know when it comes back, as the database knows it at one position of its spool.
//
// A history holds only what this sidecar received something of: it knew of nothing else before. Of each
// handoff it holds the record, and when and where each of its events was received, so that whoever reads
// it can go through all of it again in the order of receipt. It is bounded: where there is more, the
// newest is taken.
public import Model
public import Spool

/// How far back a history reaches, and how much it holds at most.
public struct HistoryBounds: Sendable {
  /// The spool whose sidecar asks.
  public var spool: SpoolID
  /// From here on everything received here counts.
  public var since: Timestamp
  /// What came in this much after it had occurred was late, and counts for no window.
  public var lateAfter = Duration.seconds(300)
  /// An acknowledged handoff of which nothing was heard since has ended.
  public var idleSince: Timestamp
  /// A report about a circuit may be in force since then.
  public var reportsSince: Timestamp
  /// An agent of which nothing was heard here since is not listed for itself.
  public var agentsSince: Timestamp
  /// An agent's report of health that is older is not looked for.
  public var healthSince: Timestamp
  /// Open handoffs.
  public var open = 32_768
  /// Rows of handoffs without an end that are looked at for open ones.
  public var lookedAt = 300_000
  /// Dead letters that nobody has dealt with.
  public var deadLetters = 8_192
  /// Handoffs received lately.
  public var recent = 50_000
  /// Handoffs of each task, and of each agent in trouble.
  public var relatives = 32
  /// Events about agents and tasks.
  public var events = 20_000
  /// Agents.
  public var agents = 10_000

  /// Bounds around one moment, `now`.
  public init(spool: SpoolID, since: Timestamp, idleSince: Timestamp, now: Timestamp) {
    self.spool = spool
    self.since = since
    self.idleSince = idleSince
    let day: Int64 = 86_400_000_000
    // A report of an open circuit lives for a day and a little at most.
    reportsSince = Timestamp(microseconds: now.microseconds - day - day / 24)
    agentsSince = Timestamp(microseconds: now.microseconds - day)
    healthSince = Timestamp(microseconds: now.microseconds - 7 * day)
  }

  /// Everything in half the size, for a database that finds this too much.
  public mutating func halve() {
    for bound in [\Self.open, \.lookedAt, \.deadLetters, \.recent, \.events, \.agents] {
      self[keyPath: bound] = max(1, self[keyPath: bound] / 2)
    }
  }
}

/// When and where an event was received.
public struct PastReceipt: Equatable, Sendable {
  /// When.
  public var receivedAt: Timestamp
  /// The sequence of its record in the spool it came into.
  public var sequence: UInt64
  /// Its place in that record.
  public var slot: UInt32
  /// Whether this sidecar received it.
  public var isHere: Bool
}

/// A handoff of a history.
public struct PastHandoff: Sendable {
  /// Its id.
  public var id: [UInt8]
  /// What all its events together say.
  public var record: HandoffRecord
  /// When and where its events were received, in the order of the record's moments.
  public var receipts: [PastReceipt]
}

/// An event about an agent, a task or a conversation, received here.
public struct PastEvent: Sendable {
  /// Its JSON as sent, redacted.
  public var body: [UInt8]
  /// When it was received.
  public var receipt: PastReceipt
}

/// An agent of a history.
public struct PastAgent: Sendable {
  /// Its name.
  public var name: String
  /// When it last said anything here.
  public var lastSeen: Timestamp?
  /// Whether it has answered here as a receiver.
  public var receivesHere: Bool
}

/// What the database knows as of one position of a spool.
public struct History: Sendable {
  /// Everything below this sequence of the spool is in it, and nothing from it on.
  public var position: UInt64
  /// When the last record below the position was received; nil where there is none.
  public var seenUntil: Timestamp?
  /// Handoffs that are open, parked or of late, and those that belong to them.
  public var handoffs: [PastHandoff] = []
  /// Events about something else than handoffs.
  public var events: [PastEvent] = []
  /// The agents heard of here.
  public var agents: [PastAgent] = []
  /// Dead letters that were dealt with and are not among the handoffs.
  public var handledDeadLetters = 0
}
