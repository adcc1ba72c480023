import Bytes

/// Handoffs for people.
enum HandoffViews {
  /// A list of handoffs.
  static func table(_ handoffs: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("BEGAN"), .text("HANDOFF", least: 10), .text("FROM"), .text("TO"), .text("STATE", least: 12),
        .number("ACK"), .number("TOOK"), .number("CONTEXT"), .number("TRIES"), .text("TASK"), .text("ERROR"),
      ],
      rows: handoffs.map { handoff in
        [
          Words.moment(began(handoff)), Words.text(handoff.at("handoff_id")),
          Words.text(handoff.at("from_agent")), Words.text(handoff.at("to_agent")),
          Words.state(of: handoff), Words.seconds(handoff.at("ack_latency_seconds")),
          Words.seconds(handoff.at("duration_seconds")), Words.share(handoff.at("completeness")),
          Words.count(handoff.at("attempts")), Words.text(handoff.at("task_id")),
          Words.error(of: handoff),
        ]
      })
  }

  /// What is under way.
  static func active(_ handoffs: [JSONValue]) -> Table {
    Table(
      columns: [
        .number("AGE"), .text("HANDOFF", least: 10), .text("FROM"), .text("TO"), .text("STATE", least: 12),
        .number("TRIES"), .text("TASK"),
      ],
      rows: handoffs.map { handoff in
        [
          Words.seconds(handoff.at("age_seconds")), Words.text(handoff.at("handoff_id")),
          Words.text(handoff.at("from_agent")), Words.text(handoff.at("to_agent")),
          Words.state(of: handoff), Words.count(handoff.at("attempts")),
          Words.text(handoff.at("task_id")),
        ]
      })
  }

  /// What was parked.
  static func deadLetters(_ letters: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("PARKED"), .number("AGE"), .text("HANDOFF", least: 10), .text("TO"), .fixed("STATUS"),
        .number("TRIES"), .text("REASON"), .text("RESOLVED BY"), .text("NOTE"),
      ],
      rows: letters.map { letter in
        let status = letter.at("status").text ?? "-"
        return [
          Words.moment(letter.at("parked_at")), Words.seconds(letter.at("age_seconds")),
          Words.text(letter.at("handoff_id")), Words.text(letter.at("to_agent")),
          Cell(status, status == "handled" ? .good : status == "unhandled" ? .bad : .warning),
          Words.count(letter.at("attempts")), Words.text(letter.at("reason")),
          Words.text(letter.at("resolved_by")), Cell(letter.at("note").text ?? ""),
        ]
      })
  }

  /// One handoff with its events and its relatives.
  static func detail(_ answer: JSONValue, _ sheet: inout Sheet) {
    let handoff = answer.at("handoff")
    sheet.title("Handoff \(handoff.at("handoff_id").text ?? "-")")
    sheet.facts(
      facts(handoff) + course(handoff) + [("broadcast", broadcast(answer.at("broadcast")))], indent: 2)
    sheet.title("Events")
    sheet.table(events(answer.at("events").elements), indent: 2)
    if answer.at("events_cut").isTrue { sheet.line(Cell("there are more events", .faint), indent: 2) }
    for (name, title) in [
      ("parents", "Parents"), ("children", "Children"), ("fallbacks", "Fallbacks"),
      ("envelopes", "Previous envelopes"),
    ] {
      let relatives = answer.at("lineage.\(name)").elements
      guard !relatives.isEmpty else { continue }
      sheet.title(title)
      sheet.table(table(relatives), indent: 2)
    }
  }

  private static func began(_ handoff: JSONValue) -> JSONValue {
    let initiated = handoff.at("initiated_at")
    return initiated.isNull ? handoff.at("first_event_at") : initiated
  }

  private static func facts(_ handoff: JSONValue) -> [(name: String, cell: Cell)] {
    func text(_ path: String) -> Cell { Words.text(handoff.at(path)) }
    return [
      ("state", Words.state(of: handoff)), ("from", text("from_agent")), ("to", text("to_agent")),
      ("meant for", text("original_to_agent")), ("task", text("task_id")),
      ("conversation", text("conversation_id")), ("parent", text("parent_handoff_id")),
      ("kind", text("kind")),
      ("pattern", text("pattern")), ("reason", text("reason")), ("hop", Words.count(handoff.at("hop"))),
      ("attempts", Words.count(handoff.at("attempts"))),
      ("initiated", Words.moment(handoff.at("initiated_at"))),
      ("acknowledged", acknowledged(handoff)), ("ended", ended(handoff)), ("context", context(handoff)),
      ("tokens", tokens(handoff)), ("strategy", text("envelope.strategy")),
      ("error", Words.error(of: handoff)),
      ("hint", text("error.hint")), ("parked for", text("park_reason")), ("trace", text("trace_id")),
      ("source", text("source")),
    ]
  }

  /// What was done about it besides.
  private static func course(_ handoff: JSONValue) -> [(name: String, cell: Cell)] {
    let failed = handoff.at("validation.results").elements.filter { $0.at("passed") == .boolean(false) }
    let valid: Cell =
      switch handoff.at("validation.valid") {
      case .boolean(true): Cell("passed", .good)
      case .boolean(false):
        Cell((["failed"] + failed.compactMap { $0.at("rule").text }).joined(separator: ", "), .bad)
      default: .unknown
      }
    let steps = handoff.at("rollback.steps").elements
    return [
      ("escalated to", Words.text(handoff.at("escalation.to"), .warning)), ("validation", valid),
      ("rolled back", steps.isEmpty ? .unknown : Cell("\(steps.count) steps", .warning)),
    ]
  }

  private static func broadcast(_ broadcast: JSONValue) -> Cell {
    guard let known = broadcast.at("known").number, let acknowledged = broadcast.at("acknowledged").number
    else {
      return .unknown
    }
    let all = max(known, broadcast.at("receivers").number ?? 0)
    return Cell(
      "\(Words.plain(acknowledged)) of \(Words.plain(all)) receivers acknowledged",
      acknowledged < all ? .warning : .good)
  }

  private static func acknowledged(_ handoff: JSONValue) -> Cell {
    behind(Words.moment(handoff.at("acknowledged_at")), "after", handoff.at("ack_latency_seconds"))
  }

  private static func ended(_ handoff: JSONValue) -> Cell {
    behind(Words.moment(handoff.at("ended_at")), "after", handoff.at("duration_seconds"))
  }

  private static func behind(_ cell: Cell, _ word: String, _ seconds: JSONValue) -> Cell {
    guard cell != .unknown, let seconds = seconds.number else { return cell }
    return Cell("\(cell.text), \(word) \(Words.duration(seconds))")
  }

  private static func context(_ handoff: JSONValue) -> Cell {
    guard let requested = handoff.at("memory_refs.requested").number,
      let resolved = handoff.at("memory_refs.resolved").number
    else { return .unknown }
    let words = "\(Words.plain(resolved)) of \(Words.plain(requested)) references arrived"
    return Cell(words + missing(handoff.at("memory_refs.missing")), resolved < requested ? .bad : .good)
  }

  /// `; missing a, b and 7 more`.
  static func missing(_ list: JSONValue) -> String {
    let names = list.elements.compactMap(\.text)
    guard !names.isEmpty else { return "" }
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "; missing " + names.prefix(3).joined(separator: ", ") + more
  }

  private static func tokens(_ handoff: JSONValue) -> Cell {
    guard let used = handoff.at("tokens.used").number else { return .unknown }
    let budget = handoff.at("tokens.budget").number.map { " of \(Words.plain($0))" } ?? ""
    let share = handoff.at("tokens.utilization").number
    return Cell(
      "\(Words.plain(used))\(budget)\(share.map { ", \(Words.percent($0))" } ?? "")",
      (share ?? 0) > 1 ? .bad : .plain)
  }

  /// Events in order, with what each says of itself.
  static func events(_ events: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("OCCURRED"), .text("EVENT", least: 16), .number("TRY"), .text("SAYS", least: 12),
        .text("RECEIVED BY", least: 12),
      ],
      rows: events.map { event in
        [
          Words.moment(
            event.at("occurred_at").text == nil ? event.at("received_at") : event.at("occurred_at")),
          Words.text(event.at("type")),
          event.at("attempt").isNull ? Cell("") : Words.count(event.at("attempt")),
          says(event), Words.text(event.at("instance"), .faint),
        ]
      })
  }

  private static func says(_ event: JSONValue) -> Cell {
    let error = Words.error(of: event)
    if !error.text.isEmpty { return error }
    let paths = [
      "park_reason", "escalation.to", "to_agent", "health.status", "step.name", "role",
      "attributes.resolved_by",
      "attributes.note",
    ]
    let names = ["", "to ", "to ", "", "step ", "", "by ", ""]
    let words = zip(names, paths).compactMap { name, path in event.at(path).text.map { name + $0 } }
    return Cell(words.joined(separator: ", "))
  }
}
