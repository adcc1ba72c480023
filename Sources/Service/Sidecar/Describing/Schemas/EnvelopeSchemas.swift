import Dialects
import Envelopes

extension Schema {
  /// What is said of an envelope before it is sent.
  static let envelopes: [(String, Schema)] = [("EnvelopeReport", envelopeReport), ("Finding", finding)]

  private static let envelopeReport = whole([
    ("valid", flag.meaning("Whether there are no errors.")),
    ("score", share.meaning("1, less a quarter for each error and a twentieth for each warning.")),
    (
      "form",
      words(["event", "envelope"] + Dialect.allCases.map(\.rawValue)).meaning("What it was taken for.")
    ),
    ("errors", list(named("Finding")).meaning("Why it should not be sent like this.")),
    ("warnings", list(named("Finding")).meaning("What will be missing or late.")),
    (
      "sections",
      whole([
        ("present", list(words(Sections.all))), ("missing", list(words(Sections.all))), ("ratio", share),
      ])
    ),
    (
      "tokens",
      whole([
        ("budget", number.orNull), ("used", number.orNull), ("trimmed", number.orNull),
        ("utilization", number.orNull),
      ])
    ),
    (
      "memory_refs",
      whole([("requested", number.orNull), ("resolved", number.orNull), ("completeness", number.orNull)])
    ),
    ("checksum", checksum), ("hop", number.orNull),
    ("deadline_headroom_seconds", number.orNull.meaning("The time left until the deadline.")),
    ("target", named("AgentReadiness").orNull),
    ("upstream_handoff_id", text.orNull.meaning("The handoff before that it was compared with.")),
    ("unchecked", list(words(["constraints"])).meaning("What could not be checked: the database is away.")),
  ])

  private static let checksum = whole([
    ("stated", text.orNull),
    ("computed", text.orNull.meaning("What the canonical JSON of the state comes to.")),
    ("matches", flag.orNull.meaning("Null where there is nothing to compare.")),
    (
      "over",
      anyOf([words(Checksum.Form.allCases.map(\.rawValue)), null]).meaning(
        "What the stated one is found to be taken over.")
    ),
  ])

  private static let finding = whole([
    (
      "code",
      text.meaning(
        "A word for programs: a code with which an event is refused, or one of "
          + Finding.Code.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    ),
    ("pointer", text.meaning("Where in what was sent, as a JSON pointer.")),
    ("message", text.meaning("What is wrong, and what would be right.")),
  ])
}
