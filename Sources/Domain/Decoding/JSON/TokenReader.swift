import Hashing
import JSONIndex
import Model

/// Where the characters of a string stand, its quotes left out.
struct StringToken {
  var start: Int
  var end: Int
  /// Whether its characters are not what it says, because there are escapes among them.
  var isEscaped: Bool

  var range: Range<Int> { start..<end }
  var quoted: Range<Int> { (start - 1)..<(end + 1) }
}

/// The text that tokens are read from, as far as reading depends on it.
struct TextState {
  /// Whether the text went through the byte-by-byte index, so that strings are still to be checked.
  var isCareful = false
  /// Whether the text's end is the end of everything.
  var isFinal = true
  /// Where the string begins that the text does not end, or -1.
  var unclosedQuote = -1
  /// The first backslash at `escapesKnownFrom` or later.
  fileprivate var nextEscape = -1
  fileprivate var escapesKnownFrom = 0

  init(isCareful: Bool = false, isFinal: Bool = true, unclosedQuote: Int = -1) {
    self.isCareful = isCareful
    self.isFinal = isFinal
    self.unclosedQuote = unclosedQuote
  }
}

/// Reads single tokens off an indexed text: what all readers of JSON here have in common.
///
/// `index` is the list of token positions, followed by the length of the text.
struct TokenReader {
  var state = TextState()
  /// The characters of the last string that had escapes.
  private(set) var unescaped: [UInt8] = []

  /// The first byte of a token.
  @inline(__always)
  func peek(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) throws(Interruption) -> UInt8 {
    let position = Int(index[at])
    guard position < text.count else { throw end(at: position) }
    return text[position]
  }

  func end(at position: Int) -> Interruption {
    state.isFinal ? .syntax(.truncated, at: position) : .incomplete
  }

  /// The string at a token that begins with a quote.
  @inline(__always)
  mutating func string(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int
  ) throws(Interruption) -> StringToken {
    let start = Int(index[at]) + 1
    // Nothing but white space can stand between a string's last quote and the next token.
    var end = Int(index[at + 1]) - 1
    while end > start, Byte.isWhite(text[end]) { end -= 1 }
    if state.isCareful {
      guard start - 1 != state.unclosedQuote else {
        throw state.isFinal ? .syntax(.unclosedString, at: start - 1) : .incomplete
      }
      try checkRaw(text, start..<end, at)
    }
    return StringToken(start: start, end: end, isEscaped: hasEscape(text, start, end))
  }

  /// The hash of what a string says; its characters are left in `unescaped` if it has escapes.
  @inline(__always)
  mutating func hash(
    _ token: StringToken, _ text: Span<UInt8>, _ at: Int
  ) throws(Interruption) -> Hash128 {
    guard token.isEscaped else { return Hash.hash128(text.extracting(token.range)) }
    try unescape(token, text, at)
    return Hash.hash128(unescaped)
  }

  /// Whether there is a backslash in a range; each backslash of the text is looked for once.
  @inline(__always)
  private mutating func hasEscape(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    if start < state.escapesKnownFrom || start > state.nextEscape { findEscape(text, from: start) }
    return state.nextEscape < end
  }

  private mutating func findEscape(_ text: Span<UInt8>, from start: Int) {
    let known = state.escapesKnownFrom
    if start < known, state.nextEscape >= known {
      // Going back: only what lies before the part that is known has to be searched.
      let found = ByteSearch.first(Byte.backslash, in: text.extracting(0..<known), from: start)
      if found < known { state.nextEscape = found }
    } else {
      state.nextEscape = ByteSearch.first(Byte.backslash, in: text, from: start)
    }
    state.escapesKnownFrom = start
  }

  /// Checks what the vector pass would have checked of a string's bytes.
  private func checkRaw(_ text: Span<UInt8>, _ range: Range<Int>, _ at: Int) throws(Interruption) {
    var hasNUL = false
    for position in range {
      let byte = text[position]
      guard byte < Byte.space else { continue }
      guard byte == 0 else { throw .syntax(.controlCharacter, at: position) }
      hasNUL = true
    }
    if hasNUL { throw .event(EventFault(.invalidText, .token(at), .nul)) }
    if !UTF8Check.isValid(text.extracting(range)) {
      throw .event(EventFault(.invalidText, .token(at), .brokenUTF8))
    }
  }

  /// Leaves what a string with escapes says in `unescaped`.
  mutating func unescape(
    _ token: StringToken, _ text: Span<UInt8>, _ at: Int
  ) throws(Interruption) {
    unescaped.removeAll(keepingCapacity: true)
    var fault: TextFault?
    if let position = Escapes.resolve(text, token.range, into: &unescaped, fault: &fault) {
      throw .syntax(.escape, at: position)
    }
    switch fault {
    case .nul: throw .event(EventFault(.invalidText, .token(at), .nul))
    case .loneSurrogate: throw .event(EventFault(.invalidText, .token(at), .loneSurrogate))
    case nil: break
    }
  }
}
