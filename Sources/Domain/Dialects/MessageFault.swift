public import Model

/// Why a message of a dialect tells nothing that can be taken.
public struct MessageFault: Error, Equatable, Sendable {
  /// Why, as a word for programs.
  public var code: RefusalCode
  /// Where in the message, as a JSON pointer.
  public var pointer: String
  /// Why, and what would be right, for people.
  public var message: String

  init(_ code: RefusalCode, _ pointer: String, _ message: String) {
    self.code = code
    self.pointer = pointer
    self.message = message
  }

  /// A member that is not there.
  static func missing(_ name: String, _ message: String) -> Self {
    Self(.missingField, "/" + name, message)
  }
}
