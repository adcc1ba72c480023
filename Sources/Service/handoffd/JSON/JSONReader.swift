/// Reads JSON (RFC 8259) from bytes that are known to be UTF-8.
struct JSONReader {
  private var rest: ArraySlice<UInt8>
  private static let deepest = 64

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// Whether nothing but white space is left.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return rest.isEmpty
    }
  }

  /// The next value; nil when there is none.
  mutating func value(depth: Int) -> JSONValue? {
    skipSpace()
    guard depth < Self.deepest, let first = rest.first else { return nil }
    switch UnicodeScalar(first) {
    case "{": return object(depth)
    case "[": return array(depth)
    case "\"": return text().map(JSONValue.text)
    case "t": return take("true") ? .boolean(true) : nil
    case "f": return take("false") ? .boolean(false) : nil
    case "n": return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> JSONValue? {
    var members: [String: JSONValue] = [:]
    guard take("{") else { return nil }
    if take("}") { return .object([:]) }
    repeat {
      skipSpace()
      guard let key = text(), take(":"), let value = value(depth: depth + 1) else { return nil }
      members[key] = value
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(_ depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    guard take("[") else { return nil }
    if take("]") { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func number() -> JSONValue? {
    let digits = rest.prefix { byte in
      switch UnicodeScalar(byte) {
      case "0"..."9", "+", "-", ".", "e", "E": true
      default: false
      }
    }
    guard let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite else { return nil }
    rest = rest.dropFirst(digits.count)
    return .number(number)
  }

  private mutating func text() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        units += Array(String(scalar).utf8)
      case ..<0x20: return nil
      default: units.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> UnicodeScalar? {
    guard let letter = rest.popFirst() else { return nil }
    switch UnicodeScalar(letter) {
    case "\"", "\\", "/": return UnicodeScalar(letter)
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return codePoint()
    default: return nil
    }
  }

  private mutating func codePoint() -> UnicodeScalar? {
    guard let high = hexadecimal() else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return UnicodeScalar(high) }
    guard rest.starts(with: Array("\\u".utf8)) else { return nil }
    rest = rest.dropFirst(2)
    guard let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else { return nil }
    return UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
      return nil
    }
    rest = rest.dropFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  /// Steps over a word, and white space before it.
  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }
}
