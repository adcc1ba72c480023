/// Why an event was not taken in: a closed list, stable for clients.
public enum RefusalCode: String, CaseIterable, Sendable {
  case invalidJSON = "invalid_json"
  case invalidText = "invalid_text"
  case missingField = "missing_field"
  case unknownType = "unknown_type"
  case tooLong = "too_long"
  case invalidTime = "invalid_time"
  case unsupportedVersion = "unsupported_version"
  case tooDeep = "too_deep"
  case duplicateKey = "duplicate_key"
  case invalidType = "invalid_type"
  case outOfRange = "out_of_range"
  case tooLarge = "too_large"
  case tooOld = "too_old"
  case inFuture = "in_future"
  case conflict = "conflict"
}

/// One event that was refused: which, where in it, why, and what would be right.
public struct Refusal: Equatable, Sendable {
  /// The position of the event in its request: element of the array, or line, from 0.
  public var index: Int
  /// The JSON pointer to the fault within the event; empty for the event itself.
  public var pointer: String
  /// Why, as a word for programs.
  public var code: RefusalCode
  /// Why, and what would be right, for people.
  public var message: String

  /// A refusal of the event at `index`.
  public init(index: Int, pointer: String, code: RefusalCode, message: String) {
    self.index = index
    self.pointer = pointer
    self.code = code
    self.message = message
  }
}
