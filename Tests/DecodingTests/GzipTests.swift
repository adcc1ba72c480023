import Compression
import Decoding
import Model
import Testing

@Suite struct GzipTests {
  private static let text = Array(String(repeating: "a handoff, and then another. ", count: 5000).utf8)

  private func pack(_ bytes: [UInt8]) throws -> [UInt8] { try #require(Gzip.pack(bytes)) }

  @Test(arguments: [0, 1, 5, 100, 65_535, 65_536, 65_537, 140_000])
  func `what was packed is unpacked again`(_ count: Int) throws {
    let bytes = Array(Self.text.prefix(count))
    #expect(try Gzip.unpack(pack(bytes), limit: 1 << 20) == bytes)
    #expect(try Gzip.unpack(pack(bytes), limit: bytes.count) == bytes)
  }

  @Test func `all members are unpacked`() throws {
    let packed = try pack(Array("one ".utf8)) + pack([]) + pack(Array("two".utf8))
    #expect(try Gzip.unpack(packed, limit: 7) == Array("one two".utf8))
    #expect(throws: GzipFault.tooLarge(limit: 6)) { try Gzip.unpack(packed, limit: 6) }
  }

  @Test func `data that is cut off anywhere is told to be`() throws {
    let packed = try pack(Array("a handoff".utf8))
    for count in 0..<packed.count {
      #expect(throws: GzipFault.truncated) { try Gzip.unpack(Array(packed.prefix(count)), limit: 100) }
    }
  }

  @Test func `data that is damaged is never taken for good`() throws {
    let bytes = Array("a handoff, and then another".utf8)
    let packed = try pack(bytes)
    var refused = 0
    for position in 0..<packed.count {
      for bit in 0..<8 {
        var damaged = packed
        damaged[position] ^= 1 << UInt8(bit)
        // Some bits tell only of the packing.
        guard let unpacked = try? Gzip.unpack(damaged, limit: 100) else {
          refused += 1
          continue
        }
        #expect(unpacked == bytes)
      }
    }
    #expect(refused > packed.count * 6)
  }

  @Test func `what follows the last member is refused`() throws {
    let packed = try pack(Array("a".utf8))
    #expect(throws: GzipFault.trailingBytes) { try Gzip.unpack(packed + [0, 0], limit: 100) }
    #expect(throws: GzipFault.notGzip) { try Gzip.unpack(Array("plain".utf8), limit: 100) }
  }

  @Test func `a bomb is stopped at the limit, in one member or in many`() throws {
    let zeros = try pack([UInt8](repeating: 0, count: 1 << 20))
    var bomb: [UInt8] = []
    for _ in 0..<1000 { bomb += zeros }
    #expect(bomb.count < 2 << 20)
    #expect(throws: GzipFault.tooLarge(limit: 64 << 20)) { try Gzip.unpack(bomb, limit: 64 << 20) }
    let single = try pack([UInt8](repeating: 0, count: 65 << 20))
    #expect(throws: BodyRefusal.tooLargeUnpacked(limit: 64 << 20)) {
      try Sample.decode(single, encoding: "gzip")
    }
  }

  @Test(arguments: ["gzip", "GZIP", "x-gzip", " gzip "])
  func `a packed body is read as a plain one`(_ encoding: String) throws {
    let batch = try Sample.decode(try pack(Array(Sample.event().utf8)), encoding: encoding)
    #expect(batch.accepted == 1)
  }

  @Test(arguments: ["deflate", "br", "zstd", "gzip, gzip"])
  func `other packings are refused`(_ encoding: String) throws {
    #expect(throws: BodyRefusal.unsupportedEncoding) { try Sample.decode([], encoding: encoding) }
  }

  @Test func `a body that cannot be unpacked is refused whole, and why is said`() throws {
    let packed = try pack(Array(Sample.event().utf8))
    let cut = try Sample.decode(Array(packed.dropLast(5)), encoding: "gzip")
    #expect(cut.refusedAs == ["0 invalid_json "])
    #expect(cut.refusals.first?.message.contains("cut off") == true)
    #expect(cut.payload.rejections.first?.body == [])
    let plain = try Sample.decode(Array(Sample.event().utf8), encoding: "gzip")
    #expect(plain.refusals.first?.message.contains("not gzip") == true)
  }
}
