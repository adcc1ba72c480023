// What a PostgreSQL client sends, cut into messages as it passes: enough of protocol 3 to see a statement go by.
//
// A message is a type byte, a length of four bytes that counts itself, and a body. Only the first message (and the
// requests for encryption and cancellation, which come in its place) has no type byte. Bodies are kept as far as
// `captured`; copied rows pass unseen.

/// Sees where messages end in a stream of bytes, and what they make the server run.
struct MessageFramer {
  /// A message that ended in the bytes just given.
  struct Passed: Equatable {
    /// Where in those bytes the next one begins.
    var end: Int
    /// What it makes the server run, as far as it is kept.
    var statements: [String] = []

    /// Whether it makes the server commit.
    var commits: Bool { statements.contains { MessageFramer.isCommit($0) } }
  }

  private static let captured = 2_048
  private var isStartup = true
  private var header: [UInt8] = []
  private var body: [UInt8] = []
  private var left = 0
  private var prepared: [[UInt8]: String] = [:]
  /// What was bound since the last Sync.
  private var bound: [String] = []

  /// Takes what came next.
  mutating func step(_ bytes: ArraySlice<UInt8>) -> [Passed] {
    var passed: [Passed] = []
    var at = bytes.startIndex
    while at < bytes.endIndex {
      if header.count < headerSize {
        header.append(bytes[at])
        at += 1
        if header.count == headerSize { left = max(0, bodySize) }
      } else {
        let piece = bytes[at..<min(bytes.endIndex, at + left)]
        body += piece.prefix(Self.captured - body.count)
        left -= piece.count
        at += piece.count
      }
      if header.count == headerSize, left == 0 {
        passed.append(Passed(end: at - bytes.startIndex, statements: finish()))
      }
    }
    return passed
  }

  private var headerSize: Int { isStartup ? 4 : 5 }

  private var bodySize: Int {
    header.suffix(4).reduce(0) { $0 << 8 | Int($1) } - 4
  }

  private mutating func finish() -> [String] {
    defer {
      header.removeAll()
      body.removeAll()
    }
    if isStartup {
      // Version 3.x is the real one; 1234.x asks for something first.
      isStartup = body.prefix(2) != [0, 3]
      return []
    }
    switch header[0] {
    case UInt8(ascii: "Q"): return [Self.text(body)]
    case UInt8(ascii: "P"): noteParse()
    case UInt8(ascii: "B"): noteBind()
    case UInt8(ascii: "S"):
      defer { bound = [] }
      return bound
    default: break
    }
    return []
  }

  /// Statement name, query.
  private mutating func noteParse() {
    let parts = body.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { prepared[Array(parts[0])] = Self.text(parts[1]) }
  }

  /// Portal name, statement name.
  private mutating func noteBind() {
    let parts = body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    if parts.count >= 2, let statement = prepared[Array(parts[1])] { bound.append(statement) }
  }

  private static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Whether the last statement of `query` is COMMIT or END.
  static func isCommit(_ query: String) -> Bool {
    let statement = query.uppercased().split(separator: ";").last { $0.contains { !$0.isWhitespace } }
    let words = (statement ?? "").split { $0.isWhitespace }
    return (words.first == "COMMIT" || words.first == "END") && !words.contains("PREPARED")
  }
}
