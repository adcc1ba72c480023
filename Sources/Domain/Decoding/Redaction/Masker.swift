// Masking what was refused: it may be no JSON at all, so it is taken as mere text.
//
// Wherever a colon or an equals sign follows a word that names a secret, quoted or not, what comes
// after is masked; what follows a key that begins with `_` or `$` is left out. Then everything that
// looks like a bearer or provider key is masked, wherever it stands. Rather too much than too little:
// this text is kept to find a mistake by, and nothing is computed from it.

/// Masks refused bytes and cuts them; what it gives is UTF-8 without NUL.
struct Masker {
  private static let longestKey = 256

  private let scanner: SecretScanner
  private let longest: Int
  private var output: [UInt8] = []

  init(scanner: SecretScanner, longest: Int) {
    self.scanner = scanner
    self.longest = longest
  }

  /// The beginning of `sent`, masked.
  consuming func mask(_ sent: Span<UInt8>) -> [UInt8] {
    let source = plain(sent)
    copy(source.span, isCut: sent.count > longest * 2)
    var masked: [UInt8] = []
    _ = scanner.mask(output.span, into: &masked)
    guard masked.count > longest else { return masked }
    var end = longest
    while end > 0, masked[end] & 0xc0 == 0x80 { end -= 1 }
    return Array(masked[..<end])
  }

  /// What is looked at: without NUL (which parts the letters of UTF-16), escaped letters made plain, as UTF-8.
  private func plain(_ sent: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for position in 0..<min(sent.count, longest * 2) where sent[position] != 0 {
      bytes.append(sent[position])
    }
    var source: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if let letter = escapedLetter(bytes, position) {
        source.append(letter)
        position += 6
      } else if bytes[position] < 0x80 {
        source.append(bytes[position])
        position += 1
      } else {
        let length = UTF8Check.sequence(bytes.span, at: position)
        source.append(contentsOf: length > 0 ? bytes[position..<(position + length)] : [0xef, 0xbf, 0xbd])
        position += max(1, length)
      }
    }
    return source
  }

  /// The letter, digit or sign that `\u00XX` at a position stands for.
  private func escapedLetter(_ bytes: [UInt8], _ start: Int) -> UInt8? {
    guard bytes[start] == Byte.backslash, start + 6 <= bytes.count, bytes[start + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = String(decoding: bytes[(start + 2)..<(start + 6)], as: UTF8.self)
    guard let value = UInt8(digits, radix: 16), value > 0x20, value < 0x7f, value != Byte.quote,
      value != Byte.backslash
    else { return nil }
    return value
  }

  private mutating func copy(_ source: Span<UInt8>, isCut: Bool) {
    var position = 0
    while position < source.count {
      let byte = source[position]
      output.append(byte)
      position += 1
      guard byte == Byte.colon || byte == UInt8(ascii: "=") else { continue }
      switch key(before: output.count - 1) {
      case .secret: position = maskValue(source, from: position)
      case .dropped: position = dropValue(source, from: position)
      case .plain: break
      }
    }
    // The last word may be the beginning of something that can no longer be told.
    if isCut { while let last = output.last, isWord(last) { output.removeLast() } }
  }

  private enum Meaning {
    case plain
    case secret
    case dropped
  }

  private func key(before colon: Int) -> Meaning {
    var end = colon
    while end > 0, Byte.isWhite(output[end - 1]) || isQuote(output[end - 1]) { end -= 1 }
    var start = end
    while start > 0, end - start < Self.longestKey, isWord(output[start - 1]) { start -= 1 }
    guard start < end else { return .plain }
    let isQuoted = start > 0 && isQuote(output[start - 1])
    if isQuoted, output[start] == UInt8(ascii: "_") || output[start] == UInt8(ascii: "$") { return .dropped }
    return SecretKey.matches(output.span.extracting(start..<end)) ? .secret : .plain
  }

  private func isQuote(_ byte: UInt8) -> Bool {
    byte == Byte.quote || byte == UInt8(ascii: "'") || byte == Byte.backslash
  }

  private func isWord(_ byte: UInt8) -> Bool {
    Byte.isDigit(byte) || (byte | 0x20) &- 97 < 26 || byte >= 0x80 || byte == UInt8(ascii: "_")
      || byte == Byte.minus || byte == Byte.dot || byte == UInt8(ascii: "$") || byte == Byte.slash
      || byte == Byte.plus
  }

  /// Puts the mark in place of the value that begins at a position; answers where to go on.
  private mutating func maskValue(_ source: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < source.count, Byte.isWhite(source[position]) {
      output.append(source[position])
      position += 1
    }
    guard position < source.count else { return position }
    switch source[position] {
    case Byte.openBrace: return position
    case Byte.openBracket: return maskList(source, from: position)
    case Byte.quote, UInt8(ascii: "'"), Byte.backslash: return maskString(source, from: position)
    default: return maskRun(source, from: position)
    }
  }

  private mutating func maskString(_ source: Span<UInt8>, from start: Int) -> Int {
    var open = start
    while source[open] == Byte.backslash, open + 1 < source.count { open += 1 }
    let quote = source[open]
    guard quote == Byte.quote || quote == UInt8(ascii: "'") else { return maskRun(source, from: start) }
    var end = open + 1
    while end < source.count, source[end] != quote {
      // Where the string itself stands within a string, its quotes are escaped.
      if source[end] == Byte.backslash, end + 1 < source.count {
        if open > start, source[end + 1] == quote { break }
        end += 1
      }
      end += 1
    }
    output.append(quote)
    output.append(contentsOf: SecretScanner.replacement)
    return min(end, source.count)
  }

  private mutating func maskList(_ source: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < source.count, source[position] != Byte.closeBracket, source[position] != Byte.openBrace {
      if source[position] == Byte.quote {
        position = maskString(source, from: position)
        guard position < source.count else { break }
      }
      output.append(source[position])
      position += 1
    }
    return position
  }

  /// Masks a value without quotes, unless it is a number or a word of JSON.
  private mutating func maskRun(_ source: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < source.count, !Byte.isWhite(source[end]), !isEnd(source[end]) { end += 1 }
    let run = String(decoding: (start..<end).map { source[$0] }, as: UTF8.self)
    guard !run.isEmpty, Double(run) == nil, !["null", "true", "false"].contains(run) else { return start }
    if ["bearer", "basic"].contains(run.lowercased()) {
      output.append(contentsOf: run.utf8)
      return maskValue(source, from: end)
    }
    output.append(contentsOf: SecretScanner.replacement)
    return end
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case Byte.comma, Byte.closeBrace, Byte.closeBracket, UInt8(ascii: "&"), UInt8(ascii: ";"), Byte.quote:
      true
    default: false
    }
  }

  private mutating func dropValue(_ source: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < source.count, Byte.isWhite(source[position]) { position += 1 }
    output.append(contentsOf: Array("null".utf8))
    guard position < source.count else { return position }
    return ElementScanner.end(of: source, from: position) ?? source.count
  }
}
