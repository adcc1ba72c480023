/// What stands for the bytes that would end a value or a line.
enum Escaping {
  /// Appends a text with backslash and line feed escaped, and the double quote where it would end the value.
  static func append(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: "\\\"".utf8)
      default: bytes.append(byte)
      }
    }
  }

  /// A carriage return may end a line for a scraper and has no escape: its symbol takes its place, in
  /// every format, so that a series has one name.
  static func withoutReturns(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\r" ? "\u{240D}" : $0 }))
  }
}
