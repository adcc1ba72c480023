/// What a string may say in JSON, but not here.
enum TextFault {
  case nul
  case loneSurrogate
}

/// The escapes within JSON strings.
enum Escapes {
  /// Appends what a string says; answers the position of an escape that JSON does not know.
  static func resolve(
    _ text: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8], fault: inout TextFault?
  ) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = text[position]
      guard byte == Byte.backslash else {
        output.append(byte)
        position += 1
        continue
      }
      guard position + 1 < range.upperBound else { return position }
      if let plain = single(text[position + 1]) {
        output.append(plain)
        position += 2
      } else if let next = resolveHex(text, position..<range.upperBound, into: &output, fault: &fault) {
        position = next
      } else {
        return position
      }
    }
    return nil
  }

  private static func single(_ letter: UInt8) -> UInt8? {
    switch letter {
    case Byte.quote, Byte.backslash, Byte.slash: letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "r"): 0x0d
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// Resolves `\uXXXX`, or two of them; answers the position behind, or nil where it is none.
  private static func resolveHex(
    _ text: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8], fault: inout TextFault?
  ) -> Int? {
    let start = range.lowerBound
    guard let unit = unit(text, start, below: range.upperBound) else { return nil }
    if unit & 0xfc00 == 0xd800, let low = self.unit(text, start + 6, below: range.upperBound),
      low & 0xfc00 == 0xdc00
    {
      append(0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff, to: &output)
      return start + 12
    }
    if unit & 0xf800 == 0xd800 {
      fault = fault ?? .loneSurrogate
    } else {
      if unit == 0 { fault = fault ?? .nul }
      append(unit, to: &output)
    }
    return start + 6
  }

  private static func unit(_ text: Span<UInt8>, _ start: Int, below end: Int) -> UInt32? {
    guard start + 6 <= end, text[start] == Byte.backslash, text[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var value: UInt32 = 0
    for position in (start + 2)..<(start + 6) {
      guard let digit = hexDigit(text[position]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 48)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - 87)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - 55)
    default: nil
    }
  }

  private static func append(_ value: UInt32, to output: inout [UInt8]) {
    guard let scalar = Unicode.Scalar(value) else { return }
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// Appends bytes as the inside of a JSON string.
  static func write(_ text: Span<UInt8>, to output: inout [UInt8]) {
    for position in text.indices {
      let byte = text[position]
      switch byte {
      case Byte.quote, Byte.backslash: output.append(contentsOf: [Byte.backslash, byte])
      case ..<Byte.space:
        output.append(contentsOf: Array("\\u00".utf8))
        output.append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        output.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
      default: output.append(byte)
      }
    }
  }
}
