/// Why there is no server.
public struct HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of fault it is.
  public enum Code: Hashable, Sendable {
    /// The address cannot be read or resolved.
    case address
    /// The system does not let us listen there.
    case listen
    /// The library did not start.
    case start
  }

  /// What kind of fault it is.
  public var code: Code
  /// The address.
  public var subject: String
  /// What the system or the library said.
  public var cause: String
  /// What to do about it.
  public var hint: String

  /// One sentence for a person.
  public var description: String {
    "cannot listen on \(subject): \(cause); nothing is served there\(hint.isEmpty ? "" : " (\(hint))")"
  }
}
