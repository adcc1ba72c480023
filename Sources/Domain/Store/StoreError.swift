/// Why the store cannot do something.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Sendable {
    /// The database cannot be reached or does not answer in time: later.
    case unavailable
    /// The question takes longer than it may.
    case tooSlow = "too_slow"
    /// Someone must change something in the database or the configuration.
    case configuration
    /// The cursor is none that was given out for this question.
    case cursor
    /// The database cannot make anything of a value of the question.
    case question
  }

  /// What kind.
  public var code: Code
  /// What was tried: a verb and its object.
  public var action: String
  /// Why it failed.
  public var cause: String
  /// What would help.
  public var hint: String?

  /// Describes a failure.
  public init(_ code: Code, _ action: String, cause: String, hint: String? = nil) {
    self.code = code
    self.action = action
    self.cause = cause
    self.hint = hint
  }

  /// `cannot <action>: <cause>; <hint>`.
  public var description: String {
    "cannot \(action): \(cause)" + (hint.map { "; \($0)" } ?? "")
  }
}
