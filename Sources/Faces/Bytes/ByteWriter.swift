/// A growing row of bytes that integers and byte runs are put into, little-endian.
public struct ByteWriter: Sendable {
  /// What has been written so far.
  public var bytes: [UInt8]

  /// An empty writer with room for `capacity` bytes.
  @inlinable
  public init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// The number of bytes written.
  @inlinable public var count: Int { bytes.count }

  /// Appends an integer, little-endian.
  @inlinable
  public mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Appends an integer, big-endian, as network protocols want it.
  @inlinable
  public mutating func putBigEndian<Value: FixedWidthInteger>(_ value: Value) {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func put(_ run: [UInt8]) {
    bytes.append(contentsOf: run)
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func put(_ run: ArraySlice<UInt8>) {
    bytes.append(contentsOf: run)
  }

  /// Appends the UTF-8 of a string.
  @inlinable
  public mutating func put(utf8 text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Overwrites an integer written before; ignored when it would not fit.
  @inlinable
  public mutating func patch<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    let size = MemoryLayout<Value>.size
    guard offset >= 0, offset <= bytes.count - size else { return }
    unsafe withUnsafeBytes(of: value.littleEndian) { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe target.baseAddress?.advanced(by: offset).copyMemory(
          from: source.baseAddress.unsafelyUnwrapped, byteCount: size)
      }
    }
  }

  /// Forgets everything, keeping the room.
  @inlinable
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }
}
