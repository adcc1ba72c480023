/// Observations counted in exponential buckets, of which only those are kept that hold any.
///
/// There are never more than 160: beyond, neighbours are merged, so that each bucket becomes as wide as
/// two. Scrapers ask for no finer ones than schema 3, whose buckets are 9 % wide.
public struct NativeHistogram: Equatable, Sendable {
  /// A bucket and how many observations it holds.
  public struct Bucket: Equatable, Sendable {
    /// Which bucket, as `NativeIndex` has it.
    public var index: Int32
    /// How many observations are in it.
    public var count: UInt64

    /// A bucket.
    public init(_ index: Int32, _ count: UInt64) {
      self.index = index
      self.count = count
    }
  }

  /// Values up to this one count as zero; Prometheus tells an empty native histogram by it.
  public static let zeroThreshold = 0x1p-128
  /// The most buckets a histogram has.
  public static let mostBuckets = 160
  /// The finest schema that is exposed.
  public static let finestSchema = 3

  /// How fine the buckets are.
  public private(set) var schema: Int
  /// The observations of zero.
  public private(set) var zeroCount: UInt64
  /// The buckets that hold any observation, by index, ascending.
  public private(set) var buckets: [Bucket]
  /// The number of observations.
  public private(set) var count: UInt64

  /// A histogram without observations.
  public init() {
    schema = Self.finestSchema
    zeroCount = 0
    buckets = []
    count = 0
  }

  /// A histogram of observations counted elsewhere, made coarser where it is too fine to expose.
  ///
  /// The buckets come in ascending order, of any schema; empty ones are left out.
  public init(schema: Int, zeroCount: UInt64, ascending: some Sequence<Bucket>) {
    let shift = Int32(max(0, schema - Self.finestSchema))
    self.schema = min(schema, Self.finestSchema)
    self.zeroCount = zeroCount
    buckets = Self.merge(ascending, by: shift)
    count = buckets.reduce(zeroCount) { $0 &+ $1.count }
    while buckets.count > Self.mostBuckets { coarsen() }
  }

  /// Counts one observation that is finite and not negative.
  public mutating func observe(_ value: Double) {
    guard value >= 0, value.isFinite else { return }
    count &+= 1
    guard value > Self.zeroThreshold else { return zeroCount &+= 1 }
    let index = Int32(truncatingIfNeeded: NativeIndex.index(of: value, schema: schema))
    let place = place(of: index)
    if place < buckets.count, buckets[place].index == index {
      buckets[place].count &+= 1
    } else {
      buckets.insert(Bucket(index, 1), at: place)
      if buckets.count > Self.mostBuckets { coarsen() }
    }
  }

  /// Where a bucket of that index is, or belongs.
  private func place(of index: Int32) -> Int {
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) >> 1
      if buckets[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func coarsen() {
    schema -= 1
    buckets = Self.merge(buckets, by: 1)
  }

  /// Buckets of a schema lower by `shift`: bucket i goes where its upper bound lies.
  private static func merge(_ buckets: some Sequence<Bucket>, by shift: Int32) -> [Bucket] {
    var merged: [Bucket] = []
    for bucket in buckets where bucket.count > 0 {
      let index = (bucket.index &+ ((1 << shift) - 1)) >> shift
      if let last = merged.last, last.index == index {
        merged[merged.count - 1].count &+= bucket.count
      } else {
        merged.append(Bucket(index, bucket.count))
      }
    }
    return merged
  }
}
