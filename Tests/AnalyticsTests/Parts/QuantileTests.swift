import Testing

@testable import Analytics

@Suite struct QuantileTests {
  /// Makes a value of a random generator.
  typealias Draw = @Sendable (inout Generator) -> Double

  /// A normal deviate, as the sum of twelve uniform ones.
  private static func normal(_ random: inout Generator) -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
  }

  /// `e` to a power, by its series.
  private static func exponential(_ power: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for place in 1..<60 {
      term *= power / 64 / Double(place)
      sum += term
    }
    return (0..<6).reduce(sum) { square, _ in square * square }
  }

  static let shapes: [(name: String, draw: Draw)] = [
    ("uniform", { Double.random(in: 0.001..<60, using: &$0) }),
    ("log-normal", { exponential(1.5 * normal(&$0) - 1) }),
    (
      "bimodal",
      { Bool.random(using: &$0) ? 0.02 + 0.001 * normal(&$0).magnitude : 12 + normal(&$0).magnitude }
    ),
    ("constant", { _ in 0.2503 }),
    ("tiny and huge", { Bool.random(using: &$0) ? 2e-6 : 3e6 }),
  ]

  @Test(arguments: shapes.indices)
  func `quantiles are within 1 percent of exact ones`(_ shape: Int) {
    for seed in UInt64(1)...5 {
      var random = Generator(seed: seed)
      let values = (0..<5000).map { _ in Self.shapes[shape].draw(&random) }
      var sketch = QuantileSketch()
      for value in values { sketch.observe(value) }
      let sorted = values.sorted()
      for quantile in [0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
        let exact = sorted[max(0, Int((quantile * 5000).rounded(.up)) - 1)]
        let found = sketch.quantile(quantile) ?? -1
        #expect(abs(found - exact) < 0.01 * exact, "\(Self.shapes[shape].name) \(quantile)")
      }
    }
  }

  @Test func `nothing observed has no quantile, and zero is zero`() {
    var sketch = QuantileSketch()
    #expect(sketch.quantile(0.5) == nil)
    sketch.observe(0)
    sketch.observe(-1)
    #expect(sketch.quantile(0.99) == 0)
    sketch.observe(.greatestFiniteMagnitude)
    #expect((sketch.quantile(1) ?? 0) > 1e8)
  }

  @Test func `a packed slice holds what the dense one held`() {
    var random = Generator(seed: 1)
    var slice = SliceSketch()
    var packed = SliceSketch()
    for number in 0..<4000 {
      let value = Double.random(in: 0..<100, using: &random)
      slice.observe(value)
      packed.observe(value)
      if number % 1000 == 0 { packed.pack() }
    }
    for _ in 0..<3_000_000 {
      slice.observe(1)
      packed.observe(1)
    }
    packed.pack()
    var (left, right) = (QuantileSketch(), QuantileSketch())
    slice.add(to: &left)
    packed.add(to: &right)
    #expect(left.count == 3_004_000)
    #expect(right.count == left.count)
    for quantile in stride(from: 0.0, through: 1, by: 0.001) {
      #expect(left.quantile(quantile) == right.quantile(quantile))
    }
  }
}

@Suite struct BucketTests {
  @Test func `powers of two are upper bounds`() {
    for exponent in -30...30 {
      let value = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(BucketIndex.index(of: value) == exponent * 64)
      #expect(BucketIndex.index(of: value.nextUp) == exponent * 64 + 1)
      #expect(BucketIndex.upperBound(of: exponent * 64) == value)
    }
  }

  @Test func `a value lies above its bucket's lower bound and not above its upper one`() {
    var random = Generator(seed: 2)
    for _ in 0..<20_000 {
      let exponent = Int.random(in: -40...40, using: &random)
      let value = Double(
        sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &random))
      let index = BucketIndex.index(of: value)
      #expect(value <= BucketIndex.upperBound(of: index))
      #expect(value > BucketIndex.upperBound(of: index - 1))
      #expect(abs(BucketIndex.middle(of: index) - value) <= 0.0055 * value)
    }
  }

  @Test func `schema 3 has the bounds that Prometheus has`() {
    // `exponential buckets`, from client_golang: significands from a half to one.
    let bounds = [
      0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048, 0.7071067811865475, 0.7711054127039704,
      0.8408964152537144, 0.9170040432046711,
    ]
    for (step, bound) in bounds.enumerated() {
      #expect(abs(BucketIndex.upperBound(of: -64 + 8 * step) - bound) <= 2 * bound.ulp)
      #expect(BucketIndex.index(-64 + 8 * step, inSchema: 3) == -8 + step)
      #expect(BucketIndex.index(-64 + 8 * step + 1, inSchema: 3) == -8 + step + 1)
    }
  }

  @Test func `a native histogram has at most 160 buckets and loses nothing`() {
    var distribution = Distribution(Bounds.acknowledgement)
    var random = Generator(seed: 3)
    distribution.observe(0)
    for _ in 0..<20_000 {
      let exponent = Int.random(in: -20...20, using: &random)
      distribution.observe(
        Double(sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &random)))
    }
    let (schema, buckets) = distribution.native3
    #expect(schema == 1)
    #expect(buckets.count <= 160)
    #expect(buckets.reduce(0) { $0 + $1.count } + distribution.zeroCount == distribution.count)
    #expect(distribution.counts.reduce(0, +) == distribution.count)
    #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.index < $1.index })
  }

  @Test func `merging down puts each value where its own schema would`() {
    for value in [0.0049, 0.25, 0.3, 1, 1.04, 7.7, 59.9] {
      var distribution = Distribution(Bounds.acknowledgement)
      distribution.observe(value)
      let (schema, buckets) = distribution.native3
      #expect(schema == 3)
      let upper = BucketIndex.upperBound(of: Int(buckets[0].index) * 8)
      let lower = BucketIndex.upperBound(of: (Int(buckets[0].index) - 1) * 8)
      #expect(value > lower && value <= upper)
    }
  }

  @Test func `a value on a classic bound is in the bucket it bounds`() {
    for (place, bound) in Bounds.acknowledgement.enumerated() {
      var distribution = Distribution(Bounds.acknowledgement)
      let buckets = [bound, bound.nextUp].map { distribution.observe($0) }
      #expect(buckets == [place, place + 1])
    }
  }
}
