import Bytes
import Hashing

/// Payloads that can be told apart and checked: 8 bytes of a number, and bytes that follow from it.
enum Payload {
  static func make(_ number: UInt64, length: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.put(number)
    writer.put([UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31), count: length))
    return writer.bytes
  }

  /// The number, nil when the bytes are not as they were made.
  static func number(_ bytes: [UInt8]) -> UInt64? {
    guard let number: UInt64 = bytes.integer(at: 0) else { return nil }
    return bytes == make(number, length: bytes.count - 8) ? number : nil
  }

  static func hash(_ bytes: [UInt8]) -> UInt64 { Hash.hash64(bytes) }
}
