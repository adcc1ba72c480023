import Bytes
import Model
import Testing

@testable import Analytics

@Suite struct ReadingTests {
  static let numbers: [(String, Double?)] = [
    ("0", 0), ("12", 12), ("-7", -7), ("0.9", 0.9), ("123456789.25", 123_456_789.25), ("0.1", 0.1),
    ("1e3", 1000),
    ("1.5E-2", 0.015), ("9007199254740993", 9_007_199_254_740_992),
    ("0.30000000000000004", 0.30000000000000004),
    ("123456789012345678901234567890", 1.2345678901234568e29), ("", nil), ("-", nil), (".", nil), ("x", nil),
    ("1..2", nil), ("1e999", nil), ("nan", nil),
  ]

  @Test(arguments: numbers)
  func `numbers are read as JSON means them`(_ text: String, _ value: Double?) {
    let bytes = Array("[\(text)]".utf8)
    #expect(NumberText.value(of: bytes, 1..<(bytes.count - 1)) == value)
  }

  @Test func `numbers read the quick way equal those read the exact way`() {
    var random = Generator(seed: 1)
    for _ in 0..<20_000 {
      let digits = Int64.random(in: 0..<1_000_000_000_000_000, using: &random)
      let scale = Int.random(in: 0...6, using: &random)
      var text = String(digits)
      if scale > 0, text.count > scale { text.insert(".", at: text.index(text.endIndex, offsetBy: -scale)) }
      let bytes = Array(text.utf8)
      #expect(NumberText.value(of: bytes, bytes.indices) == Double(text))
    }
  }

  @Test func `words are found whole, and only in their own list`() {
    for word in EnvelopeSection.allCases where word != .other {
      #expect(read(word.name) as EnvelopeSection == word)
      #expect(read(word.name + "s") as EnvelopeSection == .other)
      #expect(read(String(word.name.dropLast())) as EnvelopeSection == .other)
      #expect(read(word.name.uppercased()) as EnvelopeSection == .other)
    }
    for word in HandoffPattern.allCases { #expect(read(word.name) as HandoffPattern == word) }
    #expect(read("execution_histori") as EnvelopeSection == .other)
    #expect(read("execution-history") as EnvelopeSection == .other)
    #expect(read("") as HandoffKind == .other)
    #expect(read("priority_trimming") as EnvelopeStrategy == .priorityTrimming)
    #expect(read("load_shedding") as HandoffReason == .loadShedding)
  }

  private func read<Word: ClosedWord>(_ text: String) -> Word {
    let bytes = Array("\"\(text)\"".utf8)
    return Word.list.word(bytes, 1..<(bytes.count - 1))
  }

  @Test func `members are found through nesting, blanks and escapes`() throws {
    let json = #"""
      { "a" : {"b": 1, "x": [1, {"b": 2}]} , "te\u0078t":"q\"\\\n\u00e9\ud83d\ude00", "n": -1.5e2, "t": true, "e": [] }
      """#
    let bytes = Array(json.utf8)
    let inner = try #require(JSONPieces.member("a", of: bytes, bytes.indices))
    #expect(JSONPieces.number("b", of: bytes, inner) == 1)
    let list = try #require(JSONPieces.member("x", of: bytes, inner))
    #expect(JSONPieces.elements(of: bytes, list).count == 2)
    let text = try #require(JSONPieces.text("text", of: bytes, bytes.indices))
    #expect(String(decoding: text, as: UTF8.self) == "q\"\\\né😀")
    #expect(JSONPieces.number("n", of: bytes, bytes.indices) == -150)
    #expect(JSONPieces.truth("t", of: bytes, bytes.indices) == true)
    #expect(JSONPieces.truth("n", of: bytes, bytes.indices) == nil)
    #expect(JSONPieces.member("zzz", of: bytes, bytes.indices) == nil)
    let empty = try #require(JSONPieces.member("e", of: bytes, bytes.indices))
    #expect(JSONPieces.elements(of: bytes, empty).isEmpty)
  }

  @Test func `whatever the bytes are, looking into them ends and stays within them`() {
    let seeds = [
      #"{"a":[1,{"b":"c\u00e9"}],"health":{"status":"x","issues":["y"]}}"#, "[[[[", "{\"", "\\\"", "{,,}",
    ]
    var random = Generator(seed: 9)
    for round in 0..<20_000 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0..<Int.random(in: 0..<6, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes[place] = Array(#"{}[]",:\u0"#.utf8).randomElement(using: &random) ?? 0
        }
      }
      _ = HealthReport(bytes, event: bytes.indices)
      _ = RollbackReport.hasFailure(bytes, bytes.indices)
      _ = ValidationReport.failures(bytes, bytes.indices)
      _ = JSONPieces.elements(of: bytes, bytes.indices)
      _ = SectionList.named(in: bytes, bytes.indices)
    }
  }

  @Test func `moments are read in every way that events may write them`() {
    let wanted: Int64 = 1_795_230_000_250_000
    for text in [
      "2026-11-21T03:00:00.250Z", "2026-11-21T05:00:00.25+02:00", "1795230000.25", "1795230000250",
    ] {
      let bytes = Array(text.utf8)
      #expect(MomentText.microseconds(of: bytes, bytes.indices) == wanted)
    }
    for text in ["", "soon", "1e300", "-1e300"] {
      let bytes = Array(text.utf8)
      #expect(MomentText.microseconds(of: bytes, bytes.indices) == nil)
    }
  }
}
