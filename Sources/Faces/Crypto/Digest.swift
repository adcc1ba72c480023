internal import CCrypto

/// A short value that nobody can find a second message for: SHA-256, by libcrypto.
public enum Digest {
  /// The 32 bytes of the digest; nil if the library has no memory.
  public static func sha256(_ message: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 32)
    var size: UInt32 = 0
    let isMade = unsafe digest.withUnsafeMutableBufferPointer { digest in
      unsafe EVP_Digest(message, message.count, digest.baseAddress, &size, EVP_sha256(), nil) == 1
    }
    return isMade && size == 32 ? digest : nil
  }
}
