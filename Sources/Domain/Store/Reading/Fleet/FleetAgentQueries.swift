public import Model
import Postgres

extension StoreQueries {
  /// What all sidecars together know of agents, by the handoffs whose first event occurred from `since` on.
  ///
  /// Of more than `limit` agents, those with the most handoffs are given.
  public func agents(
    since: Timestamp, _ clock: FleetClock, limit: Int = StoreQueries.mostAgents
  ) throws(StoreError) -> FleetAgents {
    let asOf = asOf
    let all = try ask("list agents") { scope throws(PostgresError) in
      try FleetReader(scope: scope, since: since, clock: clock).agents(named: nil)
    }
    let kept = all.sorted {
      ($1.sent &+ $1.share.started, $0.name) < ($0.sent &+ $0.share.started, $1.name)
    }.prefix(max(0, limit))
    return FleetAgents(agents: kept.sorted { $0.name < $1.name }, total: all.count, asOf: asOf)
  }

  /// What all sidecars together know of one agent; nil where none has heard of it.
  public func agent(
    named name: String, since: Timestamp, _ clock: FleetClock
  ) throws(StoreError) -> FleetAgent? {
    if name.utf8.contains(0) { return nil }
    return try ask("show agent") { scope throws(PostgresError) in
      try FleetReader(scope: scope, since: since, clock: clock).agents(named: name).first
    }
  }
}

extension FleetReader {
  /// All agents, or the one of a name, in no order.
  fileprivate func agents(named name: String?) throws(PostgresError) -> [FleetAgent] {
    var agents: [String: FleetAgent] = [:]
    try readNames(&agents, name)
    try readReceived(&agents, name)
    try readSent(&agents, name)
    try readRerouted(&agents, name)
    try readOpen(&agents, name)
    return Array(agents.values)
  }

  /// The condition on a column, and the parameter it takes.
  private func only(_ column: String, _ name: String?, _ number: Int) -> (sql: String, [Parameter]) {
    guard let name else { return ("\(column) IS NOT NULL", []) }
    return ("\(column) = $\(number)", [.text(name)])
  }

  private func each(
    _ rows: Rows, _ agents: inout [String: FleetAgent],
    _ change: (inout FleetAgent, Int) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    for row in 0..<rows.count {
      let name: String = try rows.value(row, 0)
      var agent = agents[name] ?? FleetAgent(name: name)
      try change(&agent, row)
      agents[name] = agent
    }
  }

  /// Whoever was heard of at all, also if only by a report of health.
  private func readNames(_ agents: inout [String: FleetAgent], _ name: String?) throws(PostgresError) {
    let (condition, parameters) = only("agent", name, 2)
    let rows = try scope.rows(
      "SELECT DISTINCT agent FROM handoffd.agents WHERE last_seen_at >= $1 AND \(condition)",
      [.moment(since)] + parameters)
    try each(rows, &agents) { _, _ in }
  }

  private func readReceived(_ agents: inout [String: FleetAgent], _ name: String?) throws(PostgresError) {
    let (condition, parameters) = only("h.to_agent", name, 4)
    let rows = try scope.rows(
      """
      SELECT h.to_agent, \(Judgement.aggregates),
        max(greatest(h.acknowledged_at, CASE WHEN h.state IN ('completed', 'rejected') THEN h.ended_at END))
      FROM \(Judgement.rows(where: "h.first_event_at >= $1 AND \(condition)")) GROUP BY h.to_agent
      """, judging + parameters)
    try each(rows, &agents) { agent, row throws(PostgresError) in
      agent.share = try rows.share(row, 1)
      agent.see(try rows.optionalMoment(row, 18))
    }
  }

  private func readSent(_ agents: inout [String: FleetAgent], _ name: String?) throws(PostgresError) {
    let (condition, parameters) = only("from_agent", name, 2)
    let rows = try scope.rows(
      """
      SELECT from_agent, count(initiated_at), max(initiated_at) FROM handoffd.handoffs
      WHERE first_event_at >= $1 AND \(condition) GROUP BY from_agent
      """, [.moment(since)] + parameters)
    try each(rows, &agents) { agent, row throws(PostgresError) in
      agent.sent = try rows.count(row, 1)
      agent.see(try rows.optionalMoment(row, 2))
    }
  }

  private func readRerouted(_ agents: inout [String: FleetAgent], _ name: String?) throws(PostgresError) {
    let (condition, parameters) = only("original_to_agent", name, 2)
    let rows = try scope.rows(
      """
      SELECT original_to_agent, count(*) FROM handoffd.handoffs
      WHERE first_event_at >= $1 AND \(condition) AND original_to_agent IS DISTINCT FROM to_agent
      GROUP BY original_to_agent
      """, [.moment(since)] + parameters)
    try each(rows, &agents) { agent, row throws(PostgresError) in
      agent.rerouted = try rows.count(row, 1)
    }
  }

  private func readOpen(_ agents: inout [String: FleetAgent], _ name: String?) throws(PostgresError) {
    let (condition, parameters) = only("h.to_agent", name, 3)
    let rows = try scope.rows(
      """
      SELECT h.to_agent, count(*), count(*) FILTER (WHERE h.acknowledged_at IS NULL AND h.initiated_at < $2)
      FROM handoffd.handoffs AS h WHERE \(QueryScope.isOpen) AND \(condition) GROUP BY h.to_agent
      """,
      [.moment(clock.ago(clock.idleAfter)), .moment(clock.ago(clock.overdueAfter))] + parameters)
    try each(rows, &agents) { agent, row throws(PostgresError) in
      agent.active = try rows.count(row, 1)
      agent.overdue = try rows.count(row, 2)
    }
  }
}

extension FleetAgent {
  fileprivate mutating func see(_ moment: Timestamp?) {
    lastSeen = [lastSeen, moment].compactMap { $0 }.max()
  }
}
