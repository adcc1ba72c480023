/// Well-formed UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
  static func isValid(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      guard text[position] >= 0x80 else {
        position += 1
        continue
      }
      let length = sequence(text, at: position)
      guard length > 0 else { return false }
      position += length
    }
    return true
  }

  /// The length of the sequence of several bytes at a position; 0 where it is none.
  static func sequence(_ text: Span<UInt8>, at position: Int) -> Int {
    let lead = text[position]
    let second = position + 1 < text.count ? text[position + 1] : 0
    switch lead {
    case 0xc2...0xdf: return isTail(second) ? 2 : 0
    case 0xe0: return (0xa0...0xbf).contains(second) && isTail(text, position + 2) ? 3 : 0
    case 0xed: return (0x80...0x9f).contains(second) && isTail(text, position + 2) ? 3 : 0
    case 0xe1...0xef: return isTail(second) && isTail(text, position + 2) ? 3 : 0
    case 0xf0: return (0x90...0xbf).contains(second) && isTails(text, position + 2) ? 4 : 0
    case 0xf4: return (0x80...0x8f).contains(second) && isTails(text, position + 2) ? 4 : 0
    case 0xf1...0xf3: return isTail(second) && isTails(text, position + 2) ? 4 : 0
    default: return 0
    }
  }

  private static func isTail(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

  private static func isTail(_ text: Span<UInt8>, _ position: Int) -> Bool {
    position < text.count && isTail(text[position])
  }

  private static func isTails(_ text: Span<UInt8>, _ position: Int) -> Bool {
    isTail(text, position) && isTail(text, position + 1)
  }
}
