/// Finds the end of a value that is too long to be indexed, by its quotes and brackets alone.
enum ElementScanner {
  /// The position behind the value that begins at `start`; nil where the text ends before it.
  static func end(of text: Span<UInt8>, from start: Int) -> Int? {
    var depth = 0
    var position = start
    while position < text.count {
      switch text[position] {
      case Byte.quote:
        guard let close = closingQuote(text, openedAt: position) else { return nil }
        position = close
      case Byte.openBrace, Byte.openBracket: depth += 1
      case Byte.closeBrace, Byte.closeBracket:
        guard depth > 0 else { return position }
        depth -= 1
        if depth == 0 { return position + 1 }
      case Byte.comma where depth == 0: return position
      default: break
      }
      position += 1
    }
    return nil
  }

  private static func closingQuote(_ text: Span<UInt8>, openedAt start: Int) -> Int? {
    var position = start + 1
    while position < text.count {
      switch text[position] {
      case Byte.quote: return position
      case Byte.backslash: position += 2
      default: position += 1
      }
    }
    return nil
  }
}
