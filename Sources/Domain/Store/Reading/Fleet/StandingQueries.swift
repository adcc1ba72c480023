public import Model
import Postgres

/// How the handoffs of all sidecars stand.
public struct StoredStanding: Sendable {
  /// Handoffs begun and not ended.
  public var active: Int
  /// Of those, the ones that were not acknowledged in time.
  public var overdue: Int
  /// Dead letters that nobody has dealt with.
  public var deadLetters: Int
  /// When the oldest of these was parked.
  public var oldestDeadLetter: Timestamp?
}

extension StoreQueries {
  /// How the handoffs of all sidecars stand.
  public func standing(_ clock: FleetClock) throws(StoreError) -> StoredStanding {
    try ask("look how handoffs stand") { scope throws(PostgresError) in
      let open = Statement(
        """
        SELECT count(*), count(*) FILTER (WHERE h.acknowledged_at IS NULL AND h.initiated_at < $2)
        FROM handoffd.handoffs AS h WHERE \(QueryScope.isOpen)
        """, [.moment(clock.ago(clock.idleAfter)), .moment(clock.ago(clock.overdueAfter))])
      let parked = Statement(
        """
        SELECT count(*), min(p.parked_at) FROM (
          SELECT handoff_id, max(occurred_at) AS parked_at FROM handoffd.handoff_events
          WHERE type = 'handoff.parked' GROUP BY handoff_id) AS p
        JOIN handoffd.handoffs AS h ON h.handoff_id = p.handoff_id
        WHERE h.state NOT IN \(HistoryReader.handled)
        """)
      let rows = try scope.rows(of: [open, parked], isLast: true)
      return StoredStanding(
        active: Int(try rows[0].value(0, 0, as: Int64.self)),
        overdue: Int(try rows[0].value(0, 1, as: Int64.self)),
        deadLetters: Int(try rows[1].value(0, 0, as: Int64.self)),
        oldestDeadLetter: try rows[1].optionalMoment(0, 1))
    }
  }
}
