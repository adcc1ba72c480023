internal import CCrypto

/// Bytes as text of 64 letters (RFC 4648, with padding), by libcrypto.
public enum Base64 {
  /// The text of some bytes.
  public static func text(_ bytes: [UInt8]) -> String {
    // libcrypto writes a zero behind its text.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let size = unsafe text.withUnsafeMutableBufferPointer { text in
      unsafe Int(EVP_EncodeBlock(text.baseAddress, bytes, Int32(clamping: bytes.count)))
    }
    return String(decoding: text.prefix(max(0, size)), as: UTF8.self)
  }

  /// The bytes of a text; nil if it is none of these.
  public static func bytes(_ text: String) -> [UInt8]? {
    let letters = Array(text.utf8)
    guard letters.count % 4 == 0, letters.count <= 1 << 24, !letters.contains(where: { $0 <= 0x20 }) else {
      return nil
    }
    if letters.isEmpty { return [] }
    let padding = letters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
    let size = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      unsafe Int(EVP_DecodeBlock(bytes.baseAddress, letters, Int32(clamping: letters.count)))
    }
    guard padding <= 2, size == bytes.count else { return nil }
    return Array(bytes.dropLast(padding))
  }
}
