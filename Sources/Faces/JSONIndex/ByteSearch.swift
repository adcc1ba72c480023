public import Glibc

/// Searches in bytes at the speed of the C library.
public enum ByteSearch {
  /// The first position of `byte` in `text` from `start` on, or the end of the text.
  @inlinable
  public static func first(_ byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int {
    guard start >= 0, start < text.count else { return text.count }
    return unsafe text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), bytes.count - start)
      else { return bytes.count }
      return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// The eight bytes at `offset` as one little-endian word; zero where they would reach past the end.
  @inlinable
  @inline(__always)
  public static func word(in text: Span<UInt8>, at offset: Int) -> UInt64 {
    guard offset >= 0, offset <= text.count &- 8 else { return 0 }
    return unsafe UInt64(
      littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
