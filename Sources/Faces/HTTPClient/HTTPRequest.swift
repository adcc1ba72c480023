/// A request to somebody else's server.
public struct HTTPRequest: Sendable {
  /// The method.
  public var method: String
  /// The whole URL; http and https only.
  public var url: String
  /// Header fields in order.
  public var headers: [(name: String, value: String)] = []
  /// The body; empty for none.
  public var body: [UInt8] = []
  /// How long the whole exchange may take, from the name lookup to the last byte.
  public var timeout: Duration = .seconds(30)
  /// How long connecting may take, within `timeout`.
  public var connectTimeout: Duration = .seconds(10)
  /// The largest body that is read from the answer.
  public var largestAnswer = 1 << 20
  /// A file with the certificates of whom to trust; nil for those that the system trusts.
  public var caFile: String?
  /// Files with a certificate and its key, for servers that want one.
  public var certificateFile: String?
  /// The key of that certificate.
  public var keyFile: String?
  /// Whether an address is refused that is link-local or a cloud's metadata service, whatever name led to it.
  public var refusesLinkLocal = false

  /// Makes a request without header fields and body.
  public init(_ method: String, _ url: String) {
    self.method = method
    self.url = url
  }
}

/// What came back.
public struct HTTPAnswer: Sendable {
  /// The status code.
  public var status: Int
  /// Header fields in order; names in small letters.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// Makes one from its parts.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first field of that name, which is given in small letters.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// How long the server asks to wait, if it says so in seconds.
  public var retryAfter: Duration? {
    guard let text = header("retry-after"), let seconds = UInt32(text) else { return nil }
    return .seconds(Int64(seconds))
  }
}
