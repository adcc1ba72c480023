/// What a kind of secret looks like: a beginning that gives it away, and what must follow.
struct SecretPattern: Sendable {
  /// The bytes a secret's rest is made of.
  enum Alphabet: Sendable {
    case alphanumeric
    case upper
    case url
    case token
  }

  /// How much the rest must look like chance before it is believed.
  enum Evidence: Sendable {
    /// Its length is enough.
    case length
    /// It needs a digit, a capital, or to be long and of letters alone: names of things have dashes.
    case chance
    /// A digit, a capital beyond the first letter or a sign; or nothing else in the whole text.
    case bearer
    /// Two parts or more between dots.
    case dotted
  }

  var prefix: [UInt8]
  var alphabet: Alphabet
  var minimum: Int
  var evidence: Evidence = .length
  /// Whether the beginning may be written in any case.
  var ignoresCase = false

  private init(
    _ prefix: String, _ alphabet: Alphabet, _ minimum: Int, _ evidence: Evidence = .length,
    ignoresCase: Bool = false
  ) {
    self.prefix = Array(prefix.utf8)
    self.alphabet = alphabet
    self.minimum = minimum
    self.evidence = evidence
    self.ignoresCase = ignoresCase
  }

  /// Bearer and provider keys in use.
  static let all: [Self] = [
    Self("Bearer ", .token, 3, .bearer, ignoresCase: true),
    Self("Basic ", .token, 8, .bearer),
    Self("eyJ", .url, 8, .dotted),
    Self("sk-", .url, 12, .chance),
    Self("sk_live_", .alphanumeric, 8), Self("sk_test_", .alphanumeric, 8),
    Self("rk_live_", .alphanumeric, 8), Self("rk_test_", .alphanumeric, 8),
    Self("whsec_", .url, 16),
    Self("ghp_", .alphanumeric, 12), Self("gho_", .alphanumeric, 12), Self("ghu_", .alphanumeric, 12),
    Self("ghs_", .alphanumeric, 12), Self("ghr_", .alphanumeric, 12), Self("github_pat_", .url, 16),
    Self("glpat-", .url, 12),
    Self("AKIA", .upper, 12), Self("ASIA", .upper, 12),
    Self("xoxb-", .url, 8), Self("xoxp-", .url, 8), Self("xoxa-", .url, 8), Self("xoxr-", .url, 8),
    Self("xoxs-", .url, 8), Self("xoxe-", .url, 8), Self("xapp-", .url, 8),
    Self("AIza", .url, 28), Self("ya29.", .url, 16),
    Self("hf_", .alphanumeric, 20), Self("gsk_", .alphanumeric, 20), Self("xai-", .alphanumeric, 20),
    Self("npm_", .alphanumeric, 20), Self("pypi-", .url, 24), Self("dop_v1_", .alphanumeric, 20),
    Self("r8_", .alphanumeric, 20), Self("pplx-", .alphanumeric, 20), Self("lsv2_", .url, 20),
    Self("SG.", .url, 16, .dotted),
  ]

  /// How much of a secret's rest is looked at before it is believed, so that a long text of many beginnings
  /// costs no more than its length.
  private static let evidenceLength = 32

  /// The end of the secret that begins at `start`, or nil where there is none.
  ///
  /// `undottedEnd` is carried from one call to the next over the same text.
  func end(in text: Span<UInt8>, from start: Int, _ undottedEnd: inout Int) -> Int? {
    guard start + prefix.count + minimum <= text.count, hasPrefix(text, start) else { return nil }
    let first = start + prefix.count
    guard evidence != .dotted else { return dottedEnd(text, from: first, &undottedEnd) }
    let head = runEnd(text, from: first, below: min(text.count, first + Self.evidenceLength))
    guard head - first >= minimum else { return nil }
    guard evidence != .bearer else { return bearerEnd(text, start, first) }
    guard evidence == .length || isLikeChance(text, first, head) else { return nil }
    return runEnd(text, from: head, below: text.count)
  }

  private func runEnd(_ text: Span<UInt8>, from start: Int, below limit: Int) -> Int {
    var end = start
    while end < limit, belongs(text[end]) { end += 1 }
    return end
  }

  private func hasPrefix(_ text: Span<UInt8>, _ start: Int) -> Bool {
    for offset in prefix.indices {
      let byte = text[start + offset]
      guard byte == prefix[offset] || (ignoresCase && byte | 0x20 == prefix[offset] | 0x20) else {
        return false
      }
    }
    return true
  }

  private func belongs(_ byte: UInt8) -> Bool {
    if Byte.isDigit(byte) || byte &- 65 < 26 { return true }
    guard alphabet != .upper else { return false }
    if byte &- 97 < 26 { return true }
    switch byte {
    case Byte.minus, UInt8(ascii: "_"): return alphabet != .alphanumeric
    case Byte.dot, UInt8(ascii: "~"), Byte.plus, Byte.slash, UInt8(ascii: "="): return alphabet == .token
    default: return false
    }
  }

  /// The end of parts between dots: one of the least length, and something behind.
  private func dottedEnd(_ text: Span<UInt8>, from first: Int, _ undottedEnd: inout Int) -> Int? {
    if undottedEnd <= first { undottedEnd = runEnd(text, from: first, below: text.count) }
    let dot = undottedEnd
    guard dot - first >= minimum, dot < text.count, text[dot] == Byte.dot else { return nil }
    var end = dot
    while end < text.count, belongs(text[end]) || text[end] == Byte.dot { end += 1 }
    while end > dot, text[end - 1] == Byte.dot { end -= 1 }
    return end - dot > 3 ? end : nil
  }

  private func bearerEnd(_ text: Span<UInt8>, _ start: Int, _ first: Int) -> Int? {
    var end = runEnd(text, from: first, below: text.count)
    // A full stop belongs to the sentence around.
    while end > first, text[end - 1] == Byte.dot { end -= 1 }
    var isOdd = false
    for position in first..<end where !isOdd {
      let byte = text[position]
      let isCapital = byte &- 65 < 26 && position > first
      isOdd = isCapital || Byte.isDigit(byte) || (byte < 48 && byte != Byte.minus)
    }
    let isWhole = start == 0 && end == text.count
    let isEnough = isOdd ? isWhole || end - first >= 6 : isWhole && text[0] == UInt8(ascii: "B")
    return isEnough && end - first >= minimum ? end : nil
  }

  private func isLikeChance(_ text: Span<UInt8>, _ first: Int, _ end: Int) -> Bool {
    var hasMark = false
    for position in first..<end {
      let byte = text[position]
      if Byte.isDigit(byte) || byte &- 65 < 26 { return true }
      hasMark = hasMark || byte == Byte.minus || byte == UInt8(ascii: "_")
    }
    return !hasMark && end - first >= 16
  }
}
