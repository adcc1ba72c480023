import Bytes

/// A conversation for people.
enum ConversationView {
  static func write(_ conversation: JSONValue, _ sheet: inout Sheet) {
    sheet.title("Conversation \(conversation.at("conversation_id").text ?? "-")")
    let agents = conversation.at("agents").elements.compactMap(\.text)
    sheet.facts([("agents", Cell(agents.joined(separator: ", ")))], indent: 2)
    let handoffs = conversation.at("handoffs").elements
    if !handoffs.isEmpty {
      sheet.title("Handoffs")
      sheet.table(HandoffViews.table(handoffs), indent: 2)
    }
    let turns = conversation.at("turns").elements
    if !turns.isEmpty {
      sheet.title("Turns")
      sheet.table(table(turns), indent: 2)
    }
    if conversation.at("cut").isTrue { sheet.line(Cell("there is more", .faint), indent: 2) }
  }

  private static func table(_ turns: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("OCCURRED"), .text("AGENT"), .text("ROLE"), .number("LENGTH"), .text("TEXT", least: 12),
      ],
      rows: turns.map { turn in
        let moment = turn.at("occurred_at").text == nil ? turn.at("received_at") : turn.at("occurred_at")
        let length = turn.at("length").isNull ? turn.at("attributes.length") : turn.at("length")
        return [
          Words.moment(moment), Words.text(turn.at("agent")), Words.text(turn.at("role")),
          Words.count(length), Cell(turn.at("text").text ?? ""),
        ]
      })
  }
}

/// Agents for people.
enum AgentViews {
  /// A list of agents.
  static func table(_ agents: [JSONValue]) -> Table {
    Table(
      columns: [
        .text("AGENT", least: 12), .fixed("CIRCUIT"), .fixed("HEALTH"), .number("ACTIVE"), .number("OVERDUE"),
        .number("IN A ROW"), .number("SUCCESS"), .number("SENT"), .number("RECEIVED"), .number("FAILED"),
        .fixed("LAST SEEN"),
      ],
      rows: agents.map { agent in
        [
          Words.text(agent.at("agent")), circuit(agent), health(agent), Words.count(agent.at("active")),
          Words.count(agent.at("overdue"), alarming: true),
          Words.count(agent.at("in_a_row"), alarming: true),
          Words.share(agent.at("success_rate")), Words.count(agent.at("sent")),
          Words.count(agent.at("received")), Words.count(agent.at("failures")),
          Words.moment(agent.at("last_seen_at")),
        ]
      })
  }

  /// One agent.
  static func detail(_ agent: JSONValue, _ sheet: inout Sheet) {
    sheet.title("Agent \(agent.at("agent").text ?? "-")")
    let issues = agent.at("health_issues").elements.compactMap(\.text)
    sheet.facts(
      [
        ("circuit", since(circuit(agent), agent.at("circuit_since"))),
        ("health", since(health(agent), agent.at("health_at"))),
        ("issues", Cell(issues.joined(separator: ", "), .warning)),
        ("active", Words.count(agent.at("active"))),
        ("overdue", Words.count(agent.at("overdue"), alarming: true)),
        ("failed in a row", Words.count(agent.at("in_a_row"), alarming: true)),
        ("success rate", Words.share(agent.at("success_rate"))), ("sent", Words.count(agent.at("sent"))),
        ("received", Words.count(agent.at("received"))), ("failures", Words.count(agent.at("failures"))),
        ("time at work", Words.seconds(agent.at("total_seconds"))),
        ("last seen", Words.moment(agent.at("last_seen_at"))),
      ], indent: 2)
  }

  private static func since(_ cell: Cell, _ moment: JSONValue) -> Cell {
    let at = Words.moment(moment)
    return at == .unknown || cell == .unknown ? cell : Cell("\(cell.text), since \(at.text)", cell.tone)
  }

  private static func circuit(_ agent: JSONValue) -> Cell {
    guard let word = agent.at("circuit").text else { return .unknown }
    return Cell(word, word == "open" ? .bad : word == "closed" ? .good : .warning)
  }

  private static func health(_ agent: JSONValue) -> Cell {
    guard let word = agent.at("health").text else { return .unknown }
    switch word {
    case "healthy": return Cell(word, .good)
    case "degraded": return Cell(word, .warning)
    case "unhealthy": return Cell(word, .bad)
    default: return Cell(word, .faint)
    }
  }
}

