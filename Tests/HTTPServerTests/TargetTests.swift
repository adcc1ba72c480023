import Testing

@testable import HTTPServer

@Suite struct TargetTests {
  @Test(arguments: [
    ("/", []), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]),
    ("/a%2Fb/c", ["a/b", "c"]), ("/a%2fb", ["a/b"]), ("/%252F", ["%2F"]), ("/%2e%2e/..", ["..", ".."]),
    ("/%C3%A9/é", ["é", "é"]), ("/a+b", ["a+b"]), ("/a%20b%0A", ["a b\n"]), ("/%F0%9F%98%80", ["😀"]),
    ("http://host:80/a", ["a"]), ("HTTPS://h/", []), ("/a?b/c", ["a"]), ("/a;b=c", ["a;b=c"]),
  ])
  func `a path is split raw and each segment decoded once`(target: String, path: [String]) throws {
    #expect(try RequestTarget(Array(target.utf8)).path == path)
  }

  @Test(
    arguments: [
      ("/?", []), ("/?a", [("a", "")]), ("/?a=", [("a", "")]), ("/?a=b=c", [("a", "b=c")]),
      ("/?=b", [("", "b")]),
      ("/?a=1&a=2", [("a", "1"), ("a", "2")]), ("/?&&a=1&", [("a", "1")]), ("/?a+b=c+d", [("a b", "c d")]),
      ("/?a%3Db=%26%2B", [("a=b", "&+")]), ("/?a=%C3%A9/?", [("a", "é/?")]),
      ("/?a%25=%2541", [("a%", "%41")]),
    ] as [(String, [(String, String)])])
  func `a query is split raw and each half decoded once`(target: String, query: [(String, String)]) throws {
    let read = try RequestTarget(Array(target.utf8)).query
    #expect(read == query.map { RequestTarget.Parameter(name: $0.0, value: $0.1) })
  }

  @Test(
    arguments: [
      ("", .malformed), ("a", .malformed), ("*", .malformed), ("?a", .malformed), ("ftp://a/b", .malformed),
      ("http:///a", .malformed), ("http://a", .malformed), ("http://a?b/c", .malformed),
      ("/a b", .invalidCharacter), ("/a\t", .invalidCharacter), ("/a#b", .invalidCharacter),
      ("/\u{7F}", .invalidCharacter),
      ("/\u{0}", .containsNUL), ("/%00", .containsNUL), ("/a?b=%00", .containsNUL), ("/a?%00", .containsNUL),
      ("/%", .brokenEscape), ("/%4", .brokenEscape), ("/%4/1", .brokenEscape), ("/%GG", .brokenEscape),
      ("/%-1", .brokenEscape), ("/?a=%2", .brokenEscape), ("/%%31", .brokenEscape),
      ("/%FF", .notUTF8), ("/%C3", .notUTF8), ("/%C0%80", .notUTF8), ("/%ED%A0%80", .notUTF8),
      ("/%F4%90%80%80", .notUTF8), ("/%C3/%A9", .notUTF8), ("/?a=%C3&%A9", .notUTF8),
    ] as [(String, TargetFault)])
  func `a target that could be read in two ways is refused`(target: String, fault: TargetFault) {
    #expect(throws: fault) { try RequestTarget(Array(target.utf8)) }
  }

  @Test func `bytes that are not UTF-8 are refused as they are`() {
    #expect(throws: TargetFault.notUTF8) { try RequestTarget([47, 0xFF]) }
    #expect(throws: TargetFault.notUTF8) { try RequestTarget([47, 0xC0, 0xAF]) }
  }

  @Test func `parts are counted`() {
    let segments = String(repeating: "/a", count: RequestTarget.maximumSegments)
    #expect(throws: Never.self) { try RequestTarget(Array(segments.utf8)) }
    #expect(throws: TargetFault.tooManyParts) { try RequestTarget(Array((segments + "/a").utf8)) }
    let pairs = "/?" + String(repeating: "a&", count: RequestTarget.maximumParameters)
    #expect(throws: Never.self) { try RequestTarget(Array(pairs.utf8)) }
    #expect(throws: TargetFault.tooManyParts) { try RequestTarget(Array((pairs + "a").utf8)) }
  }
}
