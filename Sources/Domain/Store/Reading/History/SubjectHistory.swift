import Model
import Postgres
import Spool

/// Reads the events of a history that are about something else than handoffs, as far as they still matter.
struct SubjectHistory {
  let scope: QueryScope
  let bounds: HistoryBounds

  private static let columns = "body, received_at, sequence, slot, spool_id = $1"

  private var spool: Parameter { .uuid(bounds.spool.high, bounds.spool.low) }
  private var late: Timestamp {
    Timestamp(microseconds: bounds.since.microseconds - bounds.lateAfter.inMicroseconds)
  }

  /// Reads them; of tasks that are still spoken of, their ends as well.
  func read(endsOf tasks: Set<String>) throws(PostgresError) -> [PastEvent] {
    try recent() + turns() + circuits() + health() + ends(of: tasks)
  }

  /// About agents and tasks, within the window.
  private func recent() throws(PostgresError) -> [PastEvent] {
    try events(
      """
      SELECT \(Self.columns) FROM handoffd.subject_events
      WHERE spool_id = $1 AND kind IN ('agent', 'task') AND received_at >= $2 AND occurred_at >= $3
      ORDER BY received_at DESC LIMIT $4
      """, [spool, .moment(bounds.since), .moment(late), .int8(Int64(bounds.events))])
  }

  /// Of turns, the last of each agent: they only say that it was there.
  private func turns() throws(PostgresError) -> [PastEvent] {
    try events(
      """
      SELECT \(Self.columns) FROM (
        SELECT DISTINCT ON (agent) * FROM handoffd.subject_events
        WHERE spool_id = $1 AND kind = 'conversation' AND received_at >= $2 AND occurred_at >= $3
        ORDER BY agent, received_at DESC) AS last
      LIMIT $4
      """, [spool, .moment(bounds.since), .moment(late), .int8(Int64(bounds.agents))])
  }

  /// What breakers reported before the window and may still be in force.
  private func circuits() throws(PostgresError) -> [PastEvent] {
    try events(
      """
      SELECT \(Self.columns) FROM handoffd.subject_events
      WHERE spool_id = $1 AND kind = 'agent' AND type <> 'agent.health' AND type <> 'agent.state'
        AND type <> 'circuit.skipped' AND received_at >= $2 AND received_at < $3
      ORDER BY received_at DESC LIMIT $4
      """, [spool, .moment(bounds.reportsSince), .moment(bounds.since), .int8(Int64(bounds.events))])
  }

  /// The last report of each agent, where it was made before the window.
  private func health() throws(PostgresError) -> [PastEvent] {
    try events(
      """
      SELECT \(Self.columns) FROM (
        SELECT agent AS name FROM handoffd.agents WHERE spool_id = $1 ORDER BY last_seen_at DESC LIMIT $2) AS a
      CROSS JOIN LATERAL (
        SELECT * FROM handoffd.subject_events
        WHERE subject = a.name AND kind = 'agent' AND type = 'agent.health' AND occurred_at >= $3
        ORDER BY occurred_at DESC LIMIT 1) AS report
      WHERE spool_id = $1 AND received_at < $4
      """, [spool, .int8(Int64(bounds.agents)), .moment(bounds.healthSince), .moment(bounds.since)])
  }

  /// The ends of tasks before the window: what their receivers had acknowledged ended with them.
  private func ends(of tasks: Set<String>) throws(PostgresError) -> [PastEvent] {
    var found: [PastEvent] = []
    for chunk in tasks.chunks(of: 5_000) {
      found += try events(
        """
        SELECT \(Self.columns) FROM handoffd.subject_events
        WHERE spool_id = $1 AND subject = ANY ($2) AND kind = 'task' AND type <> 'task.created'
          AND occurred_at >= $3 AND received_at < $4
        """, [spool, .texts(chunk), .moment(bounds.idleSince), .moment(bounds.since)])
    }
    return found
  }

  private func events(_ sql: String, _ parameters: [Parameter]) throws(PostgresError) -> [PastEvent] {
    let rows = try scope.rows(sql, parameters)
    var events: [PastEvent] = []
    events.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      events.append(PastEvent(body: try rows.value(row, 0), receipt: try rows.receipt(row, 1)))
    }
    return events
  }
}
