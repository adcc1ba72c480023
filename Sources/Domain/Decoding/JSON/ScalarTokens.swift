import Hashing

/// A word that JSON knows.
enum Literal {
  case yes
  case no
  case null
}

extension TokenReader {
  /// Where the run that begins at a token ends: before the white space in front of the next token.
  @inline(__always)
  func runEnd(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) -> Int {
    let start = Int(index[at])
    var end = Int(index[at + 1])
    while end > start + 1, Byte.isWhite(text[end - 1]) { end -= 1 }
    return end
  }

  /// The number at a token.
  @inline(__always)
  func number(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) throws(Interruption) -> NumberToken {
    let start = Int(index[at])
    let end = runEnd(text, index, at)
    guard let number = NumberToken(text, from: start, to: end) else { throw broken(.number, index, at) }
    return number
  }

  /// The number at a token, if it is one of a few digits and nothing else, as most are.
  @inline(__always)
  func plainNumber(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int
  ) -> (value: Int64, range: Range<Int>)? {
    let start = Int(index[at])
    let end = runEnd(text, index, at)
    guard end - start <= 15, end - start == 1 || text[start] != Byte.zero else { return nil }
    var value: Int64 = 0
    for position in start..<end {
      let digit = text[position] &- Byte.zero
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return (value, start..<end)
  }

  /// The word at a token.
  func literal(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) throws(Interruption) -> Literal {
    let start = Int(index[at])
    let end = runEnd(text, index, at)
    var letters: UInt64 = 0
    if end - start <= 5 {
      for position in start..<end { letters = letters << 8 | UInt64(text[position]) }
    }
    switch letters {
    case 0x7472_7565: return .yes
    case 0x66_616c_7365: return .no
    case 0x6e75_6c6c: return .null
    default: throw broken((text[start] | 0x20) &- 97 < 26 ? .word : .value, index, at)
    }
  }

  /// A run that the window cuts off may yet become a word or a number.
  private func broken(_ fault: SyntaxFault, _ index: Span<UInt32>, _ at: Int) -> Interruption {
    at + 2 == index.count && !state.isFinal ? .incomplete : .syntax(fault, at: Int(index[at]))
  }

  /// Checks that a string, number or word is JSON.
  mutating func skipScalar(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int, _ byte: UInt8
  ) throws(Interruption) {
    switch byte {
    case Byte.quote:
      do {
        let token = try string(text, index, at)
        if token.isEscaped { _ = try hash(token, text, at) }
      } catch .event {
        // What a string says does not matter here.
      }
    case Byte.minus, Byte.zero...Byte.nine: _ = try number(text, index, at)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      _ = try literal(text, index, at)
    default: throw .syntax(.value, at: Int(index[at]))
    }
    if !state.isFinal, at + 2 == index.count, byte != Byte.quote { throw .incomplete }
  }
}
