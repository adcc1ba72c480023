/// Which handoffs are asked for: values of the API's parameters, as the user wrote them.
public struct HandoffFilters: Equatable, Sendable {
  private var values: [String: String] = [:]

  /// All handoffs.
  public init() {}

  /// The value of a parameter, by its name in the API.
  public subscript(_ parameter: String) -> String? {
    get { values[parameter] }
    set { values[parameter] = newValue }
  }

  /// What was given, in the order of the help, and whether it is a moment.
  public var given: [(parameter: String, text: String, isMoment: Bool)] {
    Self.table.compactMap { row in
      values[row.parameter].map { (row.parameter, $0, row.form.placeholder == ValueForm.moment.placeholder) }
    }
  }

  /// The flags that fill them.
  public static let flags = table.map { OptionName.flag($0.parameter) }

  fileprivate static let table: [(parameter: String, form: ValueForm<String>, help: String)] = [
    ("task_id", .text("ID"), "Only handoffs of this task."),
    ("conversation_id", .text("ID"), "Only handoffs of this conversation."),
    ("agent", .text("NAME"), "Only handoffs from or to this agent."),
    ("from_agent", .text("NAME"), "Only handoffs that this agent sent."),
    ("to_agent", .text("NAME"), "Only handoffs that were sent to this agent."),
    ("user_id", .text("ID"), "Only handoffs made on behalf of this user."),
    (
      "state", .text("STATE"),
      "Only handoffs in this state, such as acknowledged, completed, failed or parked."
    ),
    ("reason", .text("WORD"), "Only handoffs for this reason, such as escalation or recovery."),
    ("kind", .text("WORD"), "Only handoffs of this kind, such as warm or cold."),
    ("pattern", .text("WORD"), "Only handoffs of this pattern, such as direct or broadcast."),
    (
      "strategy", .text("WORD"),
      "Only handoffs whose envelope was packed in this way, such as full_dump or lazy_loading."
    ),
    ("error_class", .text("WORD"), "Only handoffs whose error is of this class."),
    ("error_type", .text("WORD"), "Only handoffs whose error is of this type."),
    (
      "exhausted", .trueOrFalse,
      "true for handoffs that were given up without having been delivered, false for all others."
    ),
    (
      "inferred", .trueOrFalse,
      "true for handoffs that were inferred from traces, false for those that were told."
    ),
    ("since", .moment, "Only handoffs from this moment on; a duration counts back from now."),
    ("until", .moment, "Only handoffs before this moment; a duration counts back from now."),
    (
      "min_completeness", .decimal(0...1),
      "Only handoffs of whose references at least this share was resolved."
    ),
    (
      "max_completeness", .decimal(0...1),
      "Only handoffs of whose references at most this share was resolved."
    ),
    (
      "min_ack_latency", .decimal(0...1_000_000_000),
      "Only handoffs that took at least so many seconds to be acknowledged."
    ),
    (
      "where", .text("JSON"),
      "Only handoffs of which a condition holds, such as {\"field\": \"hop\", \"operator\": \"greaterThan\", \"value\": 3}."
    ),
  ]
}

/// Settings that say which handoffs are asked for.
protocol FilteringSettings: CommandSettings {
  var filters: HandoffFilters { get set }
}

extension FilteringSettings {
  /// An option for each filter.
  static var filterOptions: [Option<Self>] {
    HandoffFilters.table.map { row in
      Option(
        OptionName.flag(row.parameter), optional: \Self.filters[row.parameter], row.form, .filters, .restart,
        row.help, standard: "any")
    }
  }
}
