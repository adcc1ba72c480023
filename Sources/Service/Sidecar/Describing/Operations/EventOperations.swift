import Dialects

extension EventsRoute {
  static let dialect = Parameter<Dialect>.word(
    "dialect", Dialect.allCases.map { ($0.rawValue, $0) },
    "What messages that are no events are written in; without it their fields tell.")
  static let parameters: [any QueryParameter] = [dialect]

  /// The header that says whether a body is packed.
  static let packing = DescribedParameter(
    place: .header, name: "Content-Encoding", meaning: "Whether the body is packed.",
    schema: .words(["identity", "gzip", "x-gzip", ""]), example: "identity")

  static let operations = [
    Operation(
      method: "POST", template: "/v1/events", id: "sendEvents", tag: .telling, summary: "Send events",
      detail: """
        One event, an array of events, or one a line (NDJSON). The answer comes when the accepted ones are on \
        disk, whatever the database does. One bad event never sinks its neighbours; where none is any good the \
        answer is 400. The same event twice is one: by its `event_id`, else by its content. Messages of other \
        protocols may stand among the events: they are told by their fields, or by `dialect`, and become the events \
        that they mean; a message counts as one.
        """,
      query: parameters, headers: [packing],
      body: RequestBody(
        meaning: "At most 10000 events.",
        forms: [
          RequestBody.Form(
            type: "application/json",
            schema: .anyOf([.named("Event"), .list(.named("Event"), 0...10_000)]),
            examples: [("one", EventExamples.one), ("several", .array(EventExamples.several))]),
          RequestBody.Form(
            type: "application/x-ndjson", schema: .text,
            examples: [("lines", EventExamples.lines), ("another", EventExamples.another)]),
        ]),
      answers: [
        .good("What became of each event.", .named("Receipt")),
        .problem(400, "No event was any good; `rejected` says why each was refused."),
        .problem(413, "The body is too large, or holds too many events."),
        .problem(415, "The body is neither JSON nor NDJSON, or packed in an unknown way."),
        .problem(429, "The spool fills up faster than it is drained; nothing was taken in."),
        .problem(503, "There is no room, or the sidecar is stopping; nothing was taken in."), .other,
      ])
  ]
}

/// Events to start from: a task that goes from one agent to the next, and a handoff that is parked.
///
/// They have no time of their own, so that they are never too old.
enum EventExamples {
  static let one: JSONTree = [
    "type": "handoff.initiated", "handoff_id": "ho_1", "task_id": "t-1", "conversation_id": "c-1",
    "from_agent": "researcher", "to_agent": "coder", "kind": "warm", "pattern": "direct",
    "reason": "specialization",
    "envelope": [
      "version": "2.0", "bytes": 5120, "strategy": "priority_trimming",
      "tokens": ["budget": 4000, "used": 3247, "trimmed": 0],
      "memory_refs": ["requested": 20, "resolved": 19, "missing": ["ms-4823"]],
      "sections": ["task_context", "memory_references", "constraints"], "constraints_hash": "c1",
      "confidence": 0.9, "priority": "high",
    ], "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
  ]

  static let several: [JSONTree] = [
    ["type": "handoff.acknowledged", "handoff_id": "ho_1"],
    [
      "type": "handoff.initiated", "handoff_id": "ho_2", "task_id": "t-1", "conversation_id": "c-1",
      "parent_handoff_id": "ho_1", "from_agent": "coder", "to_agent": "tester",
      "envelope": ["previous": "ho_1", "sections": ["task_context"]],
    ],
    [
      "type": "handoff.attempt_failed", "handoff_id": "ho_2", "attempt": 1, "backoff_ms": 500,
      "error": [
        "class": "retryable", "type": "timeout", "message": "no answer in 30 s", "hint": "try again",
      ],
    ],
    ["type": "handoff.parked", "handoff_id": "ho_2", "park_reason": "retries exhausted"],
  ]

  static let lines: JSONTree = """
    {"type": "task.created", "task_id": "t-1", "agent": "researcher"}
    {"type": "conversation.turn", "conversation_id": "c-1", "agent": "researcher", "role": "user", "length": 70}
    {"type": "agent.health", "agent": "coder", "health": {"status": "healthy", "response_ms": 120, "issues": []}}
    {"type": "circuit.opened", "agent": "tester", "reporter": "coder"}

    """

  static let another: JSONTree = """
    {"type": "handoff.initiated", "handoff_id": "ho_3", "from_agent": "researcher", "receivers": ["coder", "tester"]}
    {"type": "handoff.completed", "handoff_id": "ho_1"}
    {"type": "handoff.completed"}

    """
}
