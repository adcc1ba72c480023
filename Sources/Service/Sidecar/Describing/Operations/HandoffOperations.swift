import Model
import Store

extension HandoffRoutes {
  /// What a list of handoffs takes.
  static let parameters: [any QueryParameter] = HandoffFilter.parameters + [order, limit, cursor]

  static let order = Parameter<HandoffOrder>.choice(
    "order", .descending, "Newest first (desc) or oldest first (asc), by first event.")
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  /// Each order has cursors of its own.
  static let cursor = Parameter<String>.cursor { text in
    HandoffOrder.allCases.contains { StoreQueries.isCursor(text, for: $0) }
  }

  static let operations = [
    Operation(
      method: "GET", template: "/v1/handoffs", id: "listHandoffs", tag: .handoffs, summary: "List handoffs",
      detail: """
        Those that pass every filter, page by page. What comes in meanwhile moves nothing: each handoff comes once. The last \
        page is the one without a next_cursor: where no index leads to what passes (a condition, or filters that hardly ever \
        hold together), a page ends after some seconds, however many it has found by then, and the next goes on from there.
        """, query: parameters,
      answers: [.good("A page of handoffs.", .named("HandoffPage")), .badQuery, .away, .other]),
    Operation(
      method: "GET", template: "/v1/handoffs/{id}", id: "showHandoff", tag: .handoffs,
      summary: "Show a handoff",
      detail: "Its record, its events in order, and what it comes from and led to.",
      path: [Operation.id("The handoff's id.", example: "ho_1")],
      answers: [
        .good("The handoff.", .named("HandoffDetail")), .badQuery, .unknown("handoff of this id"), .away,
        .other,
      ]),
  ]
}

extension HandoffFilter {
  /// A filter: the parameter, and what reads it.
  private struct Entry: Sendable {
    var parameter: any QueryParameter
    var read: @Sendable (inout HandoffFilter, inout QueryReader) -> Void

    init<Value: Sendable>(
      _ path: any WritableKeyPath<HandoffFilter, Value?> & Sendable, _ parameter: Parameter<Value>
    ) {
      self.parameter = parameter
      read = { filter, query in filter[keyPath: path] = query.read(parameter) }
    }
  }

  /// The parameters that say which handoffs are asked for.
  static let parameters: [any QueryParameter] = entries.map(\.parameter)

  /// The filter that a query asks for; what is wrong with it is noted there.
  init(_ query: inout QueryReader) {
    self.init()
    for entry in Self.entries { entry.read(&self, &query) }
  }

  private static let entries: [Entry] = names + words + bounds

  private static let names = [
    Entry(\.taskID, .text("task_id", "Only those of this task.", example: "t-1")),
    Entry(\.conversationID, .text("conversation_id", "Only those of this conversation.", example: "c-1")),
    Entry(\.agent, .text("agent", "Only those from or to this agent.", example: "coder")),
    Entry(\.fromAgent, .text("from_agent", "Only those that this agent sent.", example: "researcher")),
    Entry(\.toAgent, .text("to_agent", "Only those that were sent to this agent.", example: "coder")),
    Entry(\.userID, .text("user_id", "Only those made on behalf of this user.", example: "u-1")),
  ]

  private static let words = [
    Entry(
      \.state,
      .word(
        "state", HandoffState.allCases.map { ($0.name, $0) }, "Only those in this state.", example: "parked")),
    Entry(\.reason, .text("reason", "Only those made for this reason.", example: "specialization")),
    Entry(\.kind, .text("kind", "Only those of this kind.", example: "warm")),
    Entry(\.pattern, .text("pattern", "Only those of this pattern.", example: "direct")),
    Entry(
      \.strategy,
      .text("strategy", "Only those whose envelope was packed in this way.", example: "priority_trimming")),
    Entry(
      \.errorClass, .text("error_class", "Only those whose error is of this class.", example: "retryable")),
    Entry(\.errorType, .text("error_type", "Only those whose error is of this type.", example: "timeout")),
    Entry(
      \.exhausted,
      .flag("exhausted", "Whether they were given up without having been delivered.", example: "true")),
    Entry(
      \.inferred,
      .flag("inferred", "Whether they were concluded, or reported.", example: "false")),
  ]

  private static let bounds = [
    Entry(
      \.since,
      .moment("since", "Only those whose first event is not before.", example: "2026-11-21T03:00:00Z")),
    Entry(
      \.until,
      .moment("until", "Only those whose first event is before.", example: "2099-11-21T03:00:00+01:00")),
    Entry(
      \.minCompleteness,
      .number("min_completeness", 0...1, "At least this share of the references arrived.", example: "0.5")),
    Entry(
      \.maxCompleteness,
      .number("max_completeness", 0...1, "At most this share of the references arrived.", example: "0.99")),
    Entry(
      \.minAcknowledgementLatency,
      .seconds("min_ack_latency", 0...1e9, "The answer took at least so many seconds.", example: "1.5")),
    Entry(\.condition, .condition),
  ]
}

extension Parameter where Value == HandoffCondition {
  /// A condition as routers have them.
  static let condition = Self(
    "where",
    """
    Only those of which a condition holds: a JSON object with field, operator \
    (\(HandoffCondition.Operator.allCases.map(\.rawValue).joined(separator: ", "))) and value, or with and, or with or, \
    and a list of such. Fields: \(HandoffCondition.Field.allCases.map(\.rawValue).joined(separator: ", ")), \
    and attributes.NAME for what an event has among its attributes, as text.
    """, .text, example: #"{"field": "hop", "operator": "greaterThan", "value": 0}"#,
    wanted: #"a condition, such as {"field": "to_agent", "operator": "in", "value": ["coder"]}"#
  ) { HandoffCondition(json: $0) }
}

extension Parameter where Value == Int64 {
  /// A number of seconds, read in microseconds.
  static func seconds(
    _ name: String, _ range: ClosedRange<Double>, _ meaning: String, example: String
  ) -> Self {
    let number = Parameter<Double>.number(name, range, meaning, example: example)
    return Self(name, meaning, number.described.schema, example: example, wanted: number.wanted) { text in
      number.parse(text).map { Int64(($0 * 1e6).rounded()) }
    }
  }
}
