import Store

extension ExportRoute {
  static let subject = Parameter<Export.Subject>.choice(
    "of", .handoffs,
    """
    The rows: handoffs, events, or the log. Events come by handoff in the order of the handoffs, then those about agents, \
    tasks and conversations, which only pass filters by task, conversation, agent and time. The log is all events in the \
    order in which they were received; of the other parameters it takes only format, and since and until, for the receipt.
    """)
  static let format = Parameter<Export.Format>.choice(
    "format", .ndjson, "A JSON document a line, or comma-separated values with a line of names.")

  static let parameters: [any QueryParameter] =
    [subject, format] + HandoffFilter.parameters + [HandoffRoutes.order]

  /// What the log takes.
  static let logParameters: [any QueryParameter] =
    [subject, format] + HandoffFilter.parameters.filter { ["since", "until"].contains($0.described.name) }

  static let operations = [
    Operation(
      method: "GET", template: "/v1/export", id: "export", tag: .handoffs,
      summary: "Export everything that matches",
      detail: """
        A stream of as many rows as there are, each once. Its length is not known before, so it comes in chunks, of which \
        the last says that it is complete; where something breaks the connection is cut instead.
        """, query: parameters,
      answers: [
        Answer(
          status: 200, meaning: "The rows.", forms: [("application/x-ndjson", .text), ("text/csv", .text)]),
        .badQuery, .away, .other,
      ])
  ]
}
