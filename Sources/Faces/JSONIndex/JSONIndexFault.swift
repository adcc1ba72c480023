import CSimdjson

/// Why a text could not be indexed.
public enum JSONIndexFault: Equatable, Sendable {
  /// Nothing but white space.
  case noTokens
  /// Longer than an index may be.
  case tooLong
  /// A string that does not end.
  case unclosedString
  /// A control character within a string.
  case controlCharacter
  /// Not well-formed UTF-8.
  case notUTF8
  /// There was no memory for the index.
  case outOfMemory
  /// Anything else the library says.
  case other(Int32)

  init?(code: Int32) {
    switch Int(code) {
    case HD_JSON_SUCCESS: return nil
    case HD_JSON_EMPTY: self = .noTokens
    case HD_JSON_CAPACITY: self = .tooLong
    case HD_JSON_UNCLOSED_STRING: self = .unclosedString
    case HD_JSON_UNESCAPED_CHARS: self = .controlCharacter
    case HD_JSON_UTF8_ERROR: self = .notUTF8
    case HD_JSON_MEMALLOC: self = .outOfMemory
    default: self = .other(code)
    }
  }
}
