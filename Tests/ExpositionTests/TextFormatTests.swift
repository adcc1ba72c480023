import Testing

@testable import Exposition

@Suite struct TextFormatTests {
  @Test(arguments: [
    (1e6, "1e+06"), (1.5e-05, "1.5e-05"), (42_007_224.6, "4.20072246e+07"), (0.25, "0.25"), (0, "0"),
    (3, "3"),
    (999_999, "999999"), (123_456.75, "123456.75"), (0.0001, "0.0001"), (-12.5, "-12.5"), (1e100, "1e+100"),
    (.leastNonzeroMagnitude, "5e-324"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
    (1_795_230_000.123456, "1.795230000123456e+09"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
  ]) func `numbers are written as Prometheus writes them`(value: Double, text: String) {
    #expect(Number.text(value) == text)
    #expect(value.isNaN || Double(text.replacing("Inf", with: "inf")) == value)
  }

  @Test(arguments: [(1.0, "1.0"), (0.005, "0.005"), (1e6, "1e+06"), (.infinity, "+Inf"), (100, "100.0")])
  func `bounds always show a point`(bound: Double, text: String) {
    #expect(Number.bound(bound) == text)
  }

  @Test func `a page of every kind, byte for byte`() {
    var buckets = Buckets(bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { buckets.observe(value) }
    let page = TextFormat.page([
      Family(
        "a_bytes", .counter, "Path C:\\tmp, \"quoted\", line\nbreak.",
        [Sample(3, [Label("v", "a\\b\"c\nd\t😀")])]),
      Family("b_up", .gauge, "Up.", [Sample(Double.nan)]),
      Family("c_seconds", .histogram, "How long.", [Sample(buckets, [Label("path", "/x")])]),
      Family("d", .gauge, "No samples yet.", []),
    ])
    #expect(
      String(decoding: page, as: UTF8.self) == """
        # HELP a_bytes_total Path C:\\\\tmp, "quoted", line\\nbreak.
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
}
