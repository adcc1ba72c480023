import Testing
import YAML

@Suite struct `The tree of a document` {
  @Test func `keys keep their order and know their place`() throws {
    let document = parse("listen: 127.0.0.1:9797\nretention: 90d\n")
    let entries = try #require(document.root?.mapping)
    #expect(document.faults.isEmpty)
    #expect(entries.map(\.key) == ["listen", "retention"])
    #expect(entries.map(\.mark.description) == ["1:1", "2:1"])
    #expect(entries.map(\.value.mark.description) == ["1:9", "2:12"])
    #expect(entries.map(\.value.scalar?.text) == ["127.0.0.1:9797", "90d"])
  }

  @Test func `lists and mappings nest`() throws {
    let document = parse("a:\n  - 1\n  - {b: [x, y]}\n")
    let list = try #require(document.root?.mapping?.first?.value.sequence)
    #expect(list.count == 2)
    #expect(list[0].scalar?.text == "1")
    let inner = try #require(list[1].mapping?.first?.value.sequence)
    #expect(inner.map(\.scalar?.text) == ["x", "y"])
    #expect(inner.map(\.mark.description) == ["3:10", "3:13"])
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
  func `a document without a value is empty and good`(_ text: String) {
    let document = parse(text)
    #expect(document.root == nil)
    #expect(document.faults.isEmpty)
  }

  @Test func `a byte order mark before the first key is skipped`() {
    let document = parse("\u{FEFF}a: b\n")
    #expect(document.root?.mapping?.first?.key == "a")
  }

  @Test(arguments: [
    ("true", false, true), ("False", false, false), ("\"true\"", true, nil), ("yes", false, nil),
    ("1", false, nil),
  ])
  func `truth is only true and false without quotes`(_ text: String, _ quoted: Bool, _ value: Bool?) throws {
    let scalar = try #require(parse("k: \(text)").root?.mapping?.first?.value.scalar)
    #expect(scalar.isQuoted == quoted)
    #expect(scalar.boolean == value)
  }

  @Test(arguments: [
    ("", true), ("~", true), ("null", true), ("''", false), ("\"null\"", false), ("0", false),
  ])
  func `nothing is written as nothing, a tilde or null`(_ text: String, _ isNull: Bool) throws {
    let scalar = try #require(parse("k: \(text)").root?.mapping?.first?.value.scalar)
    #expect(scalar.isNull == isNull)
  }

  @Test func `escapes, blocks and folded text are resolved`() throws {
    let document = parse("a: \"x\\ty\\u00e9\\0\"\nb: |\n  one\n  two\nc: >\n  one\n  two\n")
    let texts = try #require(document.root?.mapping).map(\.value.scalar?.text)
    #expect(texts == ["x\ty\u{E9}\0", "one\ntwo\n", "one two\n"])
  }
}

/// The document that a text makes.
func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLDocument {
  YAMLDocument.parse(Array(text.utf8), limits: limits)
}
