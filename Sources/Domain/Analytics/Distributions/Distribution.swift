/// Observations since the start, in the buckets of fixed bounds and in those of a native histogram.
///
/// Native buckets are kept in schema 3, the finest that is exposed: counting there gives the same as
/// counting in schema 6 and merging down, because buckets of one schema lie whole in those of the next.
public struct Distribution: Sendable {
  /// A native bucket and how many observations it holds.
  public typealias NativeBucket = (index: Int32, count: UInt64)

  /// The upper bounds, ascending, without the last one, which is infinite.
  public let bounds: [Double]
  /// The observations in each bucket, not cumulated; one more than there are bounds.
  public private(set) var counts: [UInt64]
  /// The number of observations.
  public private(set) var count: UInt64 = 0
  /// The sum of all that was observed.
  public private(set) var sum = 0.0
  /// The latest observation in each bucket that told where it came from; empty until one did.
  public private(set) var exemplars: [Exemplar] = []
  private var native = NativeCounts()

  init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// The observations of zero.
  public var zeroCount: UInt64 { native.zeroCount }

  /// The native buckets that hold anything, ascending, in the finest schema up to 3 in which there are at most 160.
  public var native3: (schema: Int, buckets: [NativeBucket]) { native.exposed(most: 160) }

  /// Counts one observation, and returns the bucket it fell into; what is negative counts as 0.
  @discardableResult
  mutating func observe(_ observed: Double) -> Int {
    let value = max(0, observed)
    var bucket = 0
    while bucket < bounds.count, bounds[bucket] < value { bucket += 1 }
    counts[bucket] &+= 1
    count &+= 1
    sum += value
    native.observe(value)
    return bucket
  }

  /// Whether an exemplar would be news to a bucket: one a second is enough.
  func wantsExemplar(in bucket: Int, at now: Int64) -> Bool {
    exemplars.isEmpty || now &- exemplars[bucket].at >= 1_000_000
  }

  /// Keeps where an observation came from.
  mutating func keep(_ exemplar: Exemplar, in bucket: Int) {
    if exemplars.isEmpty { exemplars = Array(repeating: Exemplar(), count: counts.count) }
    exemplars[bucket] = exemplar
  }
}
