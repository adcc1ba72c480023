/// What is known of a request before its body.
///
/// A class so that it is handed around as one reference.
public final class RequestHead: Sendable {
  /// As it was sent, so in upper case for all the usual ones.
  public let method: String
  /// Path and query.
  public let target: RequestTarget
  /// Header fields.
  public let headers: HeaderFields
  /// The length that was declared; absent for a chunked body, and where there is no body.
  public let contentLength: Int?
  /// Whether the body comes in chunks, its length unknown.
  public let isChunked: Bool
  /// Whether the client waits to be told before it sends the body.
  public let expectsContinue: Bool
  /// The other side, as `address:port`.
  public let peer: String

  /// A head of these parts.
  public init(
    method: String, target: RequestTarget, headers: HeaderFields = HeaderFields(), contentLength: Int? = nil,
    isChunked: Bool = false, expectsContinue: Bool = false, peer: String = ""
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.contentLength = contentLength
    self.isChunked = isChunked
    self.expectsContinue = expectsContinue
    self.peer = peer
  }

  /// Path segments, split raw and decoded once.
  public var path: [String] { target.path }
  /// Query parameters in their order.
  public var query: [RequestTarget.Parameter] { target.query }
  /// Whether a body follows.
  public var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }
}
