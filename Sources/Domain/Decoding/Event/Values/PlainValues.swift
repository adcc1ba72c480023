import Hashing
import Model

/// Values that mean nothing here: they are checked, hashed and redacted.
extension EventReader {
  /// Reads any value; `room` is how deep it may nest.
  mutating func value(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ room: Int, isSecret: Bool = false
  ) throws(Interruption) -> Hash128 {
    switch try tokens.peek(text, index, at) {
    case Byte.quote: return try string(text, index, &at, isSecret: isSecret)
    case Byte.openBrace: return try object(.any, text, index, &at, room)
    case Byte.openBracket: return try array(text, index, &at, room, isSecret: isSecret)
    case Byte.minus, Byte.zero...Byte.nine:
      let number = try tokens.number(text, index, at)
      guard number.isInRange else { throw .event(EventFault(.outOfRange, .token(at), .numberTooLarge)) }
      at += 1
      return ContentHash.of(number, text)
    default:
      let literal = try tokens.literal(text, index, at)
      at += 1
      return ContentHash.of(literal)
    }
  }

  private mutating func array(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ room: Int, isSecret: Bool
  ) throws(Interruption) -> Hash128 {
    var elements = ElementsHash()
    try forEachElement(text, index, &at, room) { reader, at throws(Interruption) in
      elements.add(try reader.value(text, index, &at, room - 1, isSecret: isSecret))
    }
    return elements.hash
  }

  /// Walks over the array at a token; `read` moves behind one element.
  @inline(__always)
  mutating func forEachElement(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ room: Int,
    _ read: (inout EventReader, inout Int) throws(Interruption) -> Void
  ) throws(Interruption) {
    guard room > 0 else { throw tooDeep(at) }
    at += 1
    if try tokens.peek(text, index, at) != Byte.closeBracket {
      while true {
        try read(&self, &at)
        let separator = try tokens.peek(text, index, at)
        if separator == Byte.closeBracket { break }
        guard separator == Byte.comma else { throw .syntax(.elementEnd, at: Int(index[at])) }
        at += 1
      }
    }
    at += 1
  }

  private mutating func string(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, isSecret: Bool
  ) throws(Interruption) -> Hash128 {
    let token = try tokens.string(text, index, at)
    let hash = try tokens.hash(token, text, at)
    at += 1
    if isSecret { redact(token, text) } else { maskSecrets(token, text) }
    return hash
  }

  /// Replaces a string, unless that is done already.
  private mutating func redact(_ token: StringToken, _ text: Span<UInt8>) {
    let mark = SecretScanner.replacement
    if token.range.count == mark.count {
      var isMarked = true
      for offset in mark.indices where text[token.start + offset] != mark[offset] { isMarked = false }
      if isMarked { return }
    }
    edits.replace(token.range, with: mark, isRedaction: true)
  }

  /// Replaces what looks like a bearer or provider key within a string.
  @inline(__always)
  mutating func maskSecrets(_ token: StringToken, _ text: Span<UInt8>) {
    if holdsSecret(token, text) { mask(token, text) }
  }

  @inline(__always)
  func holdsSecret(_ token: StringToken, _ text: Span<UInt8>) -> Bool {
    guard token.end - token.start >= SecretScanner.shortest else { return false }
    if token.isEscaped { return scanner.first(in: tokens.unescaped.span) != nil }
    return scanner.first(in: text.extracting(token.range)) != nil
  }

  private mutating func mask(_ token: StringToken, _ text: Span<UInt8>) {
    var masked: [UInt8] = []
    if token.isEscaped {
      _ = scanner.mask(tokens.unescaped.span, into: &masked)
    } else {
      _ = scanner.mask(text.extracting(token.range), into: &masked)
    }
    var written: [UInt8] = []
    Escapes.write(masked.span, to: &written)
    edits.replace(token.range, with: written, isRedaction: true)
  }
}
