/// Observations that are not negative, counted twice: in the buckets of fixed bounds that every scraper
/// reads, and in the fine, sparse ones of a native histogram.
public struct Histogram: Equatable, Sendable {
  /// The upper bounds, ascending, without the last one, which is infinite.
  public let bounds: [Double]
  /// The observations in each bucket, not cumulated; one more than there are bounds.
  public private(set) var counts: [UInt64]
  /// The sum of all that was observed.
  public private(set) var sum: Double
  /// The same observations in native buckets; nil where only the fixed ones were kept.
  public private(set) var native: NativeHistogram?
  /// The latest observation with an origin in each bucket; empty until there is one.
  public private(set) var exemplars: [Exemplar?] = []

  /// Buckets of those bounds with nothing in them.
  public init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
    sum = 0
    native = NativeHistogram()
  }

  /// Observations counted elsewhere, or nil where there is not one count more than there are bounds.
  ///
  /// Native buckets that hold another number of observations are left out: a scraper would refuse the page.
  public init?(
    bounds: [Double], counts: [UInt64], sum: Double, native: NativeHistogram? = nil,
    exemplars: [Exemplar] = []
  ) {
    guard counts.count == bounds.count + 1 else { return nil }
    self.bounds = bounds
    self.counts = counts
    self.sum = sum
    self.native = native?.count == counts.reduce(0, &+) ? native : nil
    for exemplar in exemplars { keep(exemplar) }
  }

  /// The number of observations.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// Counts one observation: a negative one as 0, because sums only grow, and none that is not finite.
  public mutating func observe(_ value: Double, exemplar: Exemplar? = nil) {
    guard value.isFinite else { return }
    let value = max(0, value)
    counts[bucket(of: value)] &+= 1
    sum += value
    native?.observe(value)
    if let exemplar { keep(exemplar) }
  }

  /// The bucket with the lowest bound that is not below the value.
  private func bucket(of value: Double) -> Int {
    bounds.firstIndex { value <= $0 } ?? bounds.count
  }

  private mutating func keep(_ exemplar: Exemplar) {
    if exemplars.isEmpty { exemplars = Array(repeating: nil, count: counts.count) }
    exemplars[bucket(of: exemplar.value)] = exemplar
  }
}
