/// Finds bearer and provider keys in text, wherever a word begins.
struct SecretScanner: Sendable {
  /// What takes the place of a secret.
  static let replacement = Array("[REDACTED]".utf8)
  /// No secret is shorter.
  static let shortest = 10

  /// For each first byte, a bit for each second byte (by its low five bits) that may begin a secret.
  private let secondBytes: [UInt32]
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
    var position = start
    var undottedEnd = 0
    var mayBegin = true
    while position < text.count &- 1 {
      let byte = text[position]
      if mayBegin, second[Int(byte)] >> UInt32(text[position &+ 1] & 31) & 1 != 0,
        let end = end(of: text, from: position, &undottedEnd)
      {
        return position..<end
      }
      mayBegin = !Self.isWord(byte)
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

  /// Letters, digits and the underscore make words.
  @inline(__always)
  private static func isWord(_ byte: UInt8) -> Bool {
    Byte.isDigit(byte) || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "_")
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
