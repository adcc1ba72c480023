/// Observations of a window, counted finely enough to read quantiles with an error below 1 %.
public struct QuantileSketch: Sendable {
  /// The counts of a run of places: most windows hold values that lie near each other.
  private var counts: [UInt64] = []
  private var first = 0
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
      if seen >= rank { return FinePlace.value(at: first + place) }
    }
    return nil
  }

  mutating func add(_ number: UInt64, at place: Int) {
    guard place >= 0, place < FinePlace.count else { return }
    reach(place)
    counts[place - first] &+= number
    count &+= number
  }

  /// Makes the run reach a place.
  @inline(__always)
  private mutating func reach(_ place: Int) {
    if place >= first, place - first < counts.count { return }
    let start = place / Self.step * Self.step
    if counts.isEmpty {
      first = start
      counts = Array(repeating: 0, count: Self.step)
    } else if place < first {
      counts.insert(contentsOf: repeatElement(0, count: first - start), at: 0)
      first = start
    } else {
      counts.append(contentsOf: repeatElement(0, count: start + Self.step - first - counts.count))
    }
  }

  private static let step = 64
}
