/// A method and a path shape, and what is done there.
public struct Route: Sendable {
  /// The method; a route for GET answers HEAD too.
  public let method: String
  /// The shape of the path.
  public let pattern: RoutePattern
  /// How many bytes of body there may be.
  public let bodyLimit: Int
  let admit: (@Sendable (RequestHead) -> Response?)?
  let handle: @Sendable (Request, Reply) -> Void

  /// A route.
  ///
  /// `admit` may refuse a request by its head alone, such as for its media type.
  public init(
    _ method: String, _ template: String, bodyLimit: Int = 0,
    admit: (@Sendable (RequestHead) -> Response?)? = nil,
    handle: @escaping @Sendable (Request, Reply) -> Void
  ) {
    self.method = method
    self.pattern = RoutePattern(template)
    self.bodyLimit = bodyLimit
    self.admit = admit
    self.handle = handle
  }
}
