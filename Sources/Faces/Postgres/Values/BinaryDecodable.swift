public import Platform

/// A type that can be read from PostgreSQL's binary form.
public protocol BinaryDecodable {
  /// Reads a value of the SQL type `type`; nil where the bytes are no such value, or the types do not fit.
  static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Self?
}

extension Int64: BinaryDecodable {
  /// Reads a whole number of any width, or an `oid`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Int64? {
    switch (type, bytes.count) {
    case (.int8, 8): unsafe loadBigEndian(bytes, Int64.self)
    case (.int4, 4): unsafe Int64(loadBigEndian(bytes, Int32.self))
    case (.int2, 2): unsafe Int64(loadBigEndian(bytes, Int16.self))
    case (.oid, 4): unsafe Int64(loadBigEndian(bytes, UInt32.self))
    default: nil
    }
  }
}

extension Int32: BinaryDecodable {
  /// Reads an `integer` or `smallint`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Int32? {
    unsafe Int64.decode(bytes, type).flatMap { Int32(exactly: $0) }
  }
}

extension Int16: BinaryDecodable {
  /// Reads a `smallint`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Int16? {
    unsafe Int64.decode(bytes, type).flatMap { Int16(exactly: $0) }
  }
}

extension Bool: BinaryDecodable {
  /// Reads a `boolean`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Bool? {
    guard type == .bool, bytes.count == 1 else { return nil }
    return unsafe bytes[0] != 0
  }
}

extension Double: BinaryDecodable {
  /// Reads a `double precision` or `real`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> Double? {
    switch (type, bytes.count) {
    case (.float8, 8): unsafe Double(bitPattern: loadBigEndian(bytes, UInt64.self))
    case (.float4, 4): unsafe Double(Float(bitPattern: loadBigEndian(bytes, UInt32.self)))
    default: nil
    }
  }
}

extension WallTime: BinaryDecodable {
  /// Reads a `timestamptz`; the infinities stop at the ends of time.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> WallTime? {
    guard type == .timestamptz, bytes.count == 8 else { return nil }
    let (sum, overflow) = unsafe loadBigEndian(bytes, Int64.self).addingReportingOverflow(
      WireBuffer.epochShift)
    return WallTime(microseconds: overflow ? .max : sum)
  }
}

extension String: BinaryDecodable {
  /// Reads a text of any kind; what is not UTF-8 in it is replaced.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> String? {
    switch type {
    case .text, .varchar, .name, .json, .unspecified: unsafe String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }
}

extension [UInt8]: BinaryDecodable {
  /// Reads the bytes of a `bytea`, a text or a `json`.
  public static func decode(_ bytes: UnsafeRawBufferPointer, _ type: TypeID) -> [UInt8]? {
    switch type {
    case .bytea, .text, .varchar, .json: unsafe Array(bytes)
    default: nil
    }
  }
}

func loadBigEndian<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Value.Type) -> Value {
  unsafe Value(bigEndian: bytes.loadUnaligned(as: Value.self))
}
