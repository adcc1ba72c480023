import Testing

@testable import Exposition

@Suite struct NativeHistogramTests {
  @Test func `runs and differences are those of the specification's example, small gaps filled`() {
    let spans = NativeSpans([.init(-2, 3), .init(-1, 5), .init(2, 1), .init(4, 3), .init(5, 2)])
    #expect(spans.spans == [.init(offset: -2, length: 8)])
    #expect(spans.deltas == [3, 2, -5, 0, 1, -1, 3, -1])
  }

  @Test func `a gap of three empty buckets begins a new run`() {
    let spans = NativeSpans([.init(1, 2), .init(5, 2), .init(8, 7)])
    #expect(spans.spans == [.init(offset: 1, length: 1), .init(offset: 3, length: 4)])
    #expect(spans.deltas == [2, 0, -2, 0, 7])
  }

  @Test func `no buckets are no runs`() {
    #expect(NativeSpans([]).spans.isEmpty)
    #expect(NativeSpans([]).deltas.isEmpty)
  }

  @Test func `tiny values and zero count as zero`() {
    var histogram = NativeHistogram()
    for value in [0, 0x1p-128, 1e-300, 0x1p-127] { histogram.observe(value) }
    #expect(histogram.zeroCount == 3)
    #expect(histogram.count == 4)
    #expect(histogram.buckets == [.init(-1016, 1)])
  }

  @Test func `what is not a number, infinite or negative is not counted`() {
    var histogram = NativeHistogram()
    for value in [Double.nan, .infinity, -.infinity, -1] { histogram.observe(value) }
    #expect(histogram == NativeHistogram())
  }

  @Test func `however wide the values, there are at most 160 buckets and nothing is lost`() {
    var random = SeededNumbers(seed: 3)
    var histogram = NativeHistogram()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next() & 0x7FFF_FFFF_FFFF_FFFF)
      if value.isFinite { histogram.observe(value) }
      #expect(histogram.buckets.count <= NativeHistogram.mostBuckets)
    }
    #expect(histogram.schema < NativeHistogram.finestSchema)
    #expect(NativeIndex.schemas.contains(histogram.schema))
    #expect(histogram.buckets.reduce(histogram.zeroCount) { $0 + $1.count } == histogram.count)
  }

  @Test func `a coarser histogram holds what one of that schema would have counted`() {
    var random = SeededNumbers(seed: 4)
    var wide = NativeHistogram()
    var values: [Double] = []
    for _ in 0..<5000 {
      let value = Double.random(in: 1...10, using: &random) * (Bool.random(using: &random) ? 1e-9 : 1e15)
      values.append(value * Double.random(in: 0...1, using: &random))
      wide.observe(values[values.count - 1])
    }
    var expected: [Int: UInt64] = [:]
    for value in values { expected[NativeIndex.index(of: value, schema: wide.schema), default: 0] += 1 }
    #expect(wide.buckets.map { Int($0.index) } == expected.keys.sorted())
    #expect(wide.buckets.allSatisfy { expected[Int($0.index)] == $0.count })
  }

  @Test(arguments: -4...8)
  func `buckets counted elsewhere come down to a schema that is exposed`(schema: Int) {
    var random = SeededNumbers(seed: 5)
    var fine: [Int: UInt64] = [:]
    var direct = NativeHistogram()
    for _ in 0..<3000 {
      let value = Double.random(in: 0.001...1000, using: &random)
      fine[NativeIndex.index(of: value, schema: schema), default: 0] += 1
      direct.observe(value)
    }
    let buckets = fine.sorted { $0.key < $1.key }.map { NativeHistogram.Bucket(Int32($0.key), $0.value) }
    let histogram = NativeHistogram(schema: schema, zeroCount: 0, ascending: buckets)
    #expect(histogram.count == 3000)
    #expect(histogram.buckets.count <= 160)
    #expect(histogram.schema == min(schema, 3))
    #expect(schema < 3 || histogram == direct)
  }

  @Test func `empty buckets are left out`() {
    let histogram = NativeHistogram(
      schema: 3, zeroCount: 2, ascending: [.init(0, 0), .init(1, 4), .init(2, 0)])
    #expect(histogram.buckets == [.init(1, 4)])
    #expect(histogram.count == 6)
  }
}
