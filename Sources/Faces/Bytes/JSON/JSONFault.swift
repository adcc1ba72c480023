/// Why bytes could not be read as a JSON value.
public struct JSONFault: Error, Equatable, Sendable {
  /// What kind of fault it is.
  public enum Kind: Equatable, Sendable {
    /// It is not JSON.
    case syntax
    /// A text that is not UTF-8, or half of a surrogate pair.
    case text
    /// The same name twice in an object.
    case duplicateName
    /// Lists and objects within one another deeper than allowed.
    case tooDeep
    /// More values than allowed.
    case tooMany
  }

  /// What kind of fault it is.
  public var kind: Kind
  /// The byte at which it was found.
  public var offset: Int
  /// The value within which it was found, as a JSON pointer.
  public var pointer: String
  /// What is wrong, and what would be right.
  public var message: String
}

extension JSONFault: CustomStringConvertible {
  /// The fault and its place.
  public var description: String { "\(message) (byte \(offset))" }
}

/// Steps from a JSON text to one of its values, as RFC 6901 writes them.
public enum JSONPointer {
  /// The pointer to a member of what `parent` points to.
  public static func to(_ name: String, in parent: String = "") -> String {
    let isPlain = !name.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
    return parent + "/" + (isPlain ? name : name.replacing("~", with: "~0").replacing("/", with: "~1"))
  }

  /// The pointer to an element of what `parent` points to.
  public static func to(_ index: Int, in parent: String) -> String { "\(parent)/\(index)" }
}
