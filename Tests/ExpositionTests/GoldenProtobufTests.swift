import Testing

@testable import Exposition

/// Messages that Prometheus 2.42 was seen to take as what they say.
@Suite struct GoldenProtobufTests {
  private func bytes(_ hex: String) -> [UInt8] {
    hex.split { $0 == " " || $0 == "\n" }.compactMap { UInt8($0, radix: 16) }
  }

  @Test func `a counter`() {
    let family = Family("c", .counter, "h", [Sample(3, [Label("t", "x")])])
    #expect(
      PageWriter.page([family], .protobuf)
        == bytes(
          """
          23 0a 07 63 5f 74 6f 74 61 6c 12 01 68 18 00 22 13 0a 06 0a 01 74 12 01 78 1a 09 09 00 00 00 00 00
          00 08 40
          """))
  }

  @Test func `a histogram, classic and native`() {
    let native = NativeHistogram(schema: 0, zeroCount: 0, ascending: [.init(0, 2), .init(1, 1)])
    let histogram = Histogram(bounds: [1], counts: [2, 1], sum: 3.25, native: native)
    var writer = PageWriter(.protobuf)
    writer.write(Family("h_seconds", .histogram, "h", [Sample(histogram)]))
    let golden = bytes(
      """
      50 0a 09 68 5f 73 65 63 6f 6e 64 73 12 01 68 18 04 22 3e 3a 3c 08 03 11 00 00 00 00 00 00 0a 40
      1a 0b 08 02 11 00 00 00 00 00 00 f0 3f 1a 0b 08 03 11 00 00 00 00 00 00 f0 7f
      28 00 31 00 00 00 00 00 00 f0 37 38 00 62 04 08 00 10 02 6a 02 04 01
      """)
    let unit = bytes("2a 07 73 65 63 6f 6e 64 73")
    #expect(writer.finish() == [golden[0] + UInt8(unit.count)] + golden[1...] + unit)
  }

  @Test func `an exemplar in its bucket`() throws {
    let exemplar = try #require(Exemplar([Label("t", "x")], value: 2, microseconds: 5_000_007))
    var histogram = Histogram(bounds: [])
    histogram.observe(2, exemplar: exemplar)
    let page = PageWriter.page([Family("h", .histogram, "h", [Sample(histogram)])], .protobuf)
    let bucket = """
      1a 25 08 01 11 00 00 00 00 00 00 f0 7f
      1a 18 0a 06 0a 01 74 12 01 78 11 00 00 00 00 00 00 00 40 1a 05 08 05 10 d8 36
      """
    #expect(String(describing: page).contains(inner(bytes(bucket))))
  }

  private func inner(_ bytes: [UInt8]) -> String { String(String(describing: bytes).dropFirst().dropLast()) }

  @Test func `a summary and an info`() {
    let summary = Summary([.init(0.5, 1)], sum: 3, count: 2)
    #expect(
      PageWriter.page([Family("s", .summary, "h", [Sample(summary)])], .protobuf)
        == bytes(
          """
          2b 0a 01 73 12 01 68 18 02 22 21 22 1f 08 02 11 00 00 00 00 00 00 08 40
          1a 12 09 00 00 00 00 00 00 e0 3f 11 00 00 00 00 00 00 f0 3f
          """))
    #expect(
      PageWriter.page([Family("b", .info, "h", [Sample(1)])], .protobuf)
        == bytes("1a 0a 06 62 5f 69 6e 66 6f 12 01 68 18 01 22 0b 12 09 09 00 00 00 00 00 00 f0 3f"))
  }

  @Test func `a family without samples still says what it is`() {
    #expect(
      PageWriter.page([Family("m", .gauge, "h", [])], .protobuf) == bytes("08 0a 01 6d 12 01 68 18 01"))
  }

  @Test func `an empty native histogram is told by its threshold of zero`() {
    let page = PageWriter.page(
      [Family("h", .histogram, "h", [Sample(Histogram(bounds: []))])], .protobuf)
    #expect(
      page
        == bytes(
          """
          31 0a 01 68 12 01 68 18 04 22 27 3a 25 08 00 11 00 00 00 00 00 00 00 00
          1a 0b 08 00 11 00 00 00 00 00 00 f0 7f 28 06 31 00 00 00 00 00 00 f0 37 38 00
          """))
  }
}
