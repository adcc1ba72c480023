// What is open: begun and not ended. A handoff that is acknowledged has ended, too, once its receiver has
// handed the task on, the task has ended, or nothing was heard of it for long: that no event says, so it is
// looked for among the handoffs and events of the task.
public import Model
import Postgres

extension StoreQueries {
  /// Open handoffs, the oldest first, at most `limit`, behind `cursor`; of those that hold resources, if that is asked.
  public func openHandoffs(
    _ clock: FleetClock, holding: Bool = false, limit: Int = 100, cursor: String? = nil
  ) throws(StoreError) -> OpenPage {
    let list: Cursor.List = holding ? .holding : .open
    let after = try Self.read(cursor, list)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    var page = try ask("list open handoffs") { scope throws(PostgresError) in
      try scope.openHandoffs(clock, holding: holding, limit + 1, after)
    }
    page.asOf = asOf
    if page.handoffs.count > limit {
      page.handoffs.removeLast(page.handoffs.count - limit)
      page.next = page.handoffs.last.map { Cursor(list, $0.firstEventAt, $0.id).text }
    }
    return page
  }

  /// Whether a cursor was given out for open handoffs, or for those of them that hold resources.
  public static func isOpenCursor(_ text: String, holding: Bool = false) -> Bool {
    Cursor(text)?.list == (holding ? .holding : .open)
  }
}

/// A page of open handoffs.
public struct OpenPage: Sendable {
  /// The handoffs, the oldest first.
  public var handoffs: [StoredHandoff] = []
  /// How many there are on all pages, counted up to a hundred thousand.
  public var total = 0
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

extension QueryScope {
  /// Whether the handoff `h` is open; `$1` is since when an acknowledged one must have been heard of.
  static let isOpen = """
    h.ended_at IS NULL AND (h.state IS NOT NULL OR h.attempts > 0) AND (
      h.state IS DISTINCT FROM 'acknowledged' OR h.last_event_at > $1 AND NOT (\(isHandedOn)))
    """

  private static let isHandedOn = """
    SELECT EXISTS (
        SELECT 1 FROM handoffd.handoffs AS c
        WHERE c.task_id = h.task_id AND c.from_agent = h.to_agent AND c.initiated_at >= a.last_at)
      OR EXISTS (
        SELECT 1 FROM handoffd.handoffs AS c
        WHERE c.parent_handoff_id = h.handoff_id AND c.from_agent = h.to_agent AND c.handoff_id <> h.handoff_id
          AND c.initiated_at >= a.last_at)
      OR EXISTS (
        SELECT 1 FROM handoffd.subject_events AS t
        WHERE t.subject = h.task_id AND t.kind = 'task' AND t.type IN ('task.completed', 'task.failed')
          AND t.occurred_at >= a.last_at)
    FROM (
      SELECT coalesce(max(e.occurred_at), h.acknowledged_at) AS last_at FROM handoffd.handoff_events AS e
      WHERE e.handoff_id = h.handoff_id AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at
        AND e.type IN ('handoff.acknowledged', 'handoff.received', 'handoff.resumed', 'handoff.completed')) AS a
    """

  fileprivate func openHandoffs(
    _ clock: FleetClock, holding: Bool, _ limit: Int, _ cursor: Cursor?
  ) throws(PostgresError) -> OpenPage {
    let idleSince = Parameter.moment(clock.ago(clock.idleAfter))
    var page = OpenPage()
    var parameters = [idleSince, .int8(Int64(limit))]
    let wanted = (holding ? "h.holds AND " : "") + Self.isOpen
    var position = ""
    if let cursor {
      position = "AND (h.first_event_at, h.handoff_id) > ($3, $4)"
      parameters += [.moment(cursor.moment), .text(cursor.key)]
    }
    let some = Statement(
      """
      SELECT \(HandoffQuery.columns) FROM handoffd.handoffs AS h WHERE \(wanted) \(position)
      ORDER BY h.first_event_at, h.handoff_id LIMIT $2
      """, parameters)
    // Nobody asks how many hold something.
    let all =
      holding
      ? nil
      : Statement(
        "SELECT count(*) FROM (SELECT 1 FROM handoffd.handoffs AS h WHERE \(wanted) LIMIT 100000) AS open",
        [idleSince])
    let rows = try rows(ofAny: [some, all], isLast: true)
    page.handoffs = try rows[0]?.handoffs() ?? []
    page.total = Int(try rows[1]?.single(as: Int64.self) ?? 0)
    return page
  }
}
