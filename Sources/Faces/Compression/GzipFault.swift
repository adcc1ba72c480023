/// Why gzip data could not be unpacked.
public enum GzipFault: Error, Equatable, Sendable {
  /// It does not begin as gzip does.
  case notGzip
  /// It ends within a member.
  case truncated
  /// It is damaged: a checksum or length that does not match, or codes that mean nothing.
  case damaged
  /// Something that is not gzip follows the last member.
  case trailingBytes
  /// It unpacks to more bytes than allowed.
  case tooLarge(limit: Int)
  /// There was no memory to unpack it.
  case outOfMemory
}

extension GzipFault: CustomStringConvertible {
  /// The fault as the reason in a sentence.
  public var description: String {
    switch self {
    case .notGzip: "it is not gzip"
    case .truncated: "it is cut off before its end"
    case .damaged: "it is damaged (its checksum or its codes are wrong)"
    case .trailingBytes: "something that is not gzip follows it"
    case .tooLarge(let limit): "it unpacks to more than \(limit) bytes"
    case .outOfMemory: "there is no memory to unpack it"
    }
  }
}
