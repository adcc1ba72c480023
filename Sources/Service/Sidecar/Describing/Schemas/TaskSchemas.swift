import Audit
import Model

extension Schema {
  /// Tasks and conversations.
  static let tasks: [(String, Schema)] = [
    ("Task", task), ("TaskHandoff", taskHandoff), ("Conversation", conversation),
  ]

  private static let edge: [(String, Schema)] = [
    ("handoff_id", text), ("from_agent", text.orNull), ("to_agent", text.orNull),
  ]

  private static let task = whole([
    ("task_id", text),
    (
      "state",
      text.orNull.meaning(
        "completed or failed as its own events say, else the state of its handoff sent last, else created.")
    ),
    (
      "status",
      words(TaskStatus.allCases.map(\.rawValue)).meaning(
        "The same in the words of those who manage tasks, as follows from what happened.")
    ),
    ("owner", text.orNull.meaning("Who has it now: the receiver of the handoff delivered last.")),
    ("depth", count.meaning("The deepest hop.")),
    ("agents", list(text).meaning("All on the way, in the order in which they come.")),
    ("context_retained", share.orNull.meaning("Of all that its way began with, after the last handoff.")),
    ("first_loss", firstLoss.orNull.meaning("The first handoff with which context was lost.")),
    ("loops", list(loop).meaning("Edges that were travelled more than once.")),
    ("escalations", list(whole(edge + [("escalation", named("Escalation").orNull)]))),
    ("constraints_lost", list(lostConstraints)),
    ("failures", list(failure).meaning("Handoffs that failed, and what was decided about each.")),
    (
      "state_conflicts",
      list(whole(edge + [("newer_handoff_id", text)])).meaning(
        "Handoffs whose state came to a receiver that already had a newer one.")
    ),
    (
      "ownership_violations",
      list(whole(edge + [("owner", text)])).meaning(
        "Handoffs of a sequence by somebody who did not have the task, and who had it then.")
    ),
    ("shared_context", sharedContext.orNull.meaning("The context that its agents share, as handoffs tell.")),
    (
      "claim_races",
      list(claimRace).meaning(
        "Work that was offered to several (kind broadcast), and that more than one took.")
    ),
    ("handoffs", list(named("TaskHandoff")).meaning("In the order in which they were sent.")),
    ("events", list(named("StoredEvent")).meaning("Events of the task itself.")),
    ("cut", flag.meaning("Whether there is more than an answer may hold.")), ("as_of", asOf),
  ])

  private static let sharedContext = whole([
    ("current", named("SharedContext").orNull.meaning("What they share now.")),
    ("writers", list(text).meaning("Who wrote it, in the order in which they first did.")),
    (
      "writes",
      list(
        whole(
          edge + [
            ("told_at", moment), ("context", named("SharedContext")),
            (
              "faults",
              list(words(ContextFault.allCases.map(\.rawValue))).meaning(
                "What is wrong with it: who wrote, what was replaced, or what was read before.")
            ),
          ])
      ).meaning("Each handoff that tells of another state than was told before it.")
    ),
  ])

  private static let firstLoss = whole(
    edge + [("completeness", share.orNull), ("missing", list(text).orNull)])

  private static let loop = whole([
    ("from_agent", text), ("to_agent", text), ("times", count(2...1_000)),
    ("handoffs", list(text).meaning("The handoffs along it, in order.")),
  ])

  private static let lostConstraints = whole(
    edge + [
      ("previous", text.orNull.meaning("The handoff before, which still had them.")),
      ("lost", words(ConstraintsLost.allCases.map(\.rawValue)).meaning("How it can be told.")),
      ("missing", list(text).meaning("The hashes of those that are gone, where each has one.")),
    ])

  private static let failure = whole(
    edge + [
      ("failed_at", moment),
      (
        "decision",
        words(FailureDecision.allCases.filter { $0 != .none }.map(\.name)).orNull.meaning(
          "Null while nobody has decided.")
      ),
      ("decided_by", text.orNull.meaning("The handoff that shows it; null where the end of the task does.")),
      ("decided_at", moment.orNull),
    ])

  private static let claimRace = whole([
    ("group_id", text), ("won_by", text.orNull.meaning("Who took it first.")),
    (
      "claims",
      list(whole(edge + [("claimed_at", moment), ("state", text.orNull)])).meaning(
        "In the order in which it was taken.")
    ),
  ])

  private static let taskHandoff = whole(
    handoffMembers + [
      ("depth", count.meaning("How many handoffs deep it is.")),
      ("previous", text.orNull.meaning("The handoff before it on its way.")),
      ("context_retained", share.meaning("What is left after it of all that its way began with.")),
      ("loop", flag.meaning("Whether its edge had been travelled before.")),
    ])

  private static let conversation = whole([
    ("conversation_id", text), ("agents", list(text)), ("handoffs", list(named("Handoff"))),
    ("turns", list(named("StoredEvent"))),
    ("cut", flag.meaning("Whether there is more than an answer may hold.")), ("as_of", asOf),
  ])
}
