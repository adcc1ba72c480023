// The buffer every value goes through on its way to PostgreSQL, in the binary form the server reads.
//
// One buffer is filled, sent and emptied over and over; nothing is allocated once it has grown. A value
// is its length (32 bits, -1 for null) and its bytes, integers big-endian; a row of COPY is the number
// of its fields and then the values; an array is its shape and then the values.
//
// It is inlinable throughout, because the drain puts some fifty values for every handoff.

/// A growing run of bytes in PostgreSQL's binary form.
@safe public struct WireBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var written = 0

  /// The number of bytes written.
  @inlinable public var count: Int { written }

  /// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
  @usableFromInline static var epochShift: Int64 { 946_684_800_000_000 }

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 1 << 12) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Forgets everything, keeping the room.
  @inlinable
  public mutating func removeAll() { written = 0 }

  /// Forgets everything behind `position`.
  @inlinable
  public mutating func truncate(to position: Int) { written = min(written, max(0, position)) }

  /// Runs `body` with what was written in `range`, which is cut to it.
  @usableFromInline
  func withBytes<Result, Failure>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range.clamped(to: 0..<count)
    return try unsafe body(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// A copy of what was written.
  public var bytes: [UInt8] {
    unsafe withBytes(0..<count) { unsafe Array($0) }
  }

  /// Makes room for `size` more bytes, and counts them as written; gives where they are to stand.
  @inlinable
  mutating func advance(_ size: Int) -> UnsafeMutableRawPointer {
    let (end, overflow) = count.addingReportingOverflow(size)
    precondition(size >= 0 && !overflow, "a value larger than memory")
    if end > capacity { grow(to: end) }
    defer { written = end }
    return unsafe base + count
  }

  @usableFromInline
  mutating func grow(to size: Int) {
    let wanted = max(size, capacity &* 2)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    unsafe larger.copyMemory(from: base, byteCount: count)
    unsafe base.deallocate()
    unsafe base = larger
    capacity = wanted
  }
}

// MARK: raw

extension WireBuffer {
  /// Appends an integer, big-endian.
  @inlinable
  public mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    unsafe advance(MemoryLayout<Value>.size).storeBytes(of: value.bigEndian, as: Value.self)
  }

  /// Overwrites an integer written before; ignored where it would not fit.
  @inlinable
  public mutating func patch<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
    guard position >= 0, position <= count - MemoryLayout<Value>.size else { return }
    unsafe (base + position).storeBytes(of: value.bigEndian, as: Value.self)
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func put(bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe put(raw: $0) }
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func put(bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe put(raw: $0) }
  }

  /// Appends a part of another buffer.
  @inlinable
  public mutating func put(_ other: borrowing WireBuffer, _ range: Range<Int>) {
    unsafe other.withBytes(range) { unsafe put(raw: $0) }
  }

  @inlinable
  mutating func put(raw: UnsafeRawBufferPointer) {
    guard let source = raw.baseAddress, raw.count > 0 else { return }
    unsafe advance(raw.count).copyMemory(from: source, byteCount: raw.count)
  }
}
