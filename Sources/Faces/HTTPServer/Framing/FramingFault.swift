/// Why the head of a request is refused before anything in it is believed.
///
/// Each of these has let one server see another request than the server in front of it. So none is repaired: the
/// answer says what it was, and the connection ends.
public enum FramingFault: Error, Hashable, Sendable {
  case invalidMethod
  case unsupportedVersion
  case malformedHead
  case invalidFieldName
  case invalidFieldValue
  case missingHost
  case repeatedHost
  case invalidHost
  case repeatedField(String)
  case invalidContentLength
  case repeatedContentLength
  case contentLengthAndTransferEncoding
  case unsupportedTransferEncoding
  case unsupportedExpectation
  case targetTooLong
  case tooManyFields
  case headTooLarge

  /// The status to answer with.
  public var status: Int {
    switch self {
    case .unsupportedVersion: 505
    case .targetTooLong: 414
    case .unsupportedExpectation: 417
    case .tooManyFields, .headTooLarge: 431
    default: 400
    }
  }

  /// What to tell the client.
  public var detail: String {
    switch self {
    case .invalidMethod: "the method holds a character that no method may hold"
    case .unsupportedVersion: "only HTTP/1.1 and HTTP/1.0 are spoken here"
    case .malformedHead:
      "the head of the request is malformed: a folded line, a NUL, a bare line feed or needless spaces"
    case .invalidFieldName: "a header field's name holds a character that no name may hold"
    case .invalidFieldValue: "a header field's value holds a control character"
    case .missingHost: "there is no Host field"
    case .repeatedHost: "there is more than one Host field"
    case .invalidHost: "the Host field's value is no host"
    case .repeatedField(let name): "the field \(name) must not be repeated"
    case .invalidContentLength: "the Content-Length is no number of bytes"
    case .repeatedContentLength: "there is more than one Content-Length"
    case .contentLengthAndTransferEncoding: "Content-Length and Transfer-Encoding must not come together"
    case .unsupportedTransferEncoding: "the only Transfer-Encoding is chunked, once, in HTTP/1.1"
    case .unsupportedExpectation: "the only expectation is 100-continue"
    case .targetTooLong: "the target of the request is too long"
    case .tooManyFields: "there are too many header fields"
    case .headTooLarge: "the head of the request is too large"
    }
  }
}
