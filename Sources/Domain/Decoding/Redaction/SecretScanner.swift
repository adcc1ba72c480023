/// Finds bearer and provider keys in text, wherever a word begins.
struct SecretScanner: Sendable {
  /// What takes the place of a secret.
  static let replacement = Array("[REDACTED]".utf8)
  /// No secret is shorter.
  static let shortest = 10

  /// For each first byte, a bit for each second byte (by its low five bits) that may begin a secret.
  private let secondBytes: [UInt32]
  /// For each byte, whether it goes on with a word: letters, digits and the underscore do.
  private let wordBytes: [Bool]
  /// For each first byte, the patterns that may begin with it.
  private let patterns: [[SecretPattern]]

  init(patterns all: [SecretPattern] = SecretPattern.all) {
    var secondBytes = [UInt32](repeating: 0, count: 256)
    var patterns = [[SecretPattern]](repeating: [], count: 256)
    for pattern in all {
      let first = Int(pattern.prefix[0])
      for byte in pattern.ignoresCase ? [first, first ^ 0x20] : [first] {
        secondBytes[byte] |= 1 << UInt32(pattern.prefix[1] & 31)
        patterns[byte].append(pattern)
      }
    }
    wordBytes = (0...255).map { Byte.isDigit($0) || ($0 | 0x20) &- 97 < 26 || $0 == UInt8(ascii: "_") }
    self.secondBytes = secondBytes
    self.patterns = patterns
  }

  /// The first secret in `text` that begins at `start`, which is the text's or behind another secret, or later.
  @inline(__always)
  func first(in text: Span<UInt8>, from start: Int = 0) -> Range<Int>? {
    guard text.count - start >= Self.shortest else { return nil }
    return search(text, from: start)
  }

  private func search(_ text: Span<UInt8>, from start: Int) -> Range<Int>? {
    let second = secondBytes.span
    let goesOn = wordBytes.span
    let last = text.count &- 1
    var position = start
    var undottedEnd = 0
    while position < last {
      if second[Int(text[position])] >> UInt32(text[position &+ 1] & 31) & 1 != 0,
        let end = end(of: text, from: position, &undottedEnd)
      {
        return position..<end
      }
      while position < last, goesOn[Int(text[position])] { position &+= 1 }
      position &+= 1
    }
    return nil
  }

  private func end(of text: Span<UInt8>, from start: Int, _ undottedEnd: inout Int) -> Int? {
    for pattern in patterns[Int(text[start])] {
      if let end = pattern.end(in: text, from: start, &undottedEnd) { return end }
    }
    return nil
  }

  /// Appends `text` with its secrets replaced; answers whether there were any.
  func mask(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    var position = 0
    var found = false
    while let secret = first(in: text, from: position) {
      for index in position..<secret.lowerBound { output.append(text[index]) }
      output.append(contentsOf: Self.replacement)
      position = secret.upperBound
      found = true
    }
    for index in position..<text.count { output.append(text[index]) }
    return found
  }
}
