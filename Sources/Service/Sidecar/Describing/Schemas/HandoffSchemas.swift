import Model

extension Schema {
  /// Handoffs, and what belongs to them.
  static let handoffs: [(String, Schema)] = [
    ("Handoff", whole(handoffMembers)), ("ActiveHandoff", activeHandoff), ("HandoffPage", handoffPage),
    ("HandoffDetail", handoffDetail), ("StoredEvent", storedEvent),
  ]

  /// Where the next page begins.
  static let nextCursor = text.orNull.meaning("Where the next page begins; null where this is the last.")

  /// What an answer has seen.
  static let asOf = moment.orNull.meaning(
    "Everything that this sidecar received before this moment is in the answer.")

  /// The members of a handoff, for schemas that have more.
  static let handoffMembers: [(String, Schema)] = people + life + context + rest

  private static let people: [(String, Schema)] = [
    ("handoff_id", text), ("task_id", text.orNull), ("conversation_id", text.orNull),
    ("parent_handoff_id", text.orNull.meaning("The handoff that this one comes from.")),
    ("from_agent", text.orNull), ("to_agent", text.orNull),
    ("original_to_agent", text.orNull.meaning("To whom it was to go before it went elsewhere.")),
    ("kind", text.orNull), ("pattern", text.orNull), ("reason", text.orNull),
    ("group_id", text.orNull.meaning("What the handoffs of a broadcast share.")),
    ("receiver_count", count.orNull.meaning("How many receivers the broadcast has.")),
    ("user_id", textOrNumber.meaning("On whose behalf it was made.")),
  ]

  private static let life: [(String, Schema)] = [
    ("state", words(HandoffState.allCases.map(\.name)).orNull.meaning("Null where no event told of one.")),
    ("overdue", flag.meaning("Whether it was sent, and is neither answered nor ended in time.")),
    ("attempts", count),
    (
      "exhausted",
      flag.meaning("Whether it was given up without having been delivered: no attempt or fallback was left.")
    ),
    ("hop", count.orNull), ("first_event_at", moment.orNull),
    ("initiated_at", moment.orNull), ("acknowledged_at", moment.orNull), ("ended_at", moment.orNull),
    ("ack_latency_seconds", measure.orNull), ("duration_seconds", measure.orNull),
  ]

  private static let context: [(String, Schema)] = [
    (
      "completeness", share.orNull.meaning("Resolved of requested references; null where none was requested.")
    ),
    (
      "memory_refs",
      whole([
        ("requested", measure.orNull), ("resolved", measure.orNull), ("missing", list(text).orNull),
      ]).orNull
    ),
    (
      "tokens",
      whole([
        ("budget", measure.orNull), ("used", measure.orNull), ("trimmed", measure.orNull),
        ("utilization", measure.orNull.meaning("Used of the budget.")),
      ]).orNull
    ),
    ("envelope", envelope.orNull), ("error", error.orNull),
  ]

  private static let envelope = whole([
    ("version", textOrNumber), ("previous", text.orNull),
    ("bytes", measure.orNull), ("raw_bytes", measure.orNull),
    ("compression_ratio", measure.orNull.meaning("Packed of raw bytes.")), ("strategy", text.orNull),
    ("sections", list(text).orNull), ("checksum", text.orNull), ("constraints_hash", text.orNull),
    ("constraint_hashes", list(text).orNull),
    ("confidence", measure.orNull), ("deadline", textOrNumber),
    ("expires_at", textOrNumber),
    ("priority", textOrNumber),
  ])

  private static let error = whole([
    ("class", text.orNull), ("type", text.orNull), ("message", text.orNull),
    ("attempted", anything.meaning("As it was sent.")), ("hint", text.orNull),
  ])

  private static let rest: [(String, Schema)] = [
    ("escalation", named("Escalation").orNull), ("rollback", named("Rollback").orNull),
    ("validation", named("Validation").orNull), ("park_reason", text.orNull),
    ("fallback_index", count.orNull), ("trace_id", text.orNull), ("span_id", text.orNull),
    ("resources", anything.meaning("What is held for the work, as it was sent.")),
    ("shared_context", named("SharedContext").orNull),
    ("source", text.orNull.meaning("By which door the first of its events came in.")),
    ("inferred", flag.meaning("Whether nothing of it was reported, but all of it was concluded.")),
  ]

