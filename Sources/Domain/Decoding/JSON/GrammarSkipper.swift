import Model

/// Passes over a value of which nothing is wanted but that it is JSON: what is left of a refused event.
///
/// Works without recursion, so that depth costs a bit and not a stack frame.
struct GrammarSkipper {
  private var containers = BitStack()

  /// What is expected next.
  private enum Expectation {
    case value
    case valueOrEnd
    case key
    case keyOrEnd
    case separator
  }

  /// Moves `at` behind the value that begins there; throws `.event` where it nests deeper than `deepest`.
  mutating func skip(
    _ tokens: inout TokenReader, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, deepest: Int
  ) throws(Interruption) {
    containers.removeAll()
    var expected = Expectation.value
    repeat {
      let byte = try tokens.peek(text, index, at)
      switch expected {
      case .value, .valueOrEnd:
        if expected == .valueOrEnd, byte == Byte.closeBracket {
          containers.pop()
          expected = .separator
        } else {
          expected = try value(&tokens, text, index, at, byte)
        }
      case .key, .keyOrEnd:
        if expected == .keyOrEnd, byte == Byte.closeBrace {
          containers.pop()
          expected = .separator
        } else {
          try key(&tokens, text, index, &at, byte)
          expected = .value
        }
      case .separator: expected = try separator(Int(index[at]), byte)
      }
      if containers.count > deepest { throw .event(EventFault(.tooDeep, .token(at), .tooDeep(deepest))) }
      at += 1
    } while expected != .separator || containers.count > 0
  }

  private mutating func value(
    _ tokens: inout TokenReader, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int, _ byte: UInt8
  ) throws(Interruption) -> Expectation {
    switch byte {
    case Byte.openBrace:
      containers.push(true)
      return .keyOrEnd
    case Byte.openBracket:
      containers.push(false)
      return .valueOrEnd
    default:
      try tokens.skipScalar(text, index, at, byte)
      return .separator
    }
  }

  private mutating func key(
    _ tokens: inout TokenReader, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8
  ) throws(Interruption) {
    guard byte == Byte.quote else { throw .syntax(.key, at: Int(index[at])) }
    try tokens.skipScalar(text, index, at, byte)
    at += 1
    guard try tokens.peek(text, index, at) == Byte.colon else { throw .syntax(.colon, at: Int(index[at])) }
  }

  private mutating func separator(_ position: Int, _ byte: UInt8) throws(Interruption) -> Expectation {
    let isObject = containers.top
    if byte == Byte.comma { return isObject ? .key : .value }
    guard byte == (isObject ? Byte.closeBrace : Byte.closeBracket) else {
      throw .syntax(isObject ? .memberEnd : .elementEnd, at: position)
    }
    containers.pop()
    return .separator
  }
}

/// A stack of bits.
struct BitStack {
  private var words: [UInt64] = []
  private(set) var count = 0

  mutating func removeAll() {
    count = 0
    words.removeAll(keepingCapacity: true)
  }

  mutating func push(_ bit: Bool) {
    if count / 64 == words.count { words.append(0) }
    let mask = UInt64(1) << UInt64(count % 64)
    if bit { words[count / 64] |= mask } else { words[count / 64] &= ~mask }
    count += 1
  }

  mutating func pop() {
    if count > 0 { count -= 1 }
  }

  var top: Bool {
    guard count > 0 else { return false }
    return words[(count - 1) / 64] >> UInt64((count - 1) % 64) & 1 == 1
  }
}
