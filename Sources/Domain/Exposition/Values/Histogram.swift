/// Observations that are not negative, counted twice: in the buckets of fixed bounds that every scraper
/// reads, and in the fine, sparse ones of a native histogram.
public struct Histogram: Equatable, Sendable {
  /// The upper bounds, ascending, without the last one, which is infinite.
  public let bounds: [Double]
  /// The observations in each bucket, not cumulated; one more than there are bounds.
  public var counts: [UInt64]
  /// The sum of all that was observed.
  public var sum: Double
  /// The same observations in native buckets; shown where they hold as many, or a scraper would refuse the page.
  public var native: NativeHistogram?
  /// The latest observation with an origin in each bucket; empty until there is one.
  public private(set) var exemplars: [Exemplar?] = []

  /// Buckets of those bounds with nothing in them.
  public init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
    sum = 0
    native = NativeHistogram()
  }

  /// Observations counted elsewhere; missing counts are 0, and those beyond the last bucket are not shown.
  public init(
    bounds: [Double], counts: [UInt64], sum: Double, native: NativeHistogram? = nil,
    exemplars: [Exemplar] = []
  ) {
    self.bounds = bounds
    self.counts =
      counts.prefix(bounds.count + 1) + Array(repeating: 0, count: max(0, bounds.count + 1 - counts.count))
    self.sum = sum
    self.native = native
    for exemplar in exemplars { keep(exemplar) }
  }

  /// The number of observations.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// The observations up to the bound of each bucket.
  var cumulated: [UInt64] {
    var sum: UInt64 = 0
    return (0...bounds.count).map { bucket in
      sum &+= bucket < counts.count ? counts[bucket] : 0
      return sum
    }
  }

  /// The exemplars that a format shows, by bucket; empty where there are none.
  ///
  /// Protobuf shows the newest alone: Prometheus takes those of all buckets as one series, in which none may
  /// be older than the one before, and 2.42 counts a fault each time that one is. OpenMetrics, in which each
  /// bucket is a series, shows the one of the highest bucket too. All of them would double the page.
  func exemplars(shownIn format: Format) -> [Exemplar?] {
    guard !exemplars.isEmpty, format != .text else { return [] }
    let newest = exemplars.indices.max { time(of: $0) < time(of: $1) }
    let highest = format == .openMetrics ? exemplars.lastIndex { $0 != nil } : newest
    return exemplars.indices.map { $0 == newest || $0 == highest ? exemplars[$0] : nil }
  }

  private func time(of bucket: Int) -> Int64 {
    exemplars[bucket].map { $0.microseconds ?? 0 } ?? -1
  }

  /// Counts one observation: a negative one as 0, because sums only grow, and none that is not finite.
  public mutating func observe(_ value: Double, exemplar: Exemplar? = nil) {
    guard value.isFinite else { return }
    let value = max(0, value)
    let bucket = bucket(of: value)
    guard bucket < counts.count else { return }
    counts[bucket] &+= 1
    sum += value
    native?.observe(value)
    if let exemplar { keep(exemplar) }
  }

  /// The bucket with the lowest bound that is not below the value.
  private func bucket(of value: Double) -> Int {
    bounds.firstIndex { value <= $0 } ?? bounds.count
  }

  private mutating func keep(_ exemplar: Exemplar) {
    if exemplars.isEmpty { exemplars = Array(repeating: nil, count: bounds.count + 1) }
    exemplars[bucket(of: exemplar.value)] = exemplar
  }
}
