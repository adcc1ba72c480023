/// A cursor over JSON that passes over values without reading them.
struct JSONSkimmer {
  private let bytes: [UInt8]
  private var at: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    end = min(range.upperBound, bytes.count)
    at = min(range.lowerBound, end)
  }

  /// Passes over a byte that stands next, blanks before it aside.
  mutating func skip(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard at < end, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipBlanks() {
    while at < end, bytes[at] <= 32 { at += 1 }
  }

  /// The inside of the string that stands next.
  mutating func string() -> Range<Int>? {
    guard skip(UInt8(ascii: "\"")) else { return nil }
    let start = at
    while at < end, bytes[at] != UInt8(ascii: "\"") {
      at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard at < end else { return nil }
    at += 1
    return start..<(at - 1)
  }

  /// The value that stands next, quotes and brackets included.
  mutating func value() -> Range<Int>? {
    skipBlanks()
    let start = at
    var depth = 0
    repeat {
      skipBlanks()
      guard at < end, step(&depth) else { return nil }
    } while depth > 0
    return start..<at
  }

  /// Passes over one bracket, string, mark or word; false where none of them stands.
  private mutating func step(_ depth: inout Int) -> Bool {
    switch bytes[at] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      at += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      at += 1
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: ","), UInt8(ascii: ":"):
      guard depth > 0 else { return false }
      at += 1
    default: while at < end, !Self.endsWord(bytes[at]) { at += 1 }
    }
    return depth >= 0
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"),
      UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
      true
    default: false
    }
  }
}
