/// What went wrong between this process and PostgreSQL.
///
/// The description never holds data or a password: what the server says beyond its first line
/// (`detail`) may quote rows, so it is kept apart.
public struct PostgresError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: Hashable, Sendable {
    /// The connection string cannot be understood.
    case connectionString
    /// The connection was refused or lost.
    case connection
    /// Our own deadline passed; the connection is not used again.
    case deadline
    /// The server refused, with its reason.
    case server(SQLState)
    /// The server answered what was not asked.
    case unexpectedAnswer
    /// A value is not of the type that was asked for.
    case decoding
  }

  /// What kind of failure.
  public var code: Code
  /// What was tried: a verb and its object.
  public var action: String
  /// Why it failed, in the words of the server or the library.
  public var message: String
  /// The server's further words, which may quote data: not for logs.
  public var detail: String?
  /// What would help.
  public var hint: String?
  /// Whether a commit was under way, so that nobody here knows how it ended.
  public var outcomeIsUnknown = false

  /// Describes a failure.
  public init(_ code: Code, _ action: String, _ message: String, detail: String? = nil, hint: String? = nil) {
    self.code = code
    self.action = action
    self.message = message
    self.detail = detail
    self.hint = hint
  }

  /// The server's state, where it was the server that refused.
  public var sqlState: SQLState? {
    if case .server(let state) = code { state } else { nil }
  }

  /// What is to be done about it.
  public var faultClass: FaultClass {
    switch code {
    case .connectionString: .configuration
    case .connection, .deadline, .unexpectedAnswer, .decoding: .transient
    case .server(let state): state.faultClass
    }
  }

  /// `cannot <action>: <reason>`, with the state and the hint.
  public var description: String {
    var text = "cannot \(action): \(message)"
    if let sqlState { text += " (SQLSTATE \(sqlState))" }
    if outcomeIsUnknown { text += "; whether it was committed is not known" }
    if let hint { text += "; \(hint)" }
    return text
  }
}
