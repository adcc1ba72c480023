/// JSON strings, read.
public enum JSONText {
  /// Whether a value is a string.
  public static func isString(_ bytes: [UInt8], _ value: Range<Int>) -> Bool {
    value.count >= 2 && bytes[value.lowerBound] == UInt8(ascii: "\"")
  }

  /// What stands between the quotes of a string; any other value as it is.
  public static func inside(_ bytes: [UInt8], _ value: Range<Int>) -> Range<Int> {
    isString(bytes, value) ? (value.lowerBound + 1)..<(value.upperBound - 1) : value
  }

  /// The inside of a string with its escapes undone.
  public static func unescaped(_ bytes: [UInt8], _ inside: Range<Int>) -> [UInt8] {
    guard bytes[inside].contains(UInt8(ascii: "\\")) else { return Array(bytes[inside]) }
    var output: [UInt8] = []
    var at = inside.lowerBound
    while at < inside.upperBound {
      if bytes[at] == UInt8(ascii: "\\") {
        append(&output, escapeIn: bytes, &at, inside.upperBound)
      } else {
        output.append(bytes[at])
        at += 1
      }
    }
    return output
  }

  private static func append(_ output: inout [UInt8], escapeIn bytes: [UInt8], _ at: inout Int, _ end: Int) {
    guard at + 1 < end else { return at = end }
    let letter = bytes[at + 1]
    at += 2
    switch letter {
    case UInt8(ascii: "b"): output.append(8)
    case UInt8(ascii: "f"): output.append(12)
    case UInt8(ascii: "n"): output.append(10)
    case UInt8(ascii: "r"): output.append(13)
    case UInt8(ascii: "t"): output.append(9)
    case UInt8(ascii: "u"): output.append(contentsOf: Character(scalar(bytes, &at, end)).utf8)
    default: output.append(letter)
    }
  }

  private static func scalar(_ bytes: [UInt8], _ at: inout Int, _ end: Int) -> Unicode.Scalar {
    let high = unit(bytes, &at, end)
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high & 0xfc00 == 0xd800, at + 1 < end, bytes[at] == UInt8(ascii: "\\") else { return "\u{fffd}" }
    at += 2
    let low = unit(bytes, &at, end)
    guard low & 0xfc00 == 0xdc00 else { return "\u{fffd}" }
    return Unicode.Scalar(0x10000 + (high & 0x3ff) << 10 + low & 0x3ff) ?? "\u{fffd}"
  }

  /// Four hexadecimal digits.
  private static func unit(_ bytes: [UInt8], _ at: inout Int, _ end: Int) -> UInt32 {
    var value: UInt32 = 0
    let stop = min(at + 4, end)
    while at < stop {
      value = value << 4 | UInt32(Character(Unicode.Scalar(bytes[at])).hexDigitValue ?? 0)
      at += 1
    }
    return value
  }
}
