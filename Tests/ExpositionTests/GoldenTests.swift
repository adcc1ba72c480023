import Testing

@testable import Exposition

/// Bytes that the real Prometheus was seen to take.
@Suite struct GoldenTests {
  private func text(_ family: Family) -> String {
    String(decoding: PageWriter.page([family], .text), as: UTF8.self)
  }

  private func openMetrics(_ families: [Family]) -> String {
    String(decoding: PageWriter.page(families, .openMetrics), as: UTF8.self)
  }

  private func histogram(_ exemplar: Exemplar?) -> Family {
    var histogram = Histogram(bounds: [1])
    histogram.observe(0.67, exemplar: exemplar)
    return Family("h", .histogram, "h", [Sample(histogram)])
  }

  @Test func `label values escape backslash, quote and line feed`() {
    let page = text(Family("m", .gauge, "h", [Sample(1, [Label("v", "a\\b\"c\nd")])]))
    #expect(page == "# HELP m h\n# TYPE m gauge\nm{v=\"a\\\\b\\\"c\\nd\"} 1\n")
  }

  @Test func `help in text escapes backslash and line feed, not quotes`() {
    let page = text(Family("m", .gauge, "path C:\\tmp, \"quoted\", line\nbreak", []))
    #expect(page == "# HELP m path C:\\\\tmp, \"quoted\", line\\nbreak\n# TYPE m gauge\n")
  }

  @Test func `help in OpenMetrics escapes quotes too`() {
    let page = openMetrics([Family("m", .gauge, "path C:\\tmp, \"quoted\", line\nbreak", [])])
    #expect(page == "# TYPE m gauge\n# HELP m path C:\\\\tmp, \\\"quoted\\\", line\\nbreak\n# EOF\n")
  }

  @Test func `special numbers`() {
    let values = [("a", Double.nan), ("b", .infinity), ("c", -.infinity)]
    let page = text(Family("m", .gauge, "h", values.map { Sample($0.1, [Label("v", $0.0)]) }))
    #expect(page == "# HELP m h\n# TYPE m gauge\nm{v=\"a\"} NaN\nm{v=\"b\"} +Inf\nm{v=\"c\"} -Inf\n")
  }

  @Test func `empty help in OpenMetrics keeps its blank`() {
    #expect(
      openMetrics([Family("m", .gauge, "", [Sample(1)])]) == "# TYPE m gauge\n# HELP m \nm 1.0\n# EOF\n")
  }

  @Test func `a counter in OpenMetrics has its suffix on the sample alone`() {
    let family = Family(
      "handoff_retries", .counter, "Delivery attempts after the first.",
      [Sample(3, [Label("target_agent", "coder")])])
    #expect(
      openMetrics([family]) == """
        # TYPE handoff_retries counter
        # HELP handoff_retries Delivery attempts after the first.
        handoff_retries_total{target_agent="coder"} 3.0
        # EOF

        """)
  }

  @Test func `an exemplar with labels and time`() throws {
    let exemplar = try #require(
      Exemplar(
        [Label("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")], value: 0.67,
        microseconds: 1_700_000_000_123_000))
    #expect(
      openMetrics([histogram(exemplar)]) == """
        # TYPE h histogram
        # HELP h h
        h_bucket{le="1.0"} 1 # {trace_id="4bf92f3577b34da6a3ce929d0e0e4736"} 0.67 1700000000.123
        h_bucket{le="+Inf"} 1
        h_sum 0.67
        h_count 1
        # EOF

        """)
  }

  @Test(arguments: [
    (1_700_000_000_000_000 as Int64, "1700000000.0"), (1_700_000_000_000_001, "1700000000.000001"),
    (1_700_000_000_120_000, "1700000000.12"), (0, "0.0"),
  ]) func `the time of an exemplar is in seconds`(microseconds: Int64, expected: String) throws {
    let exemplar = try #require(Exemplar([], value: 0.67, microseconds: microseconds))
    #expect(openMetrics([histogram(exemplar)]).contains("h_bucket{le=\"1.0\"} 1 # {} 0.67 \(expected)\n"))
  }

  @Test func `an exemplar without labels or time`() throws {
    let exemplar = try #require(Exemplar([], value: 0.67, microseconds: nil))
    #expect(openMetrics([histogram(exemplar)]).contains("h_bucket{le=\"1.0\"} 1 # {} 0.67\n"))
  }

  @Test func `the text format has no exemplars`() throws {
    let exemplar = try #require(Exemplar([], value: 0.67, microseconds: 1))
    #expect(text(histogram(exemplar)) == text(histogram(nil)))
  }

  @Test func `info`() {
    let family = Family(
      "handoffd_build", .info, "Build information.", [Sample(1, [Label("version", "0.1.0")])])
    #expect(
      openMetrics([family]) == """
        # TYPE handoffd_build info
        # HELP handoffd_build Build information.
        handoffd_build_info{version="0.1.0"} 1
        # EOF

        """)
    #expect(
      text(family) == """
        # HELP handoffd_build_info Build information.
        # TYPE handoffd_build_info gauge
        handoffd_build_info{version="0.1.0"} 1

        """)
  }

  @Test func `nothing at all`() {
    #expect(openMetrics([]) == "# EOF\n")
    #expect(PageWriter.page([], .text).isEmpty)
    #expect(PageWriter.page([], .protobuf).isEmpty)
  }

  @Test func `a summary of an empty window`() {
    let family = Family("s_seconds", .summary, "h", [Sample(Summary([.init(0.99, .nan)], sum: 0, count: 0))])
    #expect(
      text(family) == """
        # HELP s_seconds h
        # TYPE s_seconds summary
        s_seconds{quantile="0.99"} NaN
        s_seconds_sum 0
        s_seconds_count 0

        """)
    #expect(
      openMetrics([family]) == """
        # TYPE s_seconds summary
        # UNIT s_seconds seconds
        # HELP s_seconds h
        s_seconds{quantile="0.99"} NaN
        s_seconds_sum 0.0
        s_seconds_count 0
        # EOF

        """)
  }

  @Test func `a carriage return never reaches a page`() {
    let family = Family("m", .gauge, "a\r\nb", [Sample(1, [Label("v", "x\ry\r\n")])])
    #expect(text(family) == "# HELP m a␍\\nb\n# TYPE m gauge\nm{v=\"x␍y␍\\n\"} 1\n")
    #expect(Format.allCases.allSatisfy { !PageWriter.page([family], $0).contains(13) })
  }
}
