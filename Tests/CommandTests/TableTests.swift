import Bytes
import Testing

@testable import handoffd

@Suite struct `A table` {
  @Test(arguments: [
    ("abc", 3), ("研究", 4), ("e\u{301}", 1), ("😀", 2), ("→", 1), ("", 0),
  ])
  func `knows how wide a text is`(_ text: String, _ width: Int) {
    #expect(TextWidth.of(text) == width)
  }

  @Test(arguments: [
    ("abcdef", 4, "abc…"), ("研究员员", 5, "研究…"), ("研究员员", 4, "研…"), ("abc", 3, "abc"), ("abc", 0, ""),
  ])
  func `cuts between characters`(_ text: String, _ columns: Int, _ cut: String) {
    #expect(TextWidth.cut(text, to: columns) == cut)
  }

  @Test(arguments: 1...120)
  func `fits any paper`(_ columns: Int) {
    let words = ["", "a", "研究员研究员研究员", String(repeating: "x", count: 60)]
    let table = Table(
      columns: [.text("ONE"), .fixed("TWO"), .number("THREE"), .text("FOUR", least: 20)],
      rows: words.map { word in [Cell(word), Cell("2026"), Cell("3"), Cell(word)] })
    for line in table.lines(on: Paper(columns: columns)) { #expect(TextWidth.of(line) <= columns) }
  }

  @Test(arguments: [
    (0, "0 ms"), (0.0004, "0.4 ms"), (0.04, "40 ms"), (0.9999, "1.0 s"), (1.25, "1.3 s"), (59.99, "1m 0s"),
    (61, "1m 1s"),
    (7384.5, "2h 3m"), (90_000, "1d 1h"), (-2, "-2.0 s"), (.infinity, "?"), (1e300, "?"),
  ])
  func `tells times as people do`(_ seconds: Double, _ words: String) {
    #expect(Words.duration(seconds) == words)
  }

  @Test(arguments: [
    (1.0, "100 %"), (0.99999, "99.9 %"), (0.00001, "0.1 %"), (0, "0 %"), (0.985, "98.5 %"), (1e300, "?"),
  ])
  func `never rounds a share to what it is not`(_ share: Double, _ words: String) {
    #expect(Words.percent(share) == words)
  }
}

@Suite struct `A tree of handoffs` {
  private func rows(_ links: [(String, String?)]) -> [String] {
    let handoffs = links.map { id, previous in
      JSONValue.object(["handoff_id": .text(id), "previous": previous.map { .text($0) } ?? .null])
    }
    return Branches(handoffs).rows(deepest: 3).map { $0.margin + ($0.handoff.at("handoff_id").text ?? "?") }
  }

  @Test func `shows branches under what they follow`() {
    let links =
      [("a", nil), ("b", "a"), ("c", "a"), ("d", "b"), ("e", "c"), ("f", nil)] as [(String, String?)]
    #expect(rows(links) == ["a", "├─ b", "│  └─ d", "└─ c", "   └─ e", "f"])
  }

  @Test func `a long chain stays on the page, and a circle is none`() {
    let chain = rows((0..<10_000).map { ("\($0)", $0 == 0 ? nil : "\($0 - 1)") })
    #expect(chain.count == 10_000)
    #expect(chain.last == "      └─ 9999")
    #expect(rows([("a", "b"), ("b", "a"), ("a", "a")]).count == 3)
  }
}

@Suite struct `JSON that is passed on` {
  @Test func `keeps numbers and texts as they were`() throws {
    let text = #" {"a" : [ 1.00 , {"b,]" : "x \" , }"} ,12345678901234567890 ] , "c":[]}  "#
    let value = try #require(JSONValue(Array(text.utf8)))
    #expect(
      String(decoding: value.bytes(), as: UTF8.self)
        == #"{"a":[1.00,{"b,]":"x \" , }"},12345678901234567890],"c":[]}"#)
    let elements = try #require(value["a"]).elements
    #expect(
      elements.map { String(decoding: $0.bytes(), as: UTF8.self) } == [
        "1.00", #"{"b,]":"x \" , }"}"#, "12345678901234567890",
      ])
    #expect(value["c"]?.elements == [])
  }
}
