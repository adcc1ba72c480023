import Model

/// Why reading an event stopped before its end.
enum Interruption: Error {
  /// The window ends within the value; a later window may hold it whole.
  case incomplete
  /// This is not JSON, from this byte of the window on.
  case syntax(SyntaxFault, at: Int)
  /// This is JSON, but not an event that can be taken.
  case event(EventFault)
}

/// What breaks the grammar of JSON.
enum SyntaxFault: Equatable {
  case truncated
  case unclosedString
  case controlCharacter
  case escape
  case number
  case word
  case value
  case key
  case colon
  case memberEnd
  case elementEnd
  case trailing
}

/// What is wrong with an event, where, and what would be right.
struct EventFault {
  var code: RefusalCode
  var place: Place
  var advice: Advice

  init(_ code: RefusalCode, _ place: Place, _ advice: Advice) {
    self.code = code
    self.place = place
    self.advice = advice
  }

  /// Where a fault lies.
  enum Place {
    /// In the event as a whole.
    case event
    /// At a token, given by its position in the index.
    case token(Int)
    /// At a field of the event that may be absent, given as a JSON pointer.
    case field(StaticString)
  }
}
