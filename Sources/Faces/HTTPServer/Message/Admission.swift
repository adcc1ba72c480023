/// What a handler says to a request's head.
public enum Admission: Sendable {
  /// Collect a body of at most that many bytes, then hand the request over.
  case collect(limit: Int, pattern: RoutePattern? = nil)
  /// Answer at once. A small body is read and thrown away, so that the connection may go on.
  case refuse(Response, pattern: RoutePattern? = nil)
}
