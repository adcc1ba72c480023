import Model
import Platform
import Postgres

extension Statement {
  /// How far the broadcast is that a handoff belongs to; nil where it belongs to none.
  ///
  /// Its handoffs are looked for within their task; without one, among those that began within an hour.
  static func broadcast(of handoff: StoredHandoff) -> Statement? {
    let record = handoff.record
    guard let group = record.text(of: .groupID) else { return nil }
    let hour: Int64 = 3_600_000_000
    let first = handoff.firstEventAt.microseconds
    let near: [Parameter] = [
      .moment(Timestamp(microseconds: first - hour)), .moment(Timestamp(microseconds: first + hour)),
    ]
    let task = record.text(of: .taskID)
    return Statement(
      """
      SELECT count(*), count(h.acknowledged_at), count(h.ended_at),
        count(*) FILTER (WHERE h.ended_at IS NOT NULL AND h.state <> 'completed'),
        coalesce(sum(d.again), 0)::bigint
      FROM handoffd.handoffs AS h CROSS JOIN LATERAL (\(deliveriesAgain)) AS d
      WHERE h.group_id = $1 AND \(task == nil ? "h.first_event_at BETWEEN $2 AND $3" : "h.task_id = $2")
      """, [.text(group)] + (task.map { [.text($0)] } ?? near))
  }

  /// How often a receiver said again that it has a handoff: what is delivered at least once is now and then delivered twice.
  private static let deliveriesAgain = """
    SELECT greatest(count(*) FILTER (WHERE e.type = 'handoff.acknowledged') - 1, 0)
      + greatest(count(*) FILTER (WHERE e.type = 'handoff.received') - 1, 0) AS again
    FROM handoffd.handoff_events AS e
    WHERE e.handoff_id = h.handoff_id AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at
    """
}

extension Rows {
  /// How far the broadcast is that a handoff belongs to, as the only row tells.
  func broadcast(of handoff: StoredHandoff) throws(PostgresError) -> BroadcastProgress? {
    guard let group = handoff.record.text(of: .groupID) else { return nil }
    func number(_ column: Int) throws(PostgresError) -> Int { Int(try value(0, column, as: Int64.self)) }
    return BroadcastProgress(
      groupID: group, receivers: handoff.record.integer(of: .receiverCount).map { Int(clamping: $0) },
      known: try number(0), acknowledged: try number(1), settled: try number(2), failed: try number(3),
      duplicates: try number(4))
  }
}
