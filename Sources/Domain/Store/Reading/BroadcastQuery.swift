import Model
import Platform
import Postgres

extension QueryScope {
  /// How far the broadcast is that a handoff belongs to.
  ///
  /// Its handoffs are looked for within their task; without one, among those that began within an hour.
  func broadcast(of handoff: StoredHandoff) throws(PostgresError) -> BroadcastProgress? {
    let record = handoff.record
    guard let group = record.text(of: .groupID) else { return nil }
    let hour: Int64 = 3_600_000_000
    let first = handoff.firstEventAt.microseconds
    let near: [Parameter] = [
      .moment(Timestamp(microseconds: first - hour)), .moment(Timestamp(microseconds: first + hour)),
    ]
    let task = record.text(of: .taskID)
    let rows = try rows(
      """
      SELECT count(*), count(acknowledged_at) FROM handoffd.handoffs
      WHERE group_id = $1 AND \(task == nil ? "first_event_at BETWEEN $2 AND $3" : "task_id = $2")
      """, [.text(group)] + (task.map { [.text($0)] } ?? near))
    return BroadcastProgress(
      groupID: group, receivers: record.integer(of: .receiverCount).map { Int(clamping: $0) },
      known: Int(try rows.value(0, 0, as: Int64.self)),
      acknowledged: Int(try rows.value(0, 1, as: Int64.self)))
  }
}
