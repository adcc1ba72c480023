/// The positions of tokens in a text that the vector pass has refused: the same positions, found byte by byte,
/// whatever is wrong within strings.
///
/// It lets the reader name the one faulty event in a text and take its neighbours.
struct CarefulIndex {
  /// Ascending positions, followed by the length of the text.
  private(set) var positions: [UInt32] = []
  /// Where the string begins that the text does not end, or -1.
  private(set) var unclosedQuote = -1

  mutating func build(over text: Span<UInt8>) {
    positions.removeAll(keepingCapacity: true)
    unclosedQuote = -1
    var position = 0
    var isWithinRun = false
    while position < text.count {
      let byte = text[position]
      switch byte {
      case Byte.quote:
        // Right behind a run, a quote belongs to it; the reader of the run will find it there.
        if !isWithinRun { positions.append(UInt32(truncatingIfNeeded: position)) }
        position = closingQuote(in: text, openedAt: position)
        isWithinRun = false
      case Byte.openBrace, Byte.closeBrace, Byte.openBracket, Byte.closeBracket, Byte.colon, Byte.comma:
        positions.append(UInt32(truncatingIfNeeded: position))
        isWithinRun = false
      case Byte.space, Byte.tab, Byte.lineFeed, Byte.carriageReturn:
        isWithinRun = false
      default:
        if !isWithinRun { positions.append(UInt32(truncatingIfNeeded: position)) }
        isWithinRun = true
      }
      position += 1
    }
    positions.append(UInt32(truncatingIfNeeded: text.count))
  }

  private mutating func closingQuote(in text: Span<UInt8>, openedAt start: Int) -> Int {
    var position = start + 1
    while position < text.count {
      switch text[position] {
      case Byte.quote: return position
      case Byte.backslash: position += 2
      default: position += 1
      }
    }
    unclosedQuote = start
    return text.count
  }
}
