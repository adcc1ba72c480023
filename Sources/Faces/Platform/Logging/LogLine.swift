/// One line of the log as bytes; whatever the values hold, it stays one line and moves no cursor.
struct LogLine {
  /// Bytes a value may have; more is cut.
  static let valueLimit = 256
  private static let messageLimit = 1_024

  static func render(
    _ format: Log.Format, _ time: WallTime, _ level: Log.Level, _ message: String,
    _ fields: [(String, LogValue)]
  ) -> String {
    switch format {
    case .text:
      var line = "\(time) \(level.name.uppercased()) \(escaped(message, limit: messageLimit, quote: false))"
      for (name, value) in fields { line += " \(name)=\(text(value))" }
      return line + "\n"
    case .json:
      var line = "{\"time\":\"\(time)\",\"level\":\"\(level.name)\""
      line += ",\"message\":\"\(escaped(message, limit: messageLimit, quote: true))\""
      for (name, value) in fields { line += ",\"\(escaped(name, limit: 64, quote: true))\":\(json(value))" }
      return line + "}\n"
    }
  }

  private static func text(_ value: LogValue) -> String {
    guard case .text(let string) = value else { return json(value) }
    let plain = !string.isEmpty && string.utf8.count <= valueLimit && string.utf8.allSatisfy(isPlain)
    return plain ? string : "\"\(escaped(string, limit: valueLimit, quote: true))\""
  }

  private static func json(_ value: LogValue) -> String {
    switch value {
    case .text(let string): "\"\(escaped(string, limit: valueLimit, quote: true))\""
    case .integer(let number): String(number)
    case .number(let number): number.isFinite ? "\(number)" : "\"\(number)\""
    case .flag(let flag): flag ? "true" : "false"
    }
  }

  /// Needs no quotes in a text line: printable ASCII but space, quote, equals sign and backslash.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x3D && byte != 0x5C
  }

  private static func escaped(_ string: String, limit: Int, quote: Bool) -> String {
    var result = ""
    var size = 0
    for scalar in string.unicodeScalars {
      size += UTF8.width(scalar)
      if size > limit { return result + "…" }
      switch scalar {
      case "\"" where quote: result += "\\\""
      case "\\" where quote: result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if isHarmful(scalar) { result += code(scalar) } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// Controls, line separators, and what changes the direction or hides.
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    default: false
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
