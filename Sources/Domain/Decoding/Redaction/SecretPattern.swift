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
    /// It needs a digit, a capital, or to be a single run: names of things have dashes.
    case chance
    /// A digit, a capital beyond the first letter or a sign; or nothing else in the whole text.
    case bearer
    /// Three parts between dots, of which the last may be missing.
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
    Self("SG.", .token, 24, .dotted),
  ]

  /// The end of the secret that begins at `start`, or nil where there is none.
  func end(in text: Span<UInt8>, from start: Int) -> Int? {
    guard start + prefix.count + minimum <= text.count, hasPrefix(text, start) else { return nil }
    let first = start + prefix.count
    var end = first
    while end < text.count, belongs(text[end]) { end += 1 }
    guard evidence != .dotted else { return dottedEnd(text, from: first, to: end) }
    // A full stop or a comma belongs to the sentence around.
    while end > first, text[end - 1] == Byte.dot { end -= 1 }
    guard end - first >= minimum, isBelievable(text, first, end, isWhole: start == 0 && end == text.count)
    else { return nil }
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
    switch alphabet {
    case .upper: return false
    case .alphanumeric: return byte &- 97 < 26
    case .url: return byte &- 97 < 26 || byte == Byte.minus || byte == UInt8(ascii: "_") || isDotted(byte)
    case .token:
      if byte &- 97 < 26 { return true }
      switch byte {
      case Byte.minus, Byte.dot, UInt8(ascii: "_"), UInt8(ascii: "~"), Byte.plus, Byte.slash,
        UInt8(ascii: "="):
        return true
      default: return false
      }
    }
  }

  private func isDotted(_ byte: UInt8) -> Bool { evidence == .dotted && byte == Byte.dot }

  private func dottedEnd(_ text: Span<UInt8>, from first: Int, to end: Int) -> Int? {
    var firstDot: Int?
    for position in first..<end where text[position] == Byte.dot {
      firstDot = position
      break
    }
    guard let dot = firstDot, dot - first >= minimum || alphabet == .token, end - dot > 4,
      end - first >= minimum
    else { return nil }
    return end
  }

  private func isBelievable(_ text: Span<UInt8>, _ first: Int, _ end: Int, isWhole: Bool) -> Bool {
    guard evidence != .length else { return true }
    var hasDigit = false
    var hasUpper = false
    var hasDash = false
    var hasSign = false
    for position in first..<end {
      let byte = text[position]
      hasDigit = hasDigit || Byte.isDigit(byte)
      hasUpper = hasUpper || (byte &- 65 < 26 && (position > first || evidence == .chance))
      let isMark = byte == Byte.minus || byte == UInt8(ascii: "_")
      hasDash = hasDash || isMark
      hasSign = hasSign || (!isMark && byte < 48)
    }
    if hasDigit || hasUpper || hasSign {
      return end - first >= (evidence == .bearer && !isWhole ? 6 : minimum)
    }
    return evidence == .bearer ? isWhole && text[0] == UInt8(ascii: "B") : !hasDash && end - first >= 16
  }
}
