/// Reads a page of delimited messages, knowing of the writer nothing but the field numbers.
struct ProtobufReader {
  /// A field of a message.
  enum Value {
    case number(UInt64)
    case double(Double)
    case bytes(ArraySlice<UInt8>)

    var number: UInt64 { if case .number(let value) = self { value } else { 0 } }
    var double: Double { if case .double(let value) = self { value } else { 0 } }
    var bytes: ArraySlice<UInt8> { if case .bytes(let value) = self { value } else { [] } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The fields of a message, by number, in their order.
  struct Message {
    private(set) var fields: [(number: Int, value: Value)] = []

    init(_ bytes: ArraySlice<UInt8>) throws {
      var rest = bytes
      while !rest.isEmpty {
        let key = try ProtobufReader.varint(&rest)
        fields.append((Int(key >> 3), try ProtobufReader.value(&rest, wireType: key & 7)))
      }
    }

    func first(_ number: Int) -> Value? { fields.first { $0.number == number }?.value }
    func all(_ number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }
    func messages(_ number: Int) throws -> [Message] { try all(number).map { try Message($0.bytes) } }
  }

  let families: [Message]

  init(_ page: [UInt8]) throws {
    var families: [Message] = []
    var rest = page[...]
    while !rest.isEmpty {
      families.append(try Message(Self.value(&rest, wireType: 2).bytes))
    }
    self.families = families
  }

  static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw ReadingFault("a number that does not end")
  }

  static func signed(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(value & 1) }

  private static func value(_ rest: inout ArraySlice<UInt8>, wireType: UInt64) throws -> Value {
    switch wireType {
    case 0: return .number(try varint(&rest))
    case 1:
      return .double(Double(bitPattern: try take(8, &rest).reversed().reduce(0) { $0 << 8 | UInt64($1) }))
    case 2: return .bytes(try take(Int(clamping: varint(&rest)), &rest))
    default: throw ReadingFault("wire type \(wireType)")
    }
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw ReadingFault("\(count) bytes of \(rest.count)") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
