/// Why a text cannot be a value, and what would be right; the text itself is not in it.
public struct ValueFault: Error, Equatable, Sendable {
  /// Why.
  public var cause: String
  /// What would be right.
  public var hint: String?

  /// A fault of that cause.
  public init(_ cause: String, hint: String? = nil) {
    self.cause = cause
    self.hint = hint
  }
}
