import Testing

@testable import TestSupport

@Suite struct MessageFramerTests {
  private static func message(_ type: Character, _ body: String) -> [UInt8] {
    let bytes = Array(body.utf8)
    let length = bytes.count + 4
    return [type.asciiValue ?? 0, 0, 0, UInt8(length >> 8), UInt8(length & 255)] + bytes
  }

  private static let startup: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47] + [0, 0, 0, 9, 0, 3, 0, 0, 0]

  @Test(arguments: [
    ("COMMIT", true), ("commit;", true), ("END", true), ("select 1; COMMIT ;", true), ("COMMIT WORK", true),
    ("select 'commit'", false), ("commit; select 1", false), ("COMMIT PREPARED 'x'", false), ("", false),
  ])
  func `only what ends a transaction commits`(query: String, commits: Bool) {
    #expect(MessageFramer.isCommit(query) == commits)
  }

  @Test(arguments: [1, 2, 3, 7, 1_000])
  func `a COMMIT is seen however the bytes are cut`(size: Int) {
    let stream =
      Self.startup + Self.message("d", String(repeating: "x", count: 300)) + Self.message("Q", "COMMIT\0")
      + Self.message("Q", "select 1\0")
    var framer = MessageFramer()
    var ends: [Int] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      let piece = stream[start..<min(start + size, stream.count)]
      ends += framer.step(piece).filter(\.commits).map { start + $0.end }
    }
    #expect(ends == [stream.count - 14])
  }

  @Test func `a COMMIT by the extended protocol counts at its Sync`() {
    var framer = MessageFramer()
    let stream =
      Self.startup + Self.message("P", "\0COMMIT\0\0\0") + Self.message("B", "\0\0\0\0\0\0\0\0")
      + Self.message("E", "\0\0\0\0\0") + Self.message("S", "") + Self.message("S", "")
    #expect(framer.step(stream[...]).map(\.commits) == [false, false, false, false, false, true, false])
  }

  @Test func `what was prepared under a name is run where it is bound`() {
    var framer = MessageFramer()
    let stream =
      Self.startup + Self.message("P", "one\0select 1\0\0\0") + Self.message("P", "two\0select 2\0\0\0")
      + Self.message("S", "") + Self.message("B", "\0one\0\0\0\0\0\0\0") + Self.message("E", "\0\0\0\0\0")
      + Self.message("S", "") + Self.message("Q", "select 3\0")
    #expect(framer.step(stream[...]).flatMap(\.statements) == ["select 1", "select 3"])
  }
}
