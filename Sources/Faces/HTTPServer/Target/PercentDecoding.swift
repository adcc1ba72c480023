/// Strict percent-decoding of one path segment or one half of a query pair.
enum PercentDecoding {
  /// What `bytes` say, or why they say nothing: a broken escape, a NUL, or text that is not UTF-8.
  static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(TargetFault) -> String {
    guard bytes.contains(where: { $0 == UInt8(ascii: "%") || ($0 == UInt8(ascii: "+") && plusIsSpace) })
    else {
      return try text(bytes)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        decoded.append(try escape(bytes, at: index))
        index += 3
      } else {
        decoded.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return try text(decoded[...])
  }

  private static func escape(_ bytes: ArraySlice<UInt8>, at index: Int) throws(TargetFault) -> UInt8 {
    guard bytes.endIndex - index > 2, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
    else { throw .brokenEscape }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) throws(TargetFault) -> String {
    guard !bytes.contains(0) else { throw .containsNUL }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return text
  }
}
