public import Platform

/// How a spool is at one moment.
public struct SpoolStatus: Hashable, Sendable {
  /// How much pressure is on those who append.
  public enum Pressure: Int, Hashable, Comparable, Sendable {
    /// Room enough.
    case none
    /// Filling up; everything is still taken.
    case warn
    /// Asked to slow down (429).
    case slow
    /// Nothing is taken (503).
    case refuse
    /// Nothing can be written.
    case broken

    /// Orders by severity.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// Bytes of records that are not released.
  public var bytes = 0
  /// Events in them.
  public var events = 0
  /// When the oldest of them was received, to within 5 s; nil when there is none.
  public var oldest: WallTime?
  /// Bytes of disk taken, with reserved space and segments that are kept.
  public var diskBytes = 0
  /// Bytes of disk that may be taken.
  public var capacityBytes = 0
  /// Segments on the disk.
  public var segments = 0
  /// Bytes in memory that wait for the disk.
  public var inFlightBytes = 0
  /// The lowest sequence that can be read.
  public var firstSequence: UInt64 = 1
  /// The sequence behind the last durable record.
  public var nextSequence: UInt64 = 1
  /// Everything below is released.
  public var released: UInt64 = 1
  /// How much pressure there is.
  public var pressure = Pressure.none
  /// Why nothing can be written, in words.
  public var brokenReason: String?
  /// What happened since the spool was opened.
  public var counts = Counts()
  /// The last ranges of sequences that cannot be read, oldest first; `counts.gaps` counts all.
  public var gaps: [SpoolGap] = []

  /// What happened since the spool was opened, damage found while opening included.
  public struct Counts: Hashable, Sendable {
    /// Records acknowledged.
    public var records = 0
    /// Events acknowledged.
    public var events = 0
    /// Syncs that succeeded; each acknowledged a group.
    public var syncs = 0
    /// How long they took.
    public var syncDurations = DurationHistogram()
    /// Writes or syncs that failed.
    public var failures = 0
    /// Appends refused.
    public var refused = 0
    /// Records that were durable and are damaged.
    public var corruptRecords = 0
    /// Damaged ranges found, torn tails included.
    public var damages = 0
    /// Bytes of torn tails: what a crash left of groups that were not acknowledged.
    public var tornBytes = 0
    /// Bytes copied to the quarantine.
    public var quarantinedBytes = 0
    /// Ranges of sequences that cannot be read.
    public var gaps = 0
    /// Sequences in them.
    public var missingRecords = 0
  }
}

/// Sequences that were given to records and cannot be read.
public struct SpoolGap: Hashable, Sendable {
  /// Why not.
  public enum Cause: String, Hashable, Sendable {
    /// Their bytes are damaged, and in the quarantine.
    case damaged
    /// Their segment is not there.
    case missing
    /// They were released and are no longer kept.
    case notKept
  }

  /// The first.
  public var first: UInt64
  /// The last.
  public var last: UInt64
  /// Why.
  public var cause: Cause

  var count: Int { Int(clamping: last &- first &+ 1) }
}

/// Counts durations in fixed buckets.
public struct DurationHistogram: Hashable, Sendable {
  /// The upper bounds of the buckets, in seconds; one more bucket takes the rest.
  public static let bounds: [Double] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// How many fell into each bucket.
  public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// The sum of all, in seconds.
  public private(set) var sum = 0.0

  /// Counts `duration`.
  public mutating func observe(_ duration: Duration) {
    let seconds = duration.inSeconds
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += seconds
  }
}
