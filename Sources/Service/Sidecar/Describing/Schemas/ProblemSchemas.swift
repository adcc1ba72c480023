import Model

extension Schema {
  /// What is said where something is wrong.
  static let problems: [(String, Schema)] = [
    ("Problem", problem), ("Fault", fault), ("Receipt", receipt), ("Refusal", refusal),
  ]

  private static let problem = object(
    [
      ("type", text.meaning("What kind of problem it is, as a URI.").examples("about:blank")),
      ("title", text.meaning("The kind in words.")), ("status", count(400...599)),
      ("detail", text.meaning("This one in words, and what would be right.")),
      ("errors", list(named("Fault")).meaning("The faults, where they are known one by one.")),
      ("accepted", count(0...0).meaning("Where events were sent: none was accepted.")),
      ("duplicates", count(0...0).meaning("Where events were sent: none was known already.")),
      ("rejected", list(named("Refusal")).meaning("Where events were sent: why each was refused.")),
    ], required: ["type", "title", "status", "detail"]
  ).meaning("Problem details (RFC 9457).")

  private static let fault = object(
    [
      ("index", count.meaning("Which of the things that were sent, from 0.")),
      ("pointer", text.meaning("Where: a JSON pointer into the event, or the name of a parameter.")),
      ("code", text.meaning("A word for programs.")),
      ("message", text.meaning("What is wrong, and what would be right.")),
    ], required: ["code", "message"])

  private static let receipt = whole([
    ("accepted", count.meaning("Events that are new, and on disk now.")),
    ("duplicates", count.meaning("Events that were known already.")),
    ("rejected", list(named("Refusal"))),
  ]).meaning("What became of the events of a request.")

  private static let refusal = whole([
    ("index", count.meaning("Which event: element of the array, or line, from 0.")),
    ("pointer", text.meaning("Where in the event, as a JSON pointer; empty for the event itself.")),
    ("code", words(RefusalCode.allCases.map(\.rawValue))),
    ("message", text.meaning("What is wrong, and what would be right.")),
  ]).meaning("An event that was refused.")
}
