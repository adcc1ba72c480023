import Testing
import YAML

@Suite struct `The faults of a document` {
  @Test(arguments: [
    ("a: [1, 2\nb: 3\n", "2:2"),
    ("a: b: c\n", "1:5"),
    ("a: 1\n\tb: 2\n", "2:1"),
    ("a: \"unclosed\n", "2:1"),
    ("- a\nb: c\n", "2:1"),
    ("a: @x\n", "1:4"),
    ("key\n  sub: [}\n", "2:6"),
    ("%YAML 3.0\n---\na: b\n", "1:1"),
  ])
  func `a syntax error names line and column`(_ text: String, _ place: String) throws {
    let fault = try #require(parse(text).faults.first)
    #expect(fault.code == .syntax)
    #expect(fault.mark.description == place)
    #expect(!fault.reason.isEmpty)
  }

  @Test func `what came before a syntax error is kept`() {
    let document = parse("a: 1\nb: {c: [d, \n")
    #expect(document.faults.map(\.code) == [.syntax])
    #expect(document.root?.mapping?.first?.value.scalar?.text == "1")
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "1:4"), ([0x61, 0x0A, 0x62, 0x00], "2:2"),
      ([0xC3, 0xA9, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4"),
      ([0x61, 0x3A, 0x20, 0xC3], "1:4"),
    ] as [([UInt8], String)])
  func `broken UTF-8 and control characters are found where they stand`(_ bytes: [UInt8], _ place: String)
    throws
  {
    let fault = try #require(YAMLDocument.parse(bytes).faults.first)
    #expect(fault.code == .syntax)
    #expect(fault.mark.description == place)
  }

  @Test func `a key that comes twice is told with both places and the first one counts`() {
    let document = parse("a: 1\nb: 2\na: 3\na: 4\n")
    #expect(document.faults.map(\.code) == [.duplicateKey, .duplicateKey])
    #expect(document.faults.map(\.mark.description) == ["3:1", "4:1"])
    #expect(document.faults.first?.reason == "key \"a\" comes a second time; the first is at 1:1")
    #expect(document.root?.mapping?.map(\.value.scalar?.text) == ["1", "2"])
  }

  @Test func `anchors, aliases and tags are refused, and the rest is read`() {
    let document = parse("a: &x 1\nb: *x\nc: !!binary aGk=\nd: 4\n? [k]\n: 5\n")
    #expect(document.faults.map(\.code) == [.alias, .alias, .tag, .complexKey])
    #expect(document.faults.map(\.mark.description) == ["1:4", "2:4", "3:4", "5:3"])
    #expect(document.root?.mapping?.map(\.key) == ["a", "c", "d"])
  }

  @Test func `an alias bomb costs nothing`() {
    let levels = (1...9).map {
      "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ","))]"
    }
    let document = parse("l0: &l0 x\n" + levels.joined(separator: "\n"))
    #expect(document.faults.contains { $0.code == .limit })
    #expect(document.faults.count <= 51)
  }

  @Test func `a second document is refused, the first is kept`() {
    let document = parse("a: 1\n---\nb: 2\n")
    #expect(document.faults.map(\.code) == [.secondDocument])
    #expect(document.faults.first?.mark.description == "2:1")
    #expect(document.root?.mapping?.map(\.key) == ["a"])
  }

  @Test func `names from the text cannot write control characters into a message`() throws {
    let fault = try #require(parse("\"a\\e[31m\": 1\n\"a\\e[31m\": 1\n").faults.first)
    #expect(fault.reason == "key \"a?[31m\" comes a second time; the first is at 1:1")
  }
}

@Suite struct `The limits of a document` {
  @Test func `length, depth, values and faults each have an end`() {
    let long = parse("a: 1", limits: YAMLLimits(bytes: 3))
    let deep = parse(String(repeating: "[", count: 40), limits: YAMLLimits(depth: 8))
    let many = parse("[" + String(repeating: "1,", count: 40) + "]", limits: YAMLLimits(nodes: 8))
    let faulty = parse(String(repeating: "a: 1\n", count: 40), limits: YAMLLimits(faults: 8))
    for document in [long, deep, many] {
      #expect(document.faults.map(\.code) == [.limit])
    }
    #expect(faulty.faults.count == 9)
    #expect(faulty.faults.last?.code == .limit)
    #expect(many.root?.sequence?.count == 8)
    #expect(deep.faults.first?.mark.description == "1:9")
  }

  @Test func `the deepest nesting that libyaml itself would take is no danger`() {
    for text in ["[", "{a: ", "- ", "? "] {
      let document = parse(String(repeating: text, count: 100_000))
      #expect(document.faults.map(\.code) == [.limit])
    }
  }

  @Test(arguments: [
    "a", "a\n", "a ", "a: b\n", "a:", "[", "]", "{", "{a,", "[a,", "- ", "? ", ": ", "&a ", "*a ", "!a ",
    "!!a ", "!<a> ", "%TAG ! a:\n", "%a\n", "#", "#\n",
    "'", "''", "\"", "\\", "\"\\n", "|\n a\n", ">\n\n", "---\n", "...\n", "\t", "\r", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{1F600}", "[a: ", "[?", "{a: ,", "a:\n ",
    "- - - -\n", "\"a\": ", "<<: ",
  ])
  func `the largest text of any sort is read in a short time`(_ pattern: String) {
    let count = (1 << 20) / pattern.utf8.count
    let start = ContinuousClock.now
    let document = parse(String(repeating: pattern, count: count))
    #expect(document.faults.count <= 51)
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
