/// One thing that is wrong with a document, and where.
public struct YAMLFault: Error, Equatable, Sendable {
  /// The kinds of fault.
  public enum Code: String, Sendable {
    /// Not YAML; reading stops here.
    case syntax
    /// Longer, deeper or larger than allowed; reading stops here.
    case limit
    /// The same key twice in one mapping; the first one counts.
    case duplicateKey
    /// A key that is not plain text.
    case complexKey
    /// An anchor or an alias.
    case alias
    /// A tag such as `!!binary`.
    case tag
    /// A second document in the same text.
    case secondDocument
  }

  /// What kind of fault.
  public let code: Code
  /// Where it is.
  public let mark: YAMLMark
  /// What is wrong, for a person to read; control characters never appear in it.
  public let reason: String

  init(_ code: Code, at mark: YAMLMark, _ reason: String) {
    self.code = code
    self.mark = mark
    self.reason = reason
  }
}
