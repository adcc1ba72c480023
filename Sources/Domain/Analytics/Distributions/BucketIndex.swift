/// Which bucket of a native histogram a value falls into, of schema 6.
///
/// Bucket i holds the values above `base^(i-1)` up to and including `base^i`, where base is `2^(1/64)`,
/// which is 1.0109: the middle of a bucket is never more than 0.55 % from any value within it. Coarser
/// schemas are had by merging neighbours: bucket i of schema 6 lies in bucket `ceil(i / 8)` of schema 3.
enum BucketIndex {
  /// Each power of two is divided into `2^schema` buckets.
  static let schema = 6
  static let perPower = 1 << schema

  /// The index of the bucket that holds a normal, finite value above 0.
  @inline(__always)
  static func index(of value: Double) -> Int {
    let bits = value.bitPattern
    let fraction = bits & fractionMask
    var step = Int(tables.firstGuess[Int(truncatingIfNeeded: fraction >> 44)])
    // A 256th of a power of two holds at most one bound: one step is enough.
    if tables.fractions[step] < fraction { step += 1 }
    return (Int(truncatingIfNeeded: bits >> 52 & 0x7ff) - 1023) * perPower + step
  }

  private static let fractionMask: UInt64 = 1 << 52 - 1

  /// The value to say for all values of a bucket: the geometric middle.
  static func middle(of index: Int) -> Double {
    let upper = upperBound(of: index)
    return upper * tables.halfStep
  }

  /// The highest value of a bucket.
  static func upperBound(of index: Int) -> Double {
    let power = index >> schema
    return Double(sign: .plus, exponent: power, significand: tables.bounds[index & (perPower - 1)])
  }

  /// The index in a coarser schema of what lies at `index` in this one.
  @inline(__always)
  static func index(_ index: Int, inSchema coarser: Int) -> Int {
    let shift = schema - coarser
    return (index + (1 << shift) - 1) >> shift
  }

  private static let tables = Tables()

  /// Within a power of two: the bounds, and where to begin to look for a significand.
  private struct Tables {
    /// `2^(k/64)` for k from 0 to 64.
    let bounds: [Double]
    /// The fractions of the same, as numbers hold them; that of 2 is above all others.
    let fractions: [UInt64]
    /// By a fraction's first eight bits: the first bound that is not below the least such number.
    let firstGuess: [UInt8]
    /// `2^(-1/128)`.
    let halfStep: Double

    init() {
      // 2^(1/2), 2^(1/4) … by square roots alone: the platform's `exp2` need not be exact, a root is.
      var roots: [Double] = []
      var root = 2.0
      for _ in 0..<schema {
        root = root.squareRoot()
        roots.append(root)
      }
      halfStep = 1 / root.squareRoot()
      let bounds = (0..<perPower).map { step in
        roots.indices.reduce(1.0) { step >> (schema - 1 - $1) & 1 == 1 ? $0 * roots[$1] : $0 }
      }
      self.bounds = bounds + [2]
      fractions = bounds.map(\.significandBitPattern) + [.max]
      firstGuess = (0..<256).map { cell in
        UInt8(bounds.firstIndex { $0 >= 1 + Double(cell) / 256 } ?? perPower)
      }
    }
  }
}
