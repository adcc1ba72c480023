import JSONIndex

/// Control characters of Unicode: C0, DEL and C1.
enum ControlCharacters {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Whether UTF-8 text holds any.
  @inline(__always)
  static func areIn(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position &+ 8 <= text.count {
      let word = ByteSearch.word(in: text, at: position)
      // Top bits mark bytes that are not ASCII, below space, or DEL.
      let isDelete = (word ^ (ones &* 0x7f)) &- ones
      if (word | (word &- ones &* 0x20) | isDelete) & tops != 0 { return search(text, from: position) }
      position &+= 8
    }
    return position < text.count && search(text, from: position)
  }

  private static func search(_ text: Span<UInt8>, from start: Int) -> Bool {
    for position in start..<text.count {
      let byte = text[position]
      if byte < 0x20 || byte == 0x7f { return true }
      if byte == 0xc2, position + 1 < text.count, text[position + 1] < 0xa0 { return true }
    }
    return false
  }
}
