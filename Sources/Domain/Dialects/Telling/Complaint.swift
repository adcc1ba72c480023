import Bytes

/// Something in a message that contradicts itself or leaves out what it should say.
struct Complaint {
  /// How bad it is.
  enum Severity: String {
    case error
    case warning
  }

  var rule: String
  var severity: Severity
  var message: String
  /// Where in the message.
  var pointer: String
  /// The type of error that it is.
  var error: String?

  /// It as a result of a validation that did not pass.
  var result: JSONValue {
    .object([
      "rule": .text(rule), "passed": .boolean(false), "severity": .text(severity.rawValue),
      "message": .text(pointer.isEmpty ? message : "\(message) (\(pointer))"),
    ])
  }
}
