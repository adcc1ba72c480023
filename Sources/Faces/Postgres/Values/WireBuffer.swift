public import Platform

// The buffer every value goes through on its way to PostgreSQL, in the binary form the server reads.
//
// One buffer is filled, sent and emptied over and over; nothing is allocated once it has grown. A value
// is its length (32 bits, -1 for null) and its bytes, integers big-endian; a row of COPY is the number
// of its fields and then the values; an array is its shape and then the values.
#if canImport(Glibc)
  import Glibc
#endif

/// A growing run of bytes in PostgreSQL's binary form.
@safe public struct WireBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  /// The number of bytes written.
  public private(set) var count = 0

  /// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
  static let epochShift: Int64 = 946_684_800_000_000

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 1 << 12) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Forgets everything, keeping the room.
  public mutating func removeAll() { count = 0 }

  /// Forgets everything behind `position`.
  public mutating func truncate(to position: Int) { count = min(count, max(0, position)) }

  /// Runs `body` with what was written in `range`, which is cut to it.
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
  private mutating func advance(_ size: Int) -> UnsafeMutableRawPointer {
    let (end, overflow) = count.addingReportingOverflow(size)
    precondition(size >= 0 && !overflow, "a value larger than memory")
    if end > capacity { grow(to: end) }
    defer { count = end }
    return unsafe base + count
  }

  private mutating func grow(to size: Int) {
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
  public mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    unsafe advance(MemoryLayout<Value>.size).storeBytes(of: value.bigEndian, as: Value.self)
  }

  /// Overwrites an integer written before; ignored where it would not fit.
  public mutating func patch<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
    guard position >= 0, position <= count - MemoryLayout<Value>.size else { return }
    unsafe (base + position).storeBytes(of: value.bigEndian, as: Value.self)
  }

  /// Appends bytes as they are.
  public mutating func put(bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe put(raw: $0) }
  }

  /// Appends bytes as they are.
  public mutating func put(bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe put(raw: $0) }
  }

  /// Appends a part of another buffer.
  public mutating func put(_ other: borrowing WireBuffer, _ range: Range<Int>) {
    unsafe other.withBytes(range) { unsafe put(raw: $0) }
  }

  private mutating func put(raw: UnsafeRawBufferPointer) {
    guard let source = raw.baseAddress, raw.count > 0 else { return }
    unsafe advance(raw.count).copyMemory(from: source, byteCount: raw.count)
  }
}

// MARK: values

extension WireBuffer {
  /// Begins a row of COPY.
  public mutating func beginRow(fields: Int) { put(Int16(truncatingIfNeeded: fields)) }

  /// A null of any type.
  public mutating func putNull() { put(Int32(-1)) }

  /// A number, of the SQL type of the same width.
  public mutating func field<Value: FixedWidthInteger>(_ value: Value) {
    put(Int32(MemoryLayout<Value>.size))
    put(value)
  }

  /// A number or null.
  public mutating func field<Value: FixedWidthInteger>(_ value: Value?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `double precision`.
  public mutating func field(_ value: Double) { field(value.bitPattern) }

  /// A `double precision` or null.
  public mutating func field(_ value: Double?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `boolean`.
  public mutating func field(_ value: Bool) { field(UInt8(value ? 1 : 0)) }

  /// A `boolean` or null.
  public mutating func field(_ value: Bool?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `timestamptz`, given in microseconds since 1970.
  public mutating func field(microsecondsSince1970 value: Int64) {
    let (shifted, overflow) = value.subtractingReportingOverflow(Self.epochShift)
    field(overflow ? Int64.min : shifted)
  }

  /// A `timestamptz` or null, given in microseconds since 1970.
  public mutating func field(microsecondsSince1970 value: Int64?) {
    if let value { field(microsecondsSince1970: value) } else { putNull() }
  }

  /// A `timestamptz`.
  public mutating func field(_ value: WallTime) { field(microsecondsSince1970: value.microseconds) }

  /// A `uuid`, by its halves.
  public mutating func field(uuid high: UInt64, _ low: UInt64) {
    put(Int32(16))
    put(high)
    put(low)
  }

  /// A `text`, `bytea` or `json`.
  public mutating func field(_ value: [UInt8]) {
    put(Int32(clamping: value.count))
    put(bytes: value)
  }

  /// A `text`, `bytea` or `json`.
  public mutating func field(_ value: ArraySlice<UInt8>) {
    put(Int32(clamping: value.count))
    put(bytes: value)
  }

  /// A `text`, `bytea`, `json` or null.
  public mutating func field(_ value: [UInt8]?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `text`, `bytea`, `json` or null.
  public mutating func field(_ value: ArraySlice<UInt8>?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `text` or `json`.
  public mutating func field(_ value: String) {
    var value = value
    value.withUTF8 {
      put(Int32(clamping: $0.count))
      unsafe put(raw: UnsafeRawBufferPointer($0))
    }
  }

  /// A `text`, `json` or null.
  public mutating func field(_ value: String?) {
    if let value { field(value) } else { putNull() }
  }
}

// MARK: arrays

extension WireBuffer {
  /// Begins a one-dimensional array; gives what `endArray` needs.
  public mutating func beginArray(of type: TypeID) -> Int {
    let start = count
    put(Int32(1))
    put(Int32(1))
    put(type.rawValue)
    put(Int32(0))
    put(Int32(1))
    return start
  }

  /// Ends the array begun at `start`, which holds `elements` values.
  public mutating func endArray(at start: Int, elements: Int) {
    patch(Int32(clamping: elements), at: start &+ 12)
  }
}
