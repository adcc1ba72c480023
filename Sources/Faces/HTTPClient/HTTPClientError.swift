/// Why there is no answer.
public struct HTTPClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Sendable {
    /// The request itself cannot be sent: a broken URL, a line break in a header field.
    case invalidRequest
    /// The name of the host is not known.
    case resolve
    /// Nobody listens there, or the way is blocked.
    case connect
    /// Its address is one that is not spoken to.
    case forbidden
    /// The time was over.
    case timeout
    /// The certificate or the handshake is wrong.
    case tls
    /// The connection ended before the answer was complete, or what came was not HTTP.
    case interrupted
    /// The answer is larger than asked for.
    case tooLarge
    /// libcurl has no memory, or was built without what is needed.
    case library
  }

  /// What kind of failure.
  public var code: Code
  /// Scheme, host and port that were asked.
  public var subject: String
  /// The reason in words.
  public var cause: String

  /// Makes one from its parts.
  public init(_ code: Code, _ subject: String, _ cause: String) {
    self.code = code
    self.subject = subject
    self.cause = cause
  }

  /// `cannot reach <subject>: <reason>`.
  public var description: String { "cannot \(verb) \(subject): \(cause)" }

  private var verb: String {
    switch code {
    case .invalidRequest: "ask"
    case .resolve, .connect, .forbidden, .library: "reach"
    case .timeout, .interrupted, .tooLarge: "get an answer from"
    case .tls: "trust"
    }
  }

  /// Whether the same request may succeed a little later.
  public var mayPass: Bool {
    switch code {
    case .resolve, .connect, .timeout, .interrupted: true
    case .invalidRequest, .forbidden, .tls, .tooLarge, .library: false
    }
  }
}
