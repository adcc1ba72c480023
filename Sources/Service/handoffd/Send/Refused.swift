import Configuration
import Wording

/// An event that was not taken, and why.
struct Refused: Equatable {
  /// The line it came from.
  var line: Int
  /// The reason as a code.
  var code: String
  /// Where in the event.
  var pointer: String
  /// The reason in words.
  var message: String

  /// `line 7: missing_field at /handoff_id: …`.
  var description: String {
    let place = pointer.isEmpty ? "" : " at \(Printable.plain(pointer, limit: 120))"
    let words = message.isEmpty ? "" : ": \(Printable.plain(message))"
    return "line \(line): \(Printable.plain(code, limit: 40))\(place)\(words)"
  }
}
