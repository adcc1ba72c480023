/// Observations of a window, counted finely enough to read quantiles with an error below 1 %.
public struct QuantileSketch: Sendable {
  private var counts: [UInt64] = []
  /// The number of observations.
  public private(set) var count: UInt64 = 0

  /// A sketch without observations.
  public init() {}

  /// Counts one observation; what is negative counts as 0.
  public mutating func observe(_ value: Double) {
    add(1, at: FinePlace.place(of: value))
  }

  /// The value that a share `quantile` of all observations does not exceed; nil without observations.
  public func quantile(_ quantile: Double) -> Double? {
    guard count > 0 else { return nil }
    let share = min(max(quantile, 0), 1) * Double(count)
    let rank = max(1, UInt64(share.rounded(.up)))
    var seen: UInt64 = 0
    for place in counts.indices {
      seen &+= counts[place]
      if seen >= rank { return FinePlace.value(at: place) }
    }
    return nil
  }

  mutating func add(_ number: UInt64, at place: Int) {
    if counts.isEmpty { counts = Array(repeating: 0, count: FinePlace.count) }
    guard counts.indices.contains(place) else { return }
    counts[place] &+= number
    count &+= number
  }
}
