import Audit
import Model

extension Schema {
  /// What was parked, what is held, and what was refused.
  static let desk: [(String, Schema)] = [
    ("DeadLetterPage", deadLetterPage), ("ResourcePage", resourcePage), ("Resolution", resolution),
    ("RejectionPage", rejectionPage),
  ]

  private static let deadLetterPage = whole([
    (
      "dead_letters",
      list(
        whole([
          ("handoff_id", text), ("task_id", text.orNull), ("from_agent", text.orNull),
          ("to_agent", text.orNull), ("reason", text.orNull), ("error_type", text.orNull),
          ("attempts", count), ("parked_at", moment), ("age_seconds", measure),
          ("status", words(DeadLetter.Status.allCases.map(\.rawValue))), ("resolved_by", text.orNull),
          ("note", text.orNull),
        ])
      ).meaning("Parked last first.")
    ), ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let resourcePage = whole([
    (
      "resources",
      list(
        whole([
          ("kind", text), ("id", text), ("held_by", text.orNull.meaning("Who has the handoff.")),
          ("since", moment.orNull.meaning("When it came to have it.")), ("age_seconds", measure.orNull),
          ("contended", flag.meaning("Whether several agents hold it at once.")),
          ("holders", list(text).meaning("The agents that hold it, of all pages.")),
          ("handoff_id", text), ("task_id", text.orNull),
        ])
      ).meaning("Of the handoff that began first, first.")
    ), ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let resolution = object([
    ("resolved_by", text(0...256).meaning("Who dealt with it.")),
    ("note", text(0...4096).meaning("How, and why.")),
  ]).open.meaning("Kept with the record; further members are kept too.")

  private static let rejectionPage = whole([
    (
      "rejections",
      list(
        whole([
          ("received_at", moment), ("from", text.meaning("Who sent it, as address and port.")),
          ("from_agent", text.orNull.meaning("The agent that sent it, as far as that can be read.")),
          ("instance", text.orNull), ("index", count.meaning("Which of the events of its request.")),
          ("code", words(RefusalCode.allCases.map(\.rawValue))), ("pointer", text), ("message", text),
          ("body", text.meaning("What was sent, redacted and cut.")),
          (
            "acknowledged",
            flag.meaning("Whether it had been accepted, and was only found to conflict at its commit.")
          ),
        ])
      ).meaning("The newest first.")
    ), ("next_cursor", nextCursor), ("as_of", asOf),
  ])
}
