import Testing

@testable import Exposition

@Suite struct HistogramTests {
  @Test func `an observation goes into the lowest bucket whose bound is not below it`() {
    var histogram = Histogram(bounds: [0.1, 1, 10])
    for value in [0, 0.1, 0.100001, 1, 10, 11] { histogram.observe(value) }
    #expect(histogram.counts == [2, 2, 1, 1])
    #expect(histogram.count == 6)
    #expect(histogram.native?.count == 6)
  }

  @Test func `a negative observation counts as nothing, and none that is not finite`() {
    var histogram = Histogram(bounds: [0, 1])
    for value in [-5, Double.nan, .infinity, -.infinity] { histogram.observe(value) }
    #expect(histogram.counts == [1, 0, 0])
    #expect(histogram.sum == 0)
    #expect(histogram.native?.zeroCount == 1)
  }

  @Test func `native buckets that do not add up are not shown`() throws {
    let native = NativeHistogram(schema: 3, zeroCount: 0, ascending: [.init(1, 4)])
    func isNative(_ counts: [UInt64]) throws -> Bool {
      let histogram = Histogram(bounds: [1], counts: counts, sum: 4, native: native)
      let page = PageWriter.page([Family("h", .histogram, "h", [Sample(histogram)])], .protobuf)
      return try ProtobufReader(page).families[0].messages(4)[0].messages(7)[0].first(6) != nil
    }
    #expect(try isNative([3, 1]))
    #expect(try !isNative([3, 2]))
  }

  @Test(arguments: [[], [3], [3, 1], [3, 1, 7]] as [[UInt64]])
  func `there is one count more than there are bounds, whatever was given`(counts: [UInt64]) {
    var assigned = Histogram(bounds: [1])
    assigned.counts = counts
    for histogram in [Histogram(bounds: [1], counts: counts, sum: 4), assigned] {
      #expect(histogram.cumulated == [counts.first ?? 0, counts.prefix(2).reduce(0, +)])
      for format in Format.allCases {
        #expect(!PageWriter.page([Family("h", .histogram, "h", [Sample(histogram)])], format).isEmpty)
      }
    }
    assigned.observe(0.5)
    assigned.observe(5)
  }

  @Test func `each bucket keeps its latest exemplar`() throws {
    let old = try #require(Exemplar([Label("trace_id", "a")], value: 0.5, microseconds: 1))
    let new = try #require(Exemplar([Label("trace_id", "b")], value: 0.7, microseconds: 2))
    var histogram = Histogram(bounds: [0.1, 1])
    #expect(histogram.exemplars.isEmpty)
    histogram.observe(0.5, exemplar: old)
    histogram.observe(0.7, exemplar: new)
    #expect(histogram.exemplars == [nil, new, nil])
    #expect(Histogram(bounds: [1], counts: [1, 0], sum: 1, exemplars: [old]).exemplars == [old, nil])
  }

  @Test func `of many exemplars the newest is shown, and in OpenMetrics that of the slowest too`() throws {
    func exemplar(_ value: Double, _ microseconds: Int64) throws -> Exemplar {
      try #require(Exemplar([], value: value, microseconds: microseconds))
    }
    let exemplars = try [exemplar(0.5, 7), exemplar(1.5, 9), exemplar(2.5, 8)]
    let histogram = Histogram(bounds: [1, 2], counts: [1, 1, 1], sum: 4.5, exemplars: exemplars)
    #expect(histogram.exemplars(shownIn: .protobuf) == [nil, exemplars[1], nil])
    #expect(histogram.exemplars(shownIn: .openMetrics) == [nil, exemplars[1], exemplars[2]])
    #expect(histogram.exemplars(shownIn: .text).isEmpty)
    #expect(Histogram(bounds: [1]).exemplars(shownIn: .openMetrics).isEmpty)
  }

  @Test(arguments: [
    ("4bf92f3577b34da6a3ce929d0e0e4736", true), ("ho_1.2:3-4", true), ("", true), ("a\"b", false),
    ("a b", false), ("ä", false), ("a\\b", false), ("a\nb", false),
    (String(repeating: "x", count: 120), true), (String(repeating: "x", count: 121), false),
  ]) func `an exemplar that scrapers would garble does not come into being`(value: String, isFit: Bool) {
    #expect((Exemplar([Label("trace_id", value)], value: 1, microseconds: 1) != nil) == isFit)
  }
}
