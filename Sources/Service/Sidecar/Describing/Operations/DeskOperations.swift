import Store

extension DeadLetterRoutes {
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static let cursor = Parameter<String>.cursor { StoreQueries.isDeadLetterCursor($0) }
  static let parameters: [any QueryParameter] = [limit, cursor]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/dead-letters", id: "listDeadLetters", tag: .deadLetters,
      summary: "List dead letters",
      detail: "Handoffs that were parked, with why, and whether anybody has dealt with them.",
      query: parameters,
      answers: [.good("A page of dead letters.", .named("DeadLetterPage")), .badQuery, .away, .other]),
    Operation(
      method: "POST", template: "/v1/dead-letters/{id}/resolve", id: "resolveDeadLetter", tag: .deadLetters,
      summary: "Deal with a dead letter",
      detail: "Becomes an event of the handoff; the record says who dealt with it, and how.",
      path: [Operation.id("The handoff's id.", example: "ho_2")],
      body: RequestBody(
        meaning: "Who, and how.", isRequired: false,
        forms: [
          RequestBody.Form(
            type: "application/json", schema: .named("Resolution"),
            examples: [("by hand", ["resolved_by": "ann", "note": "sent by hand"])])
        ]),
      answers: [
        .good("It is on disk that it is dealt with.", .named("Receipt")),
        .problem(400, "The body is no JSON object, or the query is faulty."),
        .unknown("handoff of this id"),
        .problem(409, "It was never parked, or is dealt with already."),
        .problem(413, "The body is larger than 16 KiB."), .problem(415, "The body is not JSON."),
        .problem(429, "The spool fills up faster than it is drained; nothing was taken in."), .away, .other,
      ]),
  ]
}

extension RejectionsRoute {
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static let cursor = Parameter<String>.cursor { StoreQueries.isRejectionCursor($0) }
  static let parameters: [any QueryParameter] = [limit, cursor]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/rejections", id: "listRejections", tag: .telling,
      summary: "List what was refused", detail: "With why, from whom, and the bytes; the newest first.",
      query: parameters,
      answers: [.good("A page of rejections.", .named("RejectionPage")), .badQuery, .away, .other])
  ]
}
