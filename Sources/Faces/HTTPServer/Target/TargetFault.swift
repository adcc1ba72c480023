/// Why a request target is refused.
public enum TargetFault: Error, Hashable, Sendable {
  /// There is none, or it is neither a path nor an absolute URI.
  case malformed
  /// A space, a control character or a fragment where none may be.
  case invalidCharacter
  /// A `%` that two hexadecimal digits do not follow.
  case brokenEscape
  /// A NUL, as it is or as `%00`.
  case containsNUL
  /// Bytes that are not UTF-8 once decoded.
  case notUTF8
  /// More path segments or query pairs than anybody needs.
  case tooManyParts

  /// What to tell the client.
  public var detail: String {
    switch self {
    case .malformed: "the request target must be a path that begins with '/'"
    case .invalidCharacter: "the request target holds a character that must be percent-encoded"
    case .brokenEscape: "the request target holds a '%' that two hexadecimal digits do not follow"
    case .containsNUL: "the request target holds a NUL"
    case .notUTF8: "the request target is not UTF-8 once decoded"
    case .tooManyParts: "the request target has too many path segments or query parameters"
    }
  }
}
