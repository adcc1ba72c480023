import Testing

@testable import Exposition

@Suite struct PageTests {
  private static let families: [Family] = {
    var histogram = Histogram(bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { histogram.observe(value) }
    return [
      Family("a_bytes", .counter, "So many.", [Sample(3, [Label("v", "a\\b\"c\nd\t😀")])]),
      Family("b_up", .gauge, "Up.", [Sample(Double.nan)]),
      Family("c_seconds", .histogram, "How long.", [Sample(histogram, [Label("path", "/x")])]),
      Family("d", .gauge, "No samples yet.", []),
    ]
  }()

  @Test func `a page of text`() {
    #expect(
      String(decoding: PageWriter.page(Self.families, .text), as: UTF8.self) == """
        # HELP a_bytes_total So many.
        # TYPE a_bytes_total counter
        a_bytes_total{v="a\\\\b\\"c\\nd\t😀"} 3
        # HELP b_up Up.
        # TYPE b_up gauge
        b_up NaN
        # HELP c_seconds How long.
        # TYPE c_seconds histogram
        c_seconds_bucket{path="/x",le="0.1"} 2
        c_seconds_bucket{path="/x",le="1.0"} 3
        c_seconds_bucket{path="/x",le="+Inf"} 4
        c_seconds_sum{path="/x"} 7.65
        c_seconds_count{path="/x"} 4
        # HELP d No samples yet.
        # TYPE d gauge

        """)
  }

  @Test func `a page of OpenMetrics`() {
    #expect(
      String(decoding: PageWriter.page(Self.families, .openMetrics), as: UTF8.self) == """
        # TYPE a_bytes counter
        # UNIT a_bytes bytes
        # HELP a_bytes So many.
        a_bytes_total{v="a\\\\b\\"c\\nd\t😀"} 3.0
        # TYPE b_up gauge
        # HELP b_up Up.
        b_up NaN
        # TYPE c_seconds histogram
        # UNIT c_seconds seconds
        # HELP c_seconds How long.
        c_seconds_bucket{path="/x",le="0.1"} 2
        c_seconds_bucket{path="/x",le="1.0"} 3
        c_seconds_bucket{path="/x",le="+Inf"} 4
        c_seconds_sum{path="/x"} 7.65
        c_seconds_count{path="/x"} 4
        # TYPE d gauge
        # HELP d No samples yet.
        # EOF

        """)
  }

  @Test func `counts from a million up: as Go has them in text, as integers in OpenMetrics`() {
    let histogram = Histogram(bounds: [1], counts: [1_234_567, 0], sum: 2e6)
    let family = [Family("h", .histogram, "h", [Sample(histogram)])]
    let text = String(decoding: PageWriter.page(family, .text), as: UTF8.self)
    let openMetrics = String(decoding: PageWriter.page(family, .openMetrics), as: UTF8.self)
    #expect(text.contains("h_bucket{le=\"1.0\"} 1.234567e+06\n"))
    #expect(text.contains("h_count 1.234567e+06\n"))
    #expect(openMetrics.contains("h_bucket{le=\"1.0\"} 1234567\n"))
    #expect(openMetrics.contains("h_sum 2e+06\nh_count 1234567\n"))
  }

  @Test(arguments: Format.allCases)
  func `labels in two parts are labels in one`(format: Format) {
    let agent = LabelSet("to_agent", "a\"b")
    let outcome = LabelSet("outcome", "failed")
    let both = LabelSet([Label("to_agent", "a\"b"), Label("outcome", "failed")])
    let heading = Heading("m", .counter, "h")
    let histogram = Heading("h_seconds", .histogram, "h", bounds: [1, 2])
    func page(_ first: LabelSet, _ second: LabelSet) -> [UInt8] {
      var writer = PageWriter(format)
      writer.begin(heading)
      writer.add(count: 7, first, second)
      writer.begin(histogram)
      writer.add(Histogram(bounds: [1, 2]), first, second)
      return writer.finish()
    }
    #expect(page(agent, outcome) == page(both, .none))
    #expect(page(.none, both) == page(both, .none))
  }

  @Test(arguments: Format.allCases)
  func `families kept from an earlier page are those written anew`(format: Format) {
    var kept = PageWriter(format)
    for family in Self.families[1...] { kept.write(family) }
    var writer = PageWriter(format)
    writer.write(Self.families[0])
    writer.append(written: kept.written())
    #expect(writer.finish() == PageWriter.page(Self.families, format))
  }

  @Test(arguments: Format.allCases)
  func `bounds other than the heading's are the histogram's own`(format: Format) {
    var first = PageWriter(format)
    first.begin(Heading("h", .histogram, "h", bounds: [5]))
    first.add(Histogram(bounds: [1, 2]))
    var second = PageWriter(format)
    second.begin(Heading("h", .histogram, "h", bounds: [1, 2]))
    second.add(Histogram(bounds: [1, 2]))
    #expect(first.finish() == second.finish())
  }

  @Test func `a cached page is made once for each version`() {
    var cache = PageCache<Format, Int>()
    var made = 0
    func page(_ format: Format, _ version: Int) -> [UInt8] {
      cache.page(format, version) {
        made += 1
        return [UInt8(version)]
      }
    }
    #expect(page(.text, 1) == [1])
    #expect(page(.text, 1) == [1])
    #expect(page(.openMetrics, 1) == [1])
    #expect(made == 2)
    #expect(page(.text, 2) == [2])
    #expect(made == 3)
  }

  @Test func `a filter knows families by either name`() {
    let counter = Heading("m", .counter, "h")
    #expect(NameFilter([]).includes(counter))
    #expect(NameFilter(["m"]).includes(counter))
    #expect(NameFilter(["x", "m_total"]).includes(counter))
    #expect(!NameFilter(["x"]).includes(counter))
  }
}