  private static let activeHandoff = whole(
    handoffMembers.filter { $0.0 != "inferred" } + [
      ("inferred", flag.orNull),
      ("age_seconds", measure.meaning("Since it was sent, else since its first event.")),
    ])

  private static let handoffPage = whole([
    ("handoffs", list(named("Handoff"))), ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let handoffDetail = whole([
    ("handoff", named("Handoff")),
    ("events", list(named("StoredEvent")).meaning("In the order in which they count.")),
    ("events_cut", flag.meaning("Whether there are more events than an answer may hold.")),
    ("course", course.meaning("What the events tell together.")),
    (
      "lineage",
      whole([
        ("parents", list(named("Handoff")).meaning("The handoffs that it comes from, the nearest first.")),
        ("children", list(named("Handoff")).meaning("The handoffs that come from it, the oldest first.")),
        (
          "fallbacks",
          list(named("Handoff")).meaning("The handoffs made to others in the place of its receiver.")
        ),
        (
          "envelopes",
          list(named("Handoff")).meaning("The handoffs whose envelopes its envelope was made from.")
        ),
      ])
    ),
    (
      "broadcast",
      whole([
        ("group_id", text), ("receivers", count.orNull.meaning("As was told.")),
        ("known", count.meaning("Handoffs of it that are known.")), ("acknowledged", count),
        ("settled", count.meaning("Those that have ended, in whatever way.")),
        ("failed", count.meaning("Those that have ended otherwise than completed.")),
        ("duplicates", count.meaning("Acknowledgements beyond the first of each.")),
      ]).orNull.meaning("How far the broadcast, or what was made in parallel, is that it belongs to.")
    ), ("as_of", asOf),
  ])

  private static let course = whole([
    (
      "phases",
      list(
        whole([
          ("phase", words(HandoffPhase.allCases.map(\.name))),
          ("step", text.orNull.meaning("The name of the step that it is.")), ("seconds", measure),
          ("ended_at", moment),
        ])
      ).meaning("What its time went into, in the order in which each ended.")
    ),
    ("retry_wait_seconds", measure.meaning("Waited between attempts, in all.")),
    (
      "versions",
      whole([
        ("sent", text.orNull.meaning("Of the envelope's form, as it was sent.")),
        ("received", text.orNull.meaning("Of the form that the receiver works with.")),
      ])
    ),
    (
      "checksums",
      whole([
        ("sent", text.orNull), ("received", text.orNull.meaning("Of what its receiver works with.")),
        ("match", flag.orNull.meaning("Null where one of them is not known.")),
      ])
    ),
    (
      "fetches",
      whole(ContextFetch.allCases.map { ($0.rawValue, count) }).meaning(
        "How often the receiver asked for what it was not sent.")
    ),
    ("degraded", flag.orNull.meaning("Whether it began without some of its references.")),
    ("recovered", list(text).meaning("References that were missing first and found later.")),
    (
      "states",
      list(
        whole([
          ("agent", text.orNull), ("hash", text.orNull), ("bytes", count.orNull),
          ("transferred_from", text.orNull.meaning("From whom it was taken over.")), ("at", moment),
        ])
      ).meaning("What agents said of their states.")
    ),
    (
      "decision",
      whole([("source", text.orNull), ("rule", text.orNull), ("alternative", text.orNull)]).orNull.meaning(
        "Who or what decided that it be made, by which rule, and who could have had it instead.")
    ),
  ])

  private static let storedEvent = object(
    [
      ("type", words(EventType.allCases.map(\.name))),
      ("received_at", moment.meaning("When a sidecar received it.")),
      ("instance", text.orNull.meaning("Which sidecar; null where that is not known any more.")),
    ], required: ["type", "received_at", "instance"]
  ).open.meaning("An event as it was sent, redacted, with when and by which sidecar it was received.")
}
