/// The versions of HTTP that are spoken here.
public enum HTTPVersion: Sendable {
  case http10
  case http11

  init?(_ text: Span<UInt8>) {
    // The name is case-sensitive, and the digits are digits.
    guard text.count == 8 else { return nil }
    for (index, byte) in "HTTP/1.".utf8.enumerated() where text[index] != byte { return nil }
    switch text[7] {
    case UInt8(ascii: "0"): self = .http10
    case UInt8(ascii: "1"): self = .http11
    default: return nil
    }
  }
}
