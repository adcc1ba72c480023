/// A stretch of bytes whose size was settled beforehand, filled from its start.
///
/// It cannot be copied, and so cannot outlive the call that lends it.
@safe
public struct ByteRoom: ~Copyable {
  @usableFromInline internal let start: UnsafeMutableRawPointer
  @usableFromInline internal let count: Int
  @usableFromInline internal var filled = 0

  @inlinable
  internal init(start: UnsafeMutableRawPointer, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// Puts an integer, little-endian; ignored where there is no room for it.
  @inlinable
  @inline(__always)
  public mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    let size = MemoryLayout<Value>.size
    guard count - filled >= size else { return }
    unsafe start.storeBytes(of: value.littleEndian, toByteOffset: filled, as: Value.self)
    filled += size
  }
}

extension ByteRoom {
  /// Puts a run of bytes; ignored where there is no room for all of it.
  @inlinable
  @inline(__always)
  public mutating func put(_ run: ArraySlice<UInt8>) {
    let size = run.count
    guard size > 0, count - filled >= size else { return }
    unsafe run.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe (start + filled).copyMemory(from: base, byteCount: size)
    }
    filled += size
  }
}

extension ByteWriter {
  /// Appends `count` bytes that `fill` puts down one by one; what it leaves out is zero.
  @inlinable
  public mutating func put(count: Int, _ fill: (inout ByteRoom) -> Void) {
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, initialized in
        guard let start = target.baseAddress else { return }
        var room = unsafe ByteRoom(start: UnsafeMutableRawPointer(start), count: count)
        fill(&room)
        unsafe (start + room.filled).initialize(repeating: 0, count: count - room.filled)
        initialized = count
      }
    }
  }
}
