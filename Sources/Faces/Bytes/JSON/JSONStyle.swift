// How a JSON value is written as text.
//
// The canonical text is that of RFC 8785: members by the UTF-16 code units of their names, no white space, no
// escape that is not needed, and numbers as ECMAScript writes the double that they are. Equal values have equal
// texts, so it is what hashes are taken over. The other styles are what common libraries write when they are not
// told otherwise.

/// A way of writing JSON.
public struct JSONStyle: Equatable, Sendable {
  /// Whether members stand by name, not as they were written.
  public var sortsNames = false
  /// Whether a space follows each comma and colon.
  public var isSpaced = false
  /// Whether everything beyond ASCII is escaped.
  public var isASCII = false
  /// Whether numbers are written by their value, not as they were written.
  public var normalizesNumbers = false

  /// A style of these choices.
  public init(
    sortsNames: Bool = false, isSpaced: Bool = false, isASCII: Bool = false, normalizesNumbers: Bool = false
  ) {
    self.sortsNames = sortsNames
    self.isSpaced = isSpaced
    self.isASCII = isASCII
    self.normalizesNumbers = normalizesNumbers
  }

  /// As it was written, without white space.
  public static let compact = Self()
  /// RFC 8785.
  public static let canonical = Self(sortsNames: true, normalizesNumbers: true)
}

extension JSONValue {
  /// The text of the value.
  public func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
    var output: [UInt8] = []
    write(style, to: &output)
    return output
  }

  private func write(_ style: JSONStyle, to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .boolean(let flag): output += (flag ? "true" : "false").utf8
    case .number(let number): output += (style.normalizesNumbers ? number.canonical : number.text).utf8
    case .text(let text): Self.write(text, style, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { style.separate(UInt8(ascii: ","), &output) }
        element.write(style, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, member) in object.members(style).enumerated() {
        if index > 0 { style.separate(UInt8(ascii: ","), &output) }
        Self.write(member.name, style, to: &output)
        style.separate(UInt8(ascii: ":"), &output)
        member.value.write(style, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, _ style: JSONStyle, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    if style.isASCII {
      for unit in text.utf16 {
        if unit < 0x80 { write(UInt8(unit), to: &output) } else { escape(unit, to: &output) }
      }
    } else {
      for byte in text.utf8 { write(byte, to: &output) }
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func write(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
    case 0x08: output += #"\b"#.utf8
    case 0x09: output += #"\t"#.utf8
    case 0x0A: output += #"\n"#.utf8
    case 0x0C: output += #"\f"#.utf8
    case 0x0D: output += #"\r"#.utf8
    case ..<0x20: escape(UInt16(byte), to: &output)
    default: output.append(byte)
    }
  }

  private static func escape(_ unit: UInt16, to output: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    output += (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8
  }
}

extension JSONStyle {
  fileprivate func separate(_ mark: UInt8, _ output: inout [UInt8]) {
    output.append(mark)
    if isSpaced { output.append(UInt8(ascii: " ")) }
  }
}

extension JSONObject {
  fileprivate func members(_ style: JSONStyle) -> [Member] {
    guard style.sortsNames else { return members }
    return members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
  }
}

extension JSONNumber {
  /// The double that it is, as ECMAScript writes it; as it was written where it is none.
  public var canonical: String {
    guard let value = double else { return text }
    guard value != 0 else { return "0" }
    let (digits, point) = Self.decimal(value.magnitude)
    return (value < 0 ? "-" : "") + Self.layout(digits, point)
  }

  /// The shortest digits that mean the value, and how many of them stand before the point.
  private static func decimal(_ value: Double) -> (digits: String, point: Int) {
    let parts = value.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let all = mantissa[0] + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leading)
    while digits.last == "0" { digits = digits.dropLast() }
    return (String(digits), mantissa[0].count + exponent - leading)
  }

  private static func layout(_ digits: String, _ point: Int) -> String {
    let count = digits.count
    switch point {
    case count...21: return digits + String(repeating: "0", count: point - count)
    case 1...21: return digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0: return "0." + String(repeating: "0", count: -point) + digits
    default:
      let rest = count > 1 ? "." + digits.dropFirst() : ""
      return digits.prefix(1) + rest + (point > 0 ? "e+" : "e-") + String(abs(point - 1))
    }
  }
}
