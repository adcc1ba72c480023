/// An answer: whole, or with a body that is made while it is sent.
public struct Response: Sendable {
  /// The status code.
  public var status: Int
  /// The media type of the body.
  public var contentType: String
  /// Further header fields.
  ///
  /// Length, date, caching and sniffing fields are added when it is sent.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]
  /// What the body is made by instead, while it is sent.
  public private(set) var stream: BodyStream?

  /// A response of these parts.
  public init(
    status: Int, contentType: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  /// JSON that is already rendered.
  public static func json(_ body: [UInt8], status: Int = 200) -> Response {
    Response(status: status, contentType: "application/json", body: body)
  }

  /// A body that is made while it is sent.
  public static func streamed(_ stream: BodyStream, contentType: String) -> Response {
    var response = Response(status: 200, contentType: contentType)
    response.stream = stream
    return response
  }

  /// Plain text.
  public static func text(_ text: String, status: Int = 200) -> Response {
    Response(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }

  /// An error as RFC 9457 has it.
  public static func problem(_ problem: Problem) -> Response {
    Response(
      status: problem.status, contentType: "application/problem+json",
      headers: problem.retryAfter.map { [("Retry-After", String($0))] } ?? [], body: problem.rendered())
  }

  /// An error that its status and one sentence explain.
  public static func problem(_ status: Int, _ detail: String, retryAfter: Int? = nil) -> Response {
    problem(Problem(status: status, detail: detail, retryAfter: retryAfter))
  }

  /// The same with one more header field.
  public func adding(_ name: String, _ value: String) -> Response {
    var response = self
    response.headers.append((name, value))
    return response
  }
}
