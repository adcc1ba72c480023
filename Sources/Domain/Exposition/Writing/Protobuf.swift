// The wire format of protobuf, as far as a page needs it: varints, doubles, and fields of known length.
// Field numbers are those of io.prometheus.client.

extension [UInt8] {
  /// Appends a number in groups of seven bits, the lowest first.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest > 0x7F {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a signed number so that those near zero are short.
  mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// Appends a field of a number.
  mutating func append(field: UInt8, _ value: UInt64) {
    append(field << 3)
    append(varint: value)
  }

  /// Appends a field of a signed number.
  mutating func append(field: UInt8, zigzag value: Int64) {
    append(field << 3)
    append(zigzag: value)
  }

  /// Appends a field of a double.
  mutating func append(field: UInt8, double value: Double) {
    append(field << 3 | 1)
    var bits = value.bitPattern
    for _ in 0..<8 {
      append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
    }
  }

  /// Appends the head of a field whose content, of that length, follows.
  mutating func append(field: UInt8, length: Int) {
    append(field << 3 | 2)
    append(varint: UInt64(length))
  }

  /// Appends a field of a text.
  mutating func append(field: UInt8, _ text: String) {
    append(field: field, length: text.utf8.count)
    append(contentsOf: text.utf8)
  }

  /// Appends a field of bytes.
  mutating func append(field: UInt8, _ bytes: [UInt8]) {
    append(field: field, length: bytes.count)
    append(contentsOf: bytes)
  }

  /// Appends a label as a field.
  mutating func append(label name: String, _ value: String, field: UInt8) {
    var pair: [UInt8] = []
    pair.append(field: 1, name)
    pair.append(field: 2, value)
    append(field: field, pair)
  }
}
