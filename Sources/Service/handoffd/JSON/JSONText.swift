import Bytes

/// Valid JSON cut where it is, so that its parts stay as they were written.
enum JSONText {
  /// Without white space between its parts.
  static func compact(_ text: [UInt8]) -> [UInt8] {
    var compact: [UInt8] = []
    compact.reserveCapacity(text.count)
    var scan = Scan()
    for byte in text {
      scan.step(byte)
      let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
      if scan.isInText || !isSpace { compact.append(byte) }
    }
    return compact
  }

  /// The elements of a compact array; nil for anything else.
  static func elements(_ text: [UInt8]) -> [[UInt8]]? {
    guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count >= 2 else { return nil }
    return parts(text[1..<(text.count - 1)]).map { Array($0) }
  }

  /// The members of a compact object; nil for anything else.
  static func members(_ text: [UInt8]) -> [String: [UInt8]]? {
    guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count >= 2 else { return nil }
    var members: [String: [UInt8]] = [:]
    for part in parts(text[1..<(text.count - 1)]) {
      var scan = Scan()
      let colon = part.firstIndex { byte in
        scan.step(byte)
        return byte == UInt8(ascii: ":") && !scan.isInText
      }
      guard let colon, let name = JSONValue(Array(part[..<colon]))?.text else { return nil }
      members[name] = Array(part[(colon + 1)...])
    }
    return members
  }

  /// With everything that would act on a terminal escaped as JSON escapes it.
  static func escaped(_ text: [UInt8], where acts: (Unicode.Scalar) -> Bool) -> [UInt8] {
    var safe = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      guard acts(scalar) else {
        safe.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return Array(safe.utf8)
  }

  /// What stands between the outer commas.
  private static func parts(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var scan = Scan()
    var start = text.startIndex
    for index in text.indices {
      scan.step(text[index])
      if text[index] == UInt8(ascii: ","), scan.depth == 0, !scan.isInText {
        parts.append(text[start..<index])
        start = index + 1
      }
    }
    return text.isEmpty ? [] : parts + [text[start...]]
  }

  /// Where in a text one stands.
  private struct Scan {
    private(set) var depth = 0
    /// Inside of a string, its closing quote included.
    private(set) var isInText = false
    private var isOpen = false
    private var isEscaped = false

    mutating func step(_ byte: UInt8) {
      isInText = isOpen
      if isOpen {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isOpen = false
        }
        return
      }
      switch UnicodeScalar(byte) {
      case "\"": isOpen = true
      case "{", "[": depth += 1
      case "}", "]": depth -= 1
      default: break
      }
    }
  }
}
