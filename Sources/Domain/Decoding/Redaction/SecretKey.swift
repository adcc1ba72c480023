/// Tells keys whose string values are secret: those whose last word says so.
///
/// Words are parted by anything that is neither letter nor digit, and by camel case: `access_token`,
/// `X-Auth-Token`, `apiKey` and `APIToken` are secret; `max_tokens`, `tokenizer` and `mytoken` are not.
enum SecretKey {
  /// Whether the key names a secret.
  static func matches(_ key: Span<UInt8>) -> Bool {
    guard key.count >= 5 else { return false }
    // Most keys part from every word in the list with their last two letters.
    switch (key[key.count - 2] | 0x20, key[key.count - 1] | 0x20) {
    case (UInt8(ascii: "r"), UInt8(ascii: "d")): return endsInWord(key, "password")
    case (UInt8(ascii: "w"), UInt8(ascii: "d")): return endsInWord(key, "passwd")
    case (UInt8(ascii: "e"), UInt8(ascii: "t")): return endsInWord(key, "secret")
    case (UInt8(ascii: "e"), UInt8(ascii: "n")): return endsInWord(key, "token")
    case (UInt8(ascii: "o"), UInt8(ascii: "n")): return endsInWord(key, "authorization")
    case (UInt8(ascii: "i"), UInt8(ascii: "e")): return endsInWord(key, "cookie")
    case (UInt8(ascii: "a"), UInt8(ascii: "l")): return endsInWord(key, "credential")
    case (UInt8(ascii: "e"), UInt8(ascii: "y")): return endsInKey(key)
    default: return false
    }
  }

  private static func endsInWord(_ key: Span<UInt8>, _ word: String) -> Bool {
    wordStart(key, below: key.count, word).map { isBoundary(key, $0) } ?? false
  }

  /// `api_key` is two words, or one.
  private static func endsInKey(_ key: Span<UInt8>) -> Bool {
    guard var end = wordStart(key, below: key.count, "key") else { return false }
    while end > 0, !isAlphanumeric(key[end - 1]) { end -= 1 }
    return wordStart(key, below: end, "api").map { isBoundary(key, $0) } ?? false
  }

  private static func wordStart(_ key: Span<UInt8>, below end: Int, _ word: String) -> Int? {
    let start = end - word.utf8.count
    guard start >= 0 else { return nil }
    var position = start
    for letter in word.utf8 {
      guard key[position] | 0x20 == letter else { return nil }
      position += 1
    }
    return start
  }

  /// Whether a word begins at a position.
  private static func isBoundary(_ key: Span<UInt8>, _ start: Int) -> Bool {
    guard start > 0 else { return true }
    let before = key[start - 1]
    guard isAlphanumeric(before) else { return true }
    guard isUpper(key[start]) else { return false }
    return !isUpper(before) || (start + 1 < key.count && !isUpper(key[start + 1]))
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte &- 65 < 26 }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    Byte.isDigit(byte) || (byte | 0x20) &- 97 < 26 || byte >= 0x80
  }
}
