public import Analytics
public import Model

/// How many times of one kind lie, in microseconds.
public struct FleetSpread: Sendable, Equatable {
  /// How many there are.
  public var count: UInt64 = 0
  /// Their sum.
  public var total = 0.0
  /// The least; nil of none.
  public var least: Int64?
  /// The greatest; nil of none.
  public var greatest: Int64?
  /// How many there are in each bucket of `LogBuckets`, by its middle.
  var buckets: [Double: UInt64] = [:]

  /// The value that a share of all does not exceed, with an error below 1 %; nil of none.
  public func quantile(_ share: Double) -> Double? {
    guard count > 0, !buckets.isEmpty else { return nil }
    let rank = max(1, UInt64((min(max(share, 0), 1) * Double(count)).rounded(.up)))
    var seen: UInt64 = 0
    for (middle, number) in buckets.sorted(by: { $0.key < $1.key }) {
      seen &+= number
      if seen < rank { continue }
      // A bucket's value may lie beyond the least or the greatest that was in it.
      return min(max(middle, Double(least ?? 0)), Double(greatest ?? .max))
    }
    return nil
  }

  mutating func add(_ other: Self) {
    count &+= other.count
    total += other.total
    least = [least, other.least].compactMap { $0 }.min()
    greatest = [greatest, other.greatest].compactMap { $0 }.max()
  }
}

/// Buckets whose bounds grow by 1.6 %, worked out by the database.
enum LogBuckets {
  /// The middle of the bucket of a number of microseconds: within 0.8 % of all that is in it.
  static func middle(of column: String) -> String {
    """
    CASE WHEN \(column) < 1 THEN 0
      ELSE exp((floor(ln(\(column)::float8) / ln(1.016::float8)) + 0.5) * ln(1.016::float8)) END
    """
  }
}

/// What became of some handoffs.
public struct FleetShare: Sendable, Equatable {
  /// Initiated.
  public var started: UInt64 = 0
  /// Acknowledged or completed.
  public var delivered: UInt64 = 0
  /// Given up, or without an answer for too long, and not delivered.
  public var exhausted: UInt64 = 0
  /// Those that stand completed.
  public var completed: UInt64 = 0
  /// Delivered, and stand failed.
  public var workFailed: UInt64 = 0
  /// From the sending to the acknowledgement.
  public var acknowledgement = FleetSpread()
  /// From the first sending to the end.
  public var duration = FleetSpread()
  /// References of envelopes that were requested.
  public var requested: UInt64 = 0
  /// Of those, the ones that were resolved.
  public var resolved: UInt64 = 0
  /// Tokens used, where there was a budget.
  public var tokensUsed: UInt64 = 0
  /// The budgets of these.
  public var tokensBudgeted: UInt64 = 0

  mutating func add(_ other: Self) {
    started &+= other.started
    delivered &+= other.delivered
    exhausted &+= other.exhausted
    completed &+= other.completed
    workFailed &+= other.workFailed
    acknowledgement.add(other.acknowledgement)
    duration.add(other.duration)
    requested &+= other.requested
    resolved &+= other.resolved
    tokensUsed &+= other.tokensUsed
    tokensBudgeted &+= other.tokensBudgeted
  }
}

/// What the handoffs that began within some time have come to by now, at all sidecars.
public struct FleetSummary: Sendable {
  /// All of them.
  public var all = FleetShare()
  /// By receiver; of many receivers those with the most handoffs.
  public var agents: [String: FleetShare] = [:]
  /// By kind; other words, and none at all, are the last of the list.
  public var kinds: [HandoffKind: FleetShare] = [:]
  /// By how envelopes were packed, likewise.
  public var strategies: [EnvelopeStrategy: FleetShare] = [:]
  /// How deep they were, on average; nil of none.
  public var meanHops: Double?
  /// How deep the deepest was.
  public var mostHops: Int?
  /// Rules that validations reported as not passed.
  public var validationErrors: UInt64 = 0
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

/// An agent as all sidecars together know it.
public struct FleetAgent: Sendable {
  /// Its name.
  public var name: String
  /// Handoffs it sent.
  public var sent: UInt64 = 0
  /// What became of the handoffs to it.
  public var share = FleetShare()
  /// Handoffs that were taken from it and given to others.
  public var rerouted: UInt64 = 0
  /// Handoffs to it that are open.
  public var active: UInt64 = 0
  /// Those of them that were not acknowledged in time.
  public var overdue: UInt64 = 0
  /// When it last sent or answered something.
  public var lastSeen: Timestamp?

  /// An agent of which nothing is known but its name.
  public init(name: String) {
    self.name = name
  }
}

/// The agents of all sidecars.
public struct FleetAgents: Sendable {
  /// Those with the most handoffs, by name.
  public var agents: [FleetAgent] = []
  /// How many there are.
  public var total = 0
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}
