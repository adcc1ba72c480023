extension EnvelopeRoute {
  static let parameters: [any QueryParameter] = [EventsRoute.dialect]

  static let operations = [
    Operation(
      method: "POST", template: "/v1/envelopes/check", id: "checkEnvelope", tag: .telling,
      summary: "Check an envelope before it is sent",
      detail: """
        Says what the sidecar would refuse, what the receiver would miss, and what is lost on the way: versions, the \
        checksum of a state that is sent with it, sections, budget, hops, deadline, readiness of the target, secrets, and \
        constraints that the handoff before was bound by. Nothing is stored.
        """,
      query: parameters, headers: [EventsRoute.packing],
      body: RequestBody(
        meaning: "An envelope, an event with one, or a message that means such an event.",
        forms: [
          RequestBody.Form(
            type: "application/json", schema: .object,
            examples: [("envelope", envelope), ("event", EventExamples.one), ("message", message)])
        ]),
      answers: [
        .good("What was found.", .named("EnvelopeReport")),
        .problem(400, "The body is no JSON object, or the query is faulty."),
        .problem(413, "The body is larger than 8 MiB, or holds too many values."),
        .problem(415, "The body is not JSON, or packed in an unknown way."),
        .problem(503, "The sidecar is stopping; nothing was checked."), .other,
      ])
  ]

  private static let envelope: JSONTree = [
    "version": "2.0", "to_agent": "coder", "hop": 2, "state": ["step": 3],
    "checksum": "sha256:f2c76473acac2fa2146cd9615b918e8ae33033c5a78dd320338b04ac6fa438ab",
    "tokens": ["budget": 4000, "used": 3247], "memory_refs": ["requested": 20, "resolved": 19],
    "sections": [
      "task_context", "memory_references", "execution_history", "constraints", "expected_outputs",
    ],
  ]

  private static let message: JSONTree = [
    "task_id": "t-1", "from_agent": "coder", "to_agent": "tester", "action": "completed",
    "payload": ["files": ["orders.ts"]], "context": ["constraints": ["no breaking change"]],
    "metadata": ["confidence": 0.9],
  ]
}
