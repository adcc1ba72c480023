/// What the library's thread shall do next for a request.
enum Verdict: Sendable {
  /// Go on reading, or wait to be called again.
  case wait
  /// Suspend until the reply comes.
  case suspend
  /// Close the connection, unanswered.
  case hangUp
  /// Queue this, and close the connection afterwards where it is the last.
  case answer(Response, isLast: Bool)
}
