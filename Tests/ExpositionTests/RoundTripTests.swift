import Testing

@testable import Exposition

/// Random families, written and then read by somebody else.
@Suite struct RoundTripTests {
  private static let seeds = (1...60).map(UInt64.init)

  @Test(arguments: seeds) func `text reads back as what was written`(seed: UInt64) throws {
    var random = RandomFamilies(seed: seed)
    let families = random.next()
    let page = PageWriter.page(families, .text)
    let expected = families.map { Expectation($0, .text).family }
    #expect(try TextReader(page, isOpenMetrics: false).families == expected)
  }

  @Test(arguments: seeds) func `OpenMetrics reads back as what was written`(seed: UInt64) throws {
    var random = RandomFamilies(seed: seed)
    let families = random.next()
    let page = PageWriter.page(families, .openMetrics)
    let expected = families.map { Expectation($0, .openMetrics).family }
    #expect(try TextReader(page, isOpenMetrics: true).families == expected)
  }

  @Test(arguments: seeds) func `protobuf reads back as what was written`(seed: UInt64) throws {
    var random = RandomFamilies(seed: seed)
    let families = random.next()
    let read = try ProtobufReader(PageWriter.page(families, .protobuf)).families
    try #require(read.count == families.count)
    for (message, family) in zip(read, families) {
      #expect(try MessageView(message).family == Expectation(family, .protobuf).family)
    }
  }

  @Test(arguments: seeds) func `native buckets add up, and lie where Prometheus wants them`(seed: UInt64)
    throws
  {
    var random = RandomFamilies(seed: seed)
    for family in try ProtobufReader(PageWriter.page(random.next(), .protobuf)).families {
      for metric in try family.messages(4) {
        for histogram in try metric.messages(7) { try check(NativeView(histogram)) }
      }
    }
  }

  private func check(_ native: NativeView) throws {
    #expect((-4...3).contains(native.schema))
    #expect(native.zeroThreshold == 0x1p-128)
    #expect(native.spans.dropFirst().allSatisfy { $0.offset > 2 })
    #expect(native.spans.reduce(0) { $0 + $1.length } == native.populations.count)
    #expect(native.populations.allSatisfy { $0 >= 0 })
    #expect(native.populations.filter { $0 > 0 }.count <= 160)
    #expect(native.populations.reduce(0, +) + native.zeroCount == native.count)
  }
}
