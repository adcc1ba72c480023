/// How much a spool takes, and how fast it says no.
public struct SpoolLimits: Hashable, Sendable {
  /// Bytes of disk in all, if the volume has as much.
  public var capacityBytes: Int
  /// Bytes of a segment; less where the capacity is small.
  public var segmentBytes: Int
  /// The share of the capacity from which on it warns.
  public var warnAt: Double
  /// The share from which on it asks to slow down (429): a few at first, all at `refuseAt`.
  public var slowAt: Double
  /// The share from which on it takes nothing (503).
  public var refuseAt: Double
  /// Bytes in memory that may wait for the disk.
  public var inFlightBytes: Int
  /// Bytes that go to the disk at once.
  public var groupBytes: Int
  /// Segments that are kept after they were drained, for a database that goes back in time.
  public var keepSegments: Int
  /// How long more than those are kept, if there is room.
  public var keepDrained: Duration
  /// Bytes of damage that are kept for inspection.
  public var quarantineBytes: Int

  /// Defaults are for a sidecar that may be cut from its database for hours.
  public init(
    capacityBytes: Int = 2 << 30, segmentBytes: Int = 16 << 20, warnAt: Double = 0.70, slowAt: Double = 0.85,
    refuseAt: Double = 0.95, inFlightBytes: Int = 64 << 20, groupBytes: Int = 1 << 20, keepSegments: Int = 2,
    keepDrained: Duration = .seconds(600), quarantineBytes: Int = 64 << 20
  ) {
    self.capacityBytes = capacityBytes
    self.segmentBytes = segmentBytes
    self.warnAt = warnAt
    self.slowAt = slowAt
    self.refuseAt = refuseAt
    self.inFlightBytes = inFlightBytes
    self.groupBytes = groupBytes
    self.keepSegments = keepSegments
    self.keepDrained = keepDrained
    self.quarantineBytes = quarantineBytes
  }

  /// What all segments may take where they take `used` and the volume has `available` left.
  func capacity(used: Int, available: Int) -> Int {
    let (sum, isHuge) = used.addingReportingOverflow(available)
    return isHuge ? capacityBytes : min(capacityBytes, sum)
  }

  /// The size of a segment when all may take `capacity`: the last one and its successor fit into 5 % of it.
  func segment(_ capacity: Int) -> Int {
    max(SegmentHeader.size + RecordHead.size, min(segmentBytes, capacity / 40)) & ~7
  }
}
