/// The strict reading of a request's head, field by field, from the bytes that came.
///
/// The library is lenient where leniency lets requests be smuggled (it takes the first of two lengths, both length
/// and transfer encoding, any transfer encoding). So every head passes here first. It sees each field as it was
/// sent, trailing blanks included, since the library compares them so.
public struct FramingPolicy: Sendable {
  /// The length that was declared.
  public private(set) var contentLength: Int?
  /// Whether the body comes in chunks.
  public private(set) var isChunked = false
  /// Whether the client waits for `100 Continue` before it sends the body.
  public private(set) var expectsContinue = false
  /// Names and values as they may be read later.
  public private(set) var fields = HeaderFields()

  private var hosts = 0
  private var hasContentType = false
  private var hasAuthorization = false
  private let maximumFields: Int
  private let maximumBytes: Int

  /// A policy for one request.
  public init(maximumFields: Int, maximumBytes: Int) {
    self.maximumFields = maximumFields
    self.maximumBytes = maximumBytes
  }

  /// Takes the next field in.
  public mutating func add(name: Span<UInt8>, value: Span<UInt8>) throws(FramingFault) {
    guard fields.count < maximumFields else { throw .tooManyFields }
    guard fields.byteCount + name.count + value.count <= maximumBytes else { throw .headTooLarge }
    guard Self.isToken(name) else { throw .invalidFieldName }
    guard Self.isText(value) else { throw .invalidFieldValue }
    let trimmed = value.extracting(Self.trimmed(value))
    fields.append(name: name, value: trimmed)
    try consider(name: name, value: trimmed, exact: value)
  }

  /// Judges the whole, once every field is in.
  public func conclude(method: Span<UInt8>, version: HTTPVersion) throws(FramingFault) {
    guard Self.isToken(method), method.count <= 32 else { throw .invalidMethod }
    guard contentLength == nil || !isChunked else { throw .contentLengthAndTransferEncoding }
    guard version == .http11 || !isChunked else { throw .unsupportedTransferEncoding }
    guard version == .http10 || hosts > 0 else { throw .missingHost }
  }

  /// The fields that decide where the request ends and for whom it is; told apart by length first, as most are none.
  private mutating func consider(
    name: Span<UInt8>, value: Span<UInt8>, exact: Span<UInt8>
  ) throws(FramingFault) {
    switch name.count {
    case 4 where ASCII.equal(name, "host"): try host(value)
    case 6 where ASCII.equal(name, "expect"): try expect(value)
    case 12 where ASCII.equal(name, "content-type"): try Self.once(&hasContentType, "Content-Type")
    case 13 where ASCII.equal(name, "authorization"): try Self.once(&hasAuthorization, "Authorization")
    case 14 where ASCII.equal(name, "content-length"): try length(exact)
    case 17 where ASCII.equal(name, "transfer-encoding"): try transferEncoding(exact)
    default: break
    }
  }

  private mutating func host(_ value: Span<UInt8>) throws(FramingFault) {
    guard hosts == 0 else { throw .repeatedHost }
    hosts = 1
    for index in value.indices {
      switch value[index] {
      case 0...0x20, 0x7F..., UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
        UInt8(ascii: ","), UInt8(ascii: "\\"):
        throw .invalidHost
      default: continue
      }
    }
  }

  private mutating func expect(_ value: Span<UInt8>) throws(FramingFault) {
    guard ASCII.equal(value, "100-continue") else { throw .unsupportedExpectation }
    expectsContinue = true
  }

  private static func once(_ seen: inout Bool, _ name: String) throws(FramingFault) {
    guard !seen else { throw .repeatedField(name) }
    seen = true
  }

  private mutating func length(_ value: Span<UInt8>) throws(FramingFault) {
    guard contentLength == nil else { throw .repeatedContentLength }
    guard !value.isEmpty, value.count <= 18 else { throw .invalidContentLength }
    var length = 0
    for index in value.indices {
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = value[index] else { throw .invalidContentLength }
      length = length * 10 + Int(value[index] - UInt8(ascii: "0"))
    }
    contentLength = length
  }

  private mutating func transferEncoding(_ value: Span<UInt8>) throws(FramingFault) {
    guard !isChunked, ASCII.equal(value, "chunked") else { throw .unsupportedTransferEncoding }
    isChunked = true
  }

  private static func isToken(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where !ASCII.isToken(bytes[index]) { return false }
    return !bytes.isEmpty
  }

  private static func isText(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where (bytes[index] < 0x20 && bytes[index] != 9) || bytes[index] == 0x7F {
      return false
    }
    return true
  }

  private static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] == 0x20 || bytes[start] == 9 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 9 { end -= 1 }
    return start..<end
  }
}
