/// Finds the JSON pointer (RFC 6901) of a token after the fact, so that reading good events costs nothing for it.
struct PointerFinder {
  /// No pointer gets longer than about this; what is deeper is left out.
  private static let longestPointer = 256
  private static let longestKey = 64

  private struct Level {
    var isObject: Bool
    var element = 0
    var key: Range<Int>?
    var awaitsKey: Bool
  }

  private var levels: [Level] = []
  private var depth = 0

  /// The pointer to the token `target` of the value whose first token is `first`.
  mutating func pointer(
    to target: Int, from first: Int, _ text: Span<UInt8>, _ index: Span<UInt32>
  ) -> String {
    levels.removeAll(keepingCapacity: true)
    depth = 0
    var at = first
    while at < target, Int(index[at]) < text.count {
      step(over: at, text, index)
      at += 1
    }
    if at == target, Int(index[at]) < text.count, let last = levels.indices.last, depth == levels.count,
      levels[last].awaitsKey, text[Int(index[at])] == Byte.quote
    {
      levels[last].key = stringRange(text, index, at)
    }
    return joined(text)
  }

  private mutating func step(over at: Int, _ text: Span<UInt8>, _ index: Span<UInt32>) {
    switch text[Int(index[at])] {
    case Byte.openBrace: open(isObject: true)
    case Byte.openBracket: open(isObject: false)
    case Byte.closeBrace, Byte.closeBracket: close()
    case Byte.comma: advance()
    case Byte.quote:
      guard depth == levels.count, let last = levels.indices.last, levels[last].awaitsKey else { return }
      levels[last].key = stringRange(text, index, at)
      levels[last].awaitsKey = false
    default: break
    }
  }

  private mutating func open(isObject: Bool) {
    if depth == levels.count, levels.count < 64 {
      levels.append(Level(isObject: isObject, awaitsKey: isObject))
    }
    depth += 1
  }

  private mutating func close() {
    guard depth > 0 else { return }
    if depth == levels.count { levels.removeLast() }
    depth -= 1
  }

  private mutating func advance() {
    guard depth == levels.count, let last = levels.indices.last else { return }
    if levels[last].isObject {
      levels[last].awaitsKey = true
      levels[last].key = nil
    } else {
      levels[last].element += 1
    }
  }

  private func stringRange(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) -> Range<Int> {
    let start = Int(index[at]) + 1
    var end = max(start, Int(index[at + 1]) - 1)
    while end > start, text[end] != Byte.quote { end -= 1 }
    return start..<end
  }

  private func joined(_ text: Span<UInt8>) -> String {
    var pointer: [UInt8] = []
    for level in levels where pointer.count < Self.longestPointer {
      if !level.isObject {
        pointer.append(Byte.slash)
        pointer.append(contentsOf: String(level.element).utf8)
      } else if let key = level.key {
        pointer.append(Byte.slash)
        append(key, of: text, to: &pointer)
      }
    }
    return String(decoding: pointer, as: UTF8.self)
  }

  private func append(_ key: Range<Int>, of text: Span<UInt8>, to pointer: inout [UInt8]) {
    var name: [UInt8] = []
    var fault: TextFault?
    let cut = key.lowerBound..<min(key.upperBound, key.lowerBound + 4 * Self.longestKey)
    _ = Escapes.resolve(text, cut, into: &name, fault: &fault)
    let shown = Excerpt.masked(name.span, longest: Self.longestKey)
    for byte in shown.utf8 {
      switch byte {
      case UInt8(ascii: "~"): pointer.append(contentsOf: Array("~0".utf8))
      case Byte.slash: pointer.append(contentsOf: Array("~1".utf8))
      default: pointer.append(byte)
      }
    }
  }
}
