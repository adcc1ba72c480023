public import Model

/// How the store is doing, for metrics and readiness.
public struct StoreStatus: Sendable {
  /// Whether the database answered when it was last spoken to.
  public var isUp = false
  /// Why the drain stands still, as long as it does.
  public var fault: String?
  /// Whether it will not go on without a restart.
  public var isHalted = false
  /// The sequence the drain goes on with, below which everything is committed; 0 while not known.
  public var position: UInt64 = 0
  /// Events committed for the first time, since the start.
  public var events: UInt64 = 0
  /// Events that were there already.
  public var duplicates: UInt64 = 0
  /// Events refused at the commit, because their identity was there with other content.
  public var conflicts: UInt64 = 0
  /// Events and records set aside.
  public var quarantined: UInt64 = 0
  /// Refused events that were kept.
  public var rejections: UInt64 = 0
  /// Records of the spool that were gone before they were read.
  public var missing: UInt64 = 0
  /// Handoffs that were merged a second time, because another sidecar wrote first.
  public var reread: UInt64 = 0
  /// Failures by what was being done.
  public var errors: [StoreOperation: UInt64] = [:]
  /// Connections made.
  public var connections: UInt64 = 0
  /// How long batches took, from BEGIN to the answer to COMMIT.
  public var commits = DurationHistogram()
  /// Events in the last batch.
  public var lastBatchEvents = 0
  /// What was removed, because it was past its time.
  public var retention = RetentionStatus()
  /// Everything received here before this moment is committed.
  public var horizon: Timestamp?

  /// The status of a store that has done nothing yet.
  public init() {}
}

/// Counts durations by upper bound.
public struct DurationHistogram: Sendable, Equatable {
  /// Upper bounds, in seconds; what is beyond the last falls into one more bucket.
  public static let bounds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
  /// How many fell into each bucket, not added up.
  public private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
  /// The sum, in seconds.
  public private(set) var sum = 0.0

  /// A histogram of nothing.
  public init() {}

  /// How many there were.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// Counts one.
  public mutating func observe(_ seconds: Double) {
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] &+= 1
    sum += seconds
  }
}