/// Alerts for people.
enum AlertViews {
  /// What is pending and firing: which alert it is, how bad, and of whom, stays legible on a narrow terminal.
  static func table(_ alerts: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("SINCE"), .fixed("ALERT"), .fixed("STATE"), .fixed("SEVERITY"), .text("LABELS", least: 8),
        .number("VALUE"), .text("SAYS", least: 16),
      ],
      rows: alerts.map { alert in
        [
          Words.moment(alert.at("since")), Words.text(alert.at("alert"), .strong), state(alert),
          Words.text(alert.at("severity")), Cell(labels(alert.at("labels"), besides: said)),
          Words.count(alert.at("value")), says(alert),
        ]
      })
  }

  private static let said: Set = ["alertname", "severity"]

  private static func state(_ alert: JSONValue) -> Cell {
    let state = alert.at("state").text ?? "-"
    if alert.at("inhibited_by").text != nil { return Cell("inhibited", .faint) }
    return Cell(state, state == "firing" ? .bad : .warning)
  }

  private static func says(_ alert: JSONValue) -> Cell {
    guard let inhibitor = alert.at("inhibited_by").text else {
      return Words.text(alert.at("annotations.summary"))
    }
    return Cell("inhibited by \(inhibitor)", .faint)
  }

  static func labels(_ labels: JSONValue, besides said: Set<String> = []) -> String {
    guard case .object(let members) = labels else { return "" }
    return members.sorted.filter { !said.contains($0.name) }.map { "\($0.name)=\($0.value.text ?? "")" }
      .joined(separator: " ")
  }
}

/// A summary for people.
enum SummaryView {
  static func write(_ summary: JSONValue, _ sheet: inout Sheet) {
    let window = summary.at("window").text ?? "-"
    sheet.title(
      "Summary of \(window), \(summary.at("scope").text == "instance" ? "this sidecar" : "all sidecars")")
    sheet.facts(
      [
        ("handoffs", Words.count(summary.at("handoffs.total"))),
        ("delivered", Words.count(summary.at("handoffs.delivered"))),
        ("exhausted", Words.count(summary.at("handoffs.exhausted"), alarming: true)),
        ("completed", Words.count(summary.at("handoffs.completed"))),
        ("success rate", Words.share(summary.at("handoffs.success_rate"))),
        ("context kept", Words.share(summary.at("completeness"))),
        ("token use", summary.at("token_utilization").number.map { Cell(Words.percent($0)) } ?? .unknown),
        ("hops", hops(summary.at("hops"))),
        ("validation errors", Words.count(summary.at("validation_errors"), alarming: true)),
        ("as of", Words.moment(summary.at("as_of"))),
      ], indent: 2)
    sheet.title("Times")
    sheet.table(times(summary), indent: 2)
    if case .object(let agents) = summary.at("agents"), !agents.isEmpty {
      sheet.title("By receiver")
      sheet.table(receivers(agents.sorted), indent: 2)
    }
    for (title, member) in [("By kind", "kinds"), ("By strategy", "strategies")] {
      guard case .object(let ways) = summary.at(member), !ways.isEmpty else { continue }
      sheet.title(title)
      sheet.table(table(of: ways.sorted, called: member == "kinds" ? "KIND" : "STRATEGY"), indent: 2)
    }
  }

  private static func hops(_ hops: JSONValue) -> Cell {
    guard let mean = hops.at("mean").number, let most = hops.at("max").number else { return .unknown }
    return Cell("\(Words.plain(mean)) on average, \(Words.plain(most)) at most")
  }

  private static func times(_ summary: JSONValue) -> Table {
    let parts = ["average", "min", "p50", "p95", "p99", "max"]
    return Table(
      columns: [.fixed("")] + parts.map { .number($0.uppercased()) },
      rows: [("acknowledgement", "ack_latency_seconds"), ("duration", "duration_seconds")].map { name, path in
        [Cell(name)] + parts.map { Words.seconds(summary.at("\(path).\($0)")) }
      })
  }

  private static func table(of ways: [JSONObject.Member], called name: String) -> Table {
    Table(
      columns: [
        .text(name, least: 12), .number("HANDOFFS"), .number("DELIVERED"), .number("EXHAUSTED"),
        .number("SUCCESS"), .number("CONTEXT"), .number("TOKEN USE"), .number("ACK AVERAGE"),
      ],
      rows: ways.map { way in
        let share = way.value
        return [
          Cell(way.name), Words.count(share.at("total")), Words.count(share.at("delivered")),
          Words.count(share.at("exhausted"), alarming: true), Words.share(share.at("success_rate")),
          Words.share(share.at("completeness")),
          share.at("token_utilization").number.map { Cell(Words.percent($0)) } ?? .unknown,
          Words.seconds(share.at("average_ack_latency_seconds")),
        ]
      })
  }

  private static func receivers(_ agents: [JSONObject.Member]) -> Table {
    Table(
      columns: [
        .text("AGENT", least: 12), .number("HANDOFFS"), .number("DELIVERED"), .number("EXHAUSTED"),
        .number("SUCCESS"), .number("CONTEXT"), .number("ACK P50"), .number("ACK P99"),
      ],
      rows: agents.map { agent in
        let share = agent.value
        return [
          Cell(agent.name), Words.count(share.at("total")), Words.count(share.at("delivered")),
          Words.count(share.at("exhausted"), alarming: true), Words.share(share.at("success_rate")),
          Words.share(share.at("completeness")), Words.seconds(share.at("ack_latency_seconds.p50")),
          Words.seconds(share.at("ack_latency_seconds.p99")),
        ]
      })
  }
}
