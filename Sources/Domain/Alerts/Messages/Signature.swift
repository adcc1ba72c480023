import Crypto

/// Signatures as Standard Webhooks has them.
public struct SigningSecret: Sendable {
  private let key: [UInt8]

  /// The secret in a text: `whsec_` and the key in Base64; nil for anything else.
  public init?(_ text: String) {
    let words = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
    let secret = String(words)
    guard secret.hasPrefix("whsec_"), let key = Base64.bytes(String(secret.dropFirst(6))), key.count >= 16
    else {
      return nil
    }
    self.key = key
  }

  /// `v1,` and the code of `id.timestamp.body`; nil if there is no memory.
  func signature(id: String, timestamp: Int64, body: [UInt8]) -> String? {
    let message = Array("\(id).\(timestamp).".utf8) + body
    return MessageCode.sha256(message, key: key).map { "v1," + Base64.text($0) }
  }

  /// The header fields of one attempt; several secrets sign side by side while one replaces another.
  public static func headers(
    id: String, timestamp: Int64, body: [UInt8], _ secrets: [SigningSecret]
  ) -> [(name: String, value: String)] {
    var fields = [("webhook-id", id), ("webhook-timestamp", String(timestamp))]
    let signatures = secrets.compactMap { $0.signature(id: id, timestamp: timestamp, body: body) }
    if !signatures.isEmpty { fields.append(("webhook-signature", signatures.joined(separator: " "))) }
    return fields
  }
}
