/// Which bucket of a native histogram a value falls into.
///
/// Of schema n, bucket i holds the values above `base^(i-1)` up to and including `base^i`, where base is
/// `2^(2^-n)`: each power of two is divided into `2^n` buckets, or, below 0, `2^-n` powers share one.
public enum NativeIndex {
  /// The schemas there are.
  public static let schemas = -4...8

  /// The index of the bucket that holds a value above 0; infinity lies one above the largest number.
  public static func index(of value: Double, schema: Int) -> Int {
    guard value < .infinity else { return index(of: .greatestFiniteMagnitude, schema: schema) + 1 }
    let schema = min(max(schema, schemas.lowerBound), schemas.upperBound)
    let exponent = Int(value.exponent)
    guard schema > 0 else {
      let above = value.significand == 1 ? exponent : exponent + 1
      return (above + (1 << -schema) - 1) >> -schema
    }
    return (exponent << schema) + place(of: value.significand, schema: schema)
  }

  /// The upper bound of a bucket; that of the last one below infinity is the largest number.
  public static func upperBound(_ index: Int, schema: Int) -> Double {
    let exponent = schema > 0 ? index >> schema : index << -schema
    let place = schema > 0 ? index & ((1 << schema) - 1) : 0
    if exponent == 1024, place == 0 { return .greatestFiniteMagnitude }
    return Double(sign: .plus, exponent: exponent, significand: bounds[place << (8 - max(0, schema))])
  }

  /// The first bound within a power of two that is not below the significand, from 0 to `2^schema`.
  private static func place(of significand: Double, schema: Int) -> Int {
    let shift = 8 - schema
    var low = 0
    var high = 1 << schema
    while low < high {
      let middle = (low + high) >> 1
      if bounds[middle << shift] < significand { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// `2^(k/256)` for k from 0 to 255, each the nearest number to the true one.
  private static let bounds: [Double] = {
    var roots = [PreciseNumber(2).squareRoot()]
    for _ in 1..<8 { roots.append(roots[roots.count - 1].squareRoot()) }
    return (0..<256).map { k in
      let factors = roots.indices.filter { k >> (7 - $0) & 1 == 1 }
      return factors.reduce(PreciseNumber(1)) { $0 * roots[$1] }.high
    }
  }()
}

/// A number as the sum of two, so with twice the digits of one: enough to round the bounds correctly.
private struct PreciseNumber {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high + low
    self.low = low - (self.high - high)
  }

  static func * (left: Self, right: Self) -> Self {
    let product = left.high * right.high
    let rest = (-product).addingProduct(left.high, right.high)
    return Self(product, rest + left.high * right.low + left.low * right.high)
  }

  func squareRoot() -> Self {
    let root = high.squareRoot()
    let rest = high.addingProduct(-root, root) + low
    return Self(root, rest / (2 * root))
  }
}
