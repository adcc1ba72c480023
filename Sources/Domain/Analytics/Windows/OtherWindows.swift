public import Model

/// A few seconds of what one sidecar has seen, as it tells others.
public struct WindowSlice: Sendable {
  /// When it begins.
  public let start: Timestamp
  let slice: FleetSlice

  init(_ slice: FleetSlice, width: Int64) {
    start = Timestamp(microseconds: slice.index &* width)
    self.slice = slice
  }

  /// The slice that somebody wrote as `bytes`; nil where they are none.
  public init?(start: Timestamp, bytes: [UInt8]) {
    guard let slice = FleetSlice(bytes) else { return nil }
    self.start = start
    self.slice = slice
  }

  /// As it is written for others.
  public var bytes: [UInt8] { slice.bytes }
}

/// The last minutes as other sidecars have seen them, slice by slice; each sidecar observes what the others do not, so
/// that all together are what one would have seen that had received everything.
public struct OtherWindows: Sendable {
  private var slices: [String: [Timestamp: FleetSlice]] = [:]

  /// Nobody else has seen anything.
  public init() {}

  /// Whether there is nothing.
  public var isEmpty: Bool { slices.isEmpty }

  /// Takes a slice of the sidecar `source`, in place of what it said of the same seconds before.
  public mutating func take(_ slice: WindowSlice, of source: String) {
    slices[source, default: [:]][slice.start] = slice.slice
  }

  /// Forgets what began before a moment.
  public mutating func forget(before moment: Timestamp) {
    for source in slices.keys {
      slices[source] = slices[source]?.filter { $0.key >= moment }
      if slices[source]?.isEmpty == true { slices[source] = nil }
    }
  }

  func add(to values: inout WindowValues, from first: Int64, to last: Int64) {
    for slices in slices.values {
      for (start, slice) in slices where start.microseconds >= first && start.microseconds <= last {
        slice.add(to: &values)
      }
    }
  }
}

extension Snapshot {
  /// The window of that length over all handoffs, with what other sidecars have seen.
  public func window(_ length: Duration, beside others: OtherWindows) -> WindowValues {
    fleet.values(length.microseconds, at: at.microseconds, beside: others)
  }

  /// The slices that begin at `first` or later and hold anything, for other sidecars.
  public func slices(from first: Timestamp) -> [WindowSlice] {
    let index = (first.microseconds &+ fleet.width &- 1) / fleet.width
    return fleet.slices(from: index).map { WindowSlice($0, width: fleet.width) }
  }
}
