import Bytes
import TestSupport
import Testing

@Suite struct JSONReaderTests {
  private func read(_ text: String, deepest: Int = 8, most: Int = 1000) throws(JSONFault) -> JSONValue {
    var reader = JSONReader(Array(text.utf8), deepest: deepest, mostValues: most)
    return try reader.document()
  }

  @Test(arguments: [
    ("null", JSONValue.null), (" [1, -2.5e1] ", .array([1, -25].map { .number(JSONNumber($0)) })),
    (#""\u00e9\ud83d\ude00\/\b""#, .text("\u{E9}\u{1F600}/\u{8}")),
    (#"{"a":{"b":[]},"c":true}"#, .object(["c": .boolean(true), "a": .object(["b": .array([])])])),
  ])
  func `what is JSON is read`(_ text: String, _ value: JSONValue) throws {
    #expect(try read(text) == value)
  }

  @Test(arguments: [
    ("", JSONFault.Kind.syntax, ""), ("[1,]", .syntax, "/1"), (#"{"a":1,}"#, .syntax, ""),
    ("[01]", .syntax, ""),
    ("[1.]", .syntax, "/0"), ("[+1]", .syntax, "/0"), ("[.5]", .syntax, "/0"), ("[1e]", .syntax, "/0"),
    ("[1e999]", .syntax, "/0"), ("nul", .syntax, ""), (#"{"a" 1}"#, .syntax, "/a"), ("1 2", .syntax, ""),
    (#"{"a":{"b":"\x"}}"#, .syntax, "/a/b"), ("[\"\u{1}\"]", .syntax, "/0"), (#"["a"#, .syntax, "/0"),
    (#"["\ud800"]"#, .text, "/0"), (#"["\udc00\ud800"]"#, .text, "/0"), (#"["\ud800\u0041"]"#, .text, "/0"),
    (#"{"a~/b":{"c":1,"c":2}}"#, .duplicateName, "/a~0~1b/c"),
    (#"{"\u0061":1,"a":2}"#, .duplicateName, "/a"),
    ("[[[[[[[[[1]]]]]]]]]", .tooDeep, "/0/0/0/0/0/0/0/0"),
  ])
  func `what is not is refused with its kind and place`(
    _ text: String, _ kind: JSONFault.Kind, _ pointer: String
  ) throws {
    let fault = try #require(throws: JSONFault.self) { try read(text) }
    #expect(fault.kind == kind, "\(fault)")
    #expect(fault.pointer == pointer, "\(fault)")
    #expect(fault.offset <= text.utf8.count && !fault.message.isEmpty)
  }

  @Test func `the number of values is bounded`() throws {
    #expect(try read("[1,2,3]", most: 4) != .null)
    #expect(try #require(throws: JSONFault.self) { try read("[1,2,3,4]", most: 4) }.kind == .tooMany)
  }

  @Test func `broken UTF-8 is told from other faults`() throws {
    var reader = JSONReader([0x22, 0xFF, 0x22])
    #expect(try #require(throws: JSONFault.self) { try reader.document() }.kind == .text)
  }

  @Test func `names that only look alike are different`() throws {
    let value = try read("{\"e\u{301}\":1,\"\u{E9}\":2}")
    #expect(value["\u{E9}"]?.integer == 2)
  }

  @Test func `no bytes make it trap, and what it reads it writes`() {
    var random = SeededRandom(for: "no bytes make it trap")
    let alphabet = Array(#"{}[],:"\u0aedtruefalsn 1.-+9"#.utf8) + [0, 0xC3, 0xA9, 0xFF]
    var count = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...24, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      guard let value = JSONValue(bytes) else { continue }
      count += 1
      for style in [
        JSONStyle.compact, .canonical, JSONStyle(sortsNames: true, isSpaced: true, isASCII: true),
      ] {
        #expect(JSONValue(value.bytes(style)) == value)
      }
    }
    #expect(count > 20)
  }
}

@Suite struct JSONPlaceTests {
  @Test func `a place knows its pointer`() {
    let place = JSONPlace(.object(["a/b": .array([.object(["c": .text("x")])]), "n": .null]))
    #expect(place["a/b"]?.elements.first?["c"] == JSONPlace(.text("x"), at: "/a~1b/0/c"))
    #expect(place["n"] == nil)
    #expect(place.first(["n", "q.r", "a/b"])?.pointer == "/a~1b")
    #expect(place.members.map(\.place.pointer) == ["/a~1b", "/n"])
  }
}
