/// A whole request.
public struct Request: Sendable {
  /// All but the body.
  public let head: RequestHead
  /// What the handler's admission named, so that nobody looks it up twice.
  public let pattern: RoutePattern?
  /// The body, as it was sent.
  public let body: [UInt8]

  /// A request of these parts.
  public init(head: RequestHead, pattern: RoutePattern?, body: [UInt8]) {
    self.head = head
    self.pattern = pattern
    self.body = body
  }

  /// As it was sent.
  public var method: String { head.method }
  /// The raw request target.
  public var target: String { head.target.raw }
  /// Path segments, split raw and decoded once.
  public var path: [String] { head.target.path }
  /// Query parameters in their order.
  public var query: [RequestTarget.Parameter] { head.target.query }
  /// Header fields, names in lower case.
  public var headers: HeaderFields { head.headers }
  /// The other side, as `address:port`.
  public var peer: String { head.peer }

  /// The path segment that the pattern calls `name`.
  public func parameter(_ name: String) -> String? {
    guard let index = pattern?.position(of: name), index < path.count else { return nil }
    return path[index]
  }
}
