import Model
import TestSupport
import Testing

@testable import Store

@Suite struct CursorTests {
  @Test(arguments: ["", "ho_1", "hö/\u{1F600}", String(repeating: "x", count: 256)])
  func `a cursor is read back as it was given out`(_ key: String) throws {
    let cursor = Cursor(.handoffsAscending, Timestamp(microseconds: Occurrence.base), key)
    #expect(Cursor(cursor.text) == cursor)
    #expect(
      cursor.text.utf8.allSatisfy {
        $0 == 45 || $0 == 95 || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
      })
  }

  @Test func `whatever is not a cursor is none`() {
    var random = SeededRandom(for: "cursors")
    let good = Cursor(.rejections, Timestamp(microseconds: 1), "key").text
    for text in [
      "", "A", "=", "ho_1", good + "=", good + "A", String(good.dropLast()), "AAAAAAAAAAAAAAAA",
      String(repeating: "A", count: 5_000),
    ] {
      #expect(Cursor(text)?.text != text || Cursor(text) == nil, "\(text)")
    }
    for _ in 0..<10_000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if let cursor = Cursor(Base64URL.encode(bytes)) { #expect(Base64URL.decode(cursor.text.utf8) == bytes) }
      _ = Cursor(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func `base64 goes there and back`() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
    }
    #expect(Base64URL.encode(Array("hello??".utf8)) == "aGVsbG8_Pw")
  }
}
