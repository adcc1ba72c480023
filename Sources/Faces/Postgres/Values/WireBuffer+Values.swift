public import Platform

extension WireBuffer {
  /// Begins a row of COPY.
  @inlinable
  public mutating func beginRow(fields: Int) { put(Int16(truncatingIfNeeded: fields)) }

  /// A null of any type.
  @inlinable
  public mutating func putNull() { put(Int32(-1)) }

  /// A number, of the SQL type of the same width.
  @inlinable
  public mutating func field<Value: FixedWidthInteger>(_ value: Value) {
    put(Int32(MemoryLayout<Value>.size))
    put(value)
  }

  /// A number or null.
  @inlinable
  public mutating func field<Value: FixedWidthInteger>(_ value: Value?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `double precision`.
  @inlinable
  public mutating func field(_ value: Double) { field(value.bitPattern) }

  /// A `double precision` or null.
  @inlinable
  public mutating func field(_ value: Double?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `boolean`.
  @inlinable
  public mutating func field(_ value: Bool) { field(UInt8(value ? 1 : 0)) }

  /// A `boolean` or null.
  @inlinable
  public mutating func field(_ value: Bool?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `timestamptz`, given in microseconds since 1970.
  @inlinable
  public mutating func field(microsecondsSince1970 value: Int64) {
    let (shifted, overflow) = value.subtractingReportingOverflow(Self.epochShift)
    field(overflow ? Int64.min : shifted)
  }

  /// A `timestamptz` or null, given in microseconds since 1970.
  @inlinable
  public mutating func field(microsecondsSince1970 value: Int64?) {
    if let value { field(microsecondsSince1970: value) } else { putNull() }
  }

  /// A `timestamptz`.
  @inlinable
  public mutating func field(_ value: WallTime) { field(microsecondsSince1970: value.microseconds) }

  /// A `uuid`, by its halves.
  @inlinable
  public mutating func field(uuid high: UInt64, _ low: UInt64) {
    put(Int32(16))
    put(high)
    put(low)
  }

  /// A `text`, `bytea` or `json`.
  @inlinable
  public mutating func field(_ value: [UInt8]) {
    put(Int32(clamping: value.count))
    put(bytes: value)
  }

  /// A `text`, `bytea` or `json`.
  @inlinable
  public mutating func field(_ value: ArraySlice<UInt8>) {
    put(Int32(clamping: value.count))
    put(bytes: value)
  }

  /// A `text`, `bytea`, `json` or null.
  @inlinable
  public mutating func field(_ value: [UInt8]?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `text`, `bytea`, `json` or null.
  @inlinable
  public mutating func field(_ value: ArraySlice<UInt8>?) {
    if let value { field(value) } else { putNull() }
  }

  /// A `text` or `json`.
  @inlinable
  public mutating func field(_ value: String) {
    var value = value
    value.withUTF8 {
      put(Int32(clamping: $0.count))
      unsafe put(raw: UnsafeRawBufferPointer($0))
    }
  }

  /// A `text`, `json` or null.
  @inlinable
  public mutating func field(_ value: String?) {
    if let value { field(value) } else { putNull() }
  }
}

// MARK: arrays

extension WireBuffer {
  /// Begins a one-dimensional array; gives what `endArray` needs.
  @inlinable
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
  @inlinable
  public mutating func endArray(at start: Int, elements: Int) {
    patch(Int32(clamping: elements), at: start &+ 12)
  }
}
