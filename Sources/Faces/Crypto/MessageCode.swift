internal import CCrypto

/// A code that only those who hold the key can make for a message: HMAC over SHA-256, by libcrypto.
public enum MessageCode {
  /// The 32 bytes of the code; nil if the library has no memory.
  public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8]? {
    var code = [UInt8](repeating: 0, count: 32)
    var size: UInt32 = 0
    let isMade = unsafe code.withUnsafeMutableBufferPointer { code in
      unsafe HMAC(
        EVP_sha256(), key, Int32(clamping: key.count), message, message.count, code.baseAddress, &size) != nil
    }
    return isMade && size == 32 ? code : nil
  }
}
