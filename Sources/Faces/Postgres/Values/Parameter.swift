public import Platform

/// A value that goes with a statement; values are never written into its text.
public struct Parameter: Sendable {
  /// Its type; where unspecified, the server infers it.
  public var type: TypeID
  /// Its binary form; nil is null.
  public var bytes: [UInt8]?

  /// A value in its binary form.
  public init(_ type: TypeID, _ bytes: [UInt8]?) {
    self.type = type
    self.bytes = bytes
  }

  /// What was written to a buffer, as one value.
  public init(_ type: TypeID, _ buffer: borrowing WireBuffer) {
    self.init(type, buffer.bytes)
  }
}

extension Parameter {
  /// A `text`, or null.
  public static func text(_ value: String?) -> Self { Self(.text, value.map { Array($0.utf8) }) }

  /// A `json`, or null.
  public static func json(_ value: [UInt8]?) -> Self { Self(.json, value) }

  /// A `bytea`, or null.
  public static func bytea(_ value: [UInt8]?) -> Self { Self(.bytea, value) }

  /// A `smallint`, or null.
  public static func int2(_ value: Int16?) -> Self { Self(.int2, value.map(bigEndian)) }

  /// An `integer`, or null.
  public static func int4(_ value: Int32?) -> Self { Self(.int4, value.map(bigEndian)) }

  /// A `bigint`, or null.
  public static func int8(_ value: Int64?) -> Self { Self(.int8, value.map(bigEndian)) }

  /// A `double precision`, or null.
  public static func float8(_ value: Double?) -> Self {
    Self(.float8, value.map { bigEndian($0.bitPattern) })
  }

  /// A `boolean`, or null.
  public static func bool(_ value: Bool?) -> Self { Self(.bool, value.map { [$0 ? 1 : 0] }) }

  /// A `timestamptz`, or null.
  public static func timestamptz(_ value: WallTime?) -> Self {
    Self(
      .timestamptz,
      value.map {
        let (shifted, overflow) = $0.microseconds.subtractingReportingOverflow(WireBuffer.epochShift)
        return bigEndian(overflow ? Int64.min : shifted)
      })
  }

  /// A `uuid`, by its halves.
  public static func uuid(_ high: UInt64, _ low: UInt64) -> Self {
    Self(.uuid, bigEndian(high) + bigEndian(low))
  }

  /// A `text[]`.
  public static func texts(_ values: some Sequence<String>) -> Self {
    array(of: .text, values) { $1.field($0) }
  }

  /// A `bigint[]`.
  public static func int8s(_ values: some Sequence<Int64>) -> Self {
    array(of: .int8, values) { $1.field($0) }
  }

  /// An array of a type of our own encoding.
  public static func array<Value>(
    of type: TypeID, _ values: some Sequence<Value>, _ encode: (Value, inout WireBuffer) -> Void
  ) -> Self {
    var buffer = WireBuffer()
    let start = buffer.beginArray(of: type)
    var count = 0
    for value in values {
      encode(value, &buffer)
      count += 1
    }
    buffer.endArray(at: start, elements: count)
    return Self(type.array, buffer)
  }

  private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe Array($0) }
  }
}
