import Analytics

extension Schema {
  /// Agents.
  static let agents: [(String, Schema)] = [
    ("Agent", whole(agentMembers)),
    ("AgentDetail", whole(agentMembers + [("scope", scope), ("as_of", asOf)])),
    ("AgentList", agentList), ("HealthReportPage", healthReportPage),
    ("AgentStatePage", agentStatePage), ("AgentReadiness", agentReadiness),
  ]

  /// Whose numbers an answer holds.
  static let scope = words(Scope.allCases.map(\.rawValue)).meaning(
    "Whose numbers these are: instance also where fleet was asked for and the database is away.")

  private static let agentMembers: [(String, Schema)] = [
    ("agent", text), ("sent", count), ("received", count), ("failures", count), ("active", count),
    ("overdue", count), ("success_rate", share.orNull), ("total_seconds", measure),
    ("in_a_row", count.meaning("Handoffs to it that failed since one did not.")),
    ("circuit", words(CircuitState.allCases.map(\.name))), ("circuit_since", moment.orNull),
    ("health", words(HealthStatus.allCases.map(\.name))), ("health_at", moment.orNull),
    ("health_issues", list(text)), ("last_seen_at", moment.orNull),
  ]

  private static let agentList = whole([
    ("scope", scope), ("agents", list(named("Agent")).meaning("By their names.")),
    ("total", count.meaning("How many there are; the busiest are listed.")), ("as_of", asOf),
  ])

  private static let healthReportPage = whole([
    ("agent", text),
    (
      "reports",
      list(
        whole([
          ("occurred_at", moment), ("received_at", moment), ("instance", text.orNull),
          ("health", named("Health").orNull),
        ]))
    ), ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let agentStatePage = whole([
    ("agent", text),
    (
      "states",
      list(
        whole([
          ("occurred_at", moment), ("received_at", moment), ("instance", text.orNull),
          ("hash", text.orNull.meaning("What stays the same while the state does.")), ("bytes", count.orNull),
          ("version", textOrNumber),
          ("transferred_from", text.orNull.meaning("From whom it was taken over.")),
          ("handoff_id", text.orNull), ("task_id", text.orNull),
        ]))
    ), ("next_cursor", nextCursor), ("as_of", asOf),
  ])

  private static let agentReadiness = whole([
    ("agent", text), ("ready", flag),
    ("reasons", list(text).meaning("Why not, or `unknown` where nothing was heard of its health.")),
  ])
}
