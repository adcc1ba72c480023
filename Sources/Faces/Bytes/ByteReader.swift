extension [UInt8] {
  /// The little-endian integer at `offset`, or nil where it would reach past the end.
  @inlinable
  public func integer<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value? {
    guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
    return unsafe withUnsafeBytes {
      Value(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
  }
}

/// A cursor over bytes that never reads past their end: it answers nil instead.
public struct ByteReader: Sendable {
  /// The bytes read from.
  public let bytes: [UInt8]
  @usableFromInline internal var position: Int
  /// Where the next read begins.
  @inlinable public var offset: Int { position }
  /// Where reading ends.
  public let end: Int

  /// A cursor over `bytes`, from `offset` up to `end` (both kept within them).
  @inlinable
  public init(_ bytes: [UInt8], from offset: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    self.end = Swift.min(Swift.max(end ?? bytes.count, 0), bytes.count)
    position = Swift.min(Swift.max(offset, 0), self.end)
  }

  /// Whether nothing is left.
  @inlinable public var isAtEnd: Bool { position == end }

  /// The next integer, little-endian.
  @inlinable
  public mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    let size = MemoryLayout<Value>.size
    guard end - position >= size, let value = bytes.integer(at: position, as: type) else { return nil }
    position += size
    return value
  }

  /// The range of the next `count` bytes.
  @inlinable
  public mutating func run(_ count: Int) -> Range<Int>? {
    guard count >= 0, count <= end - position else { return nil }
    defer { position += count }
    return position..<(position + count)
  }
}
