public import Model
import Platform
import Postgres

/// A handoff that was parked, as it is stored.
public struct StoredDeadLetter: Sendable {
  /// The handoff.
  public var handoff: StoredHandoff
  /// When it was parked last.
  public var parkedAt: Timestamp
  /// Who resolved it, as was told.
  public var resolvedBy: String?
  /// What was noted with it.
  public var note: String?
}

/// A page of dead letters, parked last first.
public struct DeadLetterPage: Sendable {
  /// The dead letters.
  public var deadLetters: [StoredDeadLetter]
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

extension StoreQueries {
  /// Handoffs that were parked, at most `limit`, behind `cursor`.
  public func deadLetters(limit: Int = 100, cursor: String? = nil) throws(StoreError) -> DeadLetterPage {
    let after = try Self.read(cursor, .deadLetters)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    var found = try ask("list dead letters") { scope throws(PostgresError) in
      try scope.deadLetters(limit + 1, after)
    }
    let hasMore = found.count > limit
    if hasMore { found.removeLast(found.count - limit) }
    let next = hasMore ? found.last.map { Cursor(.deadLetters, $0.parkedAt, $0.handoff.id).text } : nil
    return DeadLetterPage(deadLetters: found, next: next, asOf: asOf)
  }

  /// Whether a cursor was given out for the list of dead letters.
  public static func isDeadLetterCursor(_ text: String) -> Bool { Cursor(text)?.list == .deadLetters }
}

extension QueryScope {
  fileprivate func deadLetters(_ limit: Int, _ cursor: Cursor?) throws(PostgresError) -> [StoredDeadLetter] {
    var condition = ""
    var parameters: [Parameter] = [.int8(Int64(limit))]
    if let cursor {
      condition = """
        WHERE p.parked_at <= $2 AND (p.parked_at < $2 OR p.handoff_id < $3 COLLATE "C")
        """
      parameters += [.timestamptz(WallTime(microseconds: cursor.moment.microseconds)), .text(cursor.key)]
    }
    let rows = try rows(
      """
      SELECT h.handoff_id, h.merge, h.first_event_at, p.parked_at, r.who, r.note
      FROM (SELECT handoff_id, max(occurred_at) AS parked_at FROM handoffd.handoff_events
            WHERE type = 'handoff.parked' GROUP BY handoff_id) AS p
        JOIN handoffd.handoffs AS h ON h.handoff_id = p.handoff_id
        LEFT JOIN LATERAL (
          SELECT e.body -> 'attributes' ->> 'resolved_by' AS who, e.body -> 'attributes' ->> 'note' AS note
          FROM handoffd.handoff_events AS e
          WHERE h.state = 'resolved' AND e.handoff_id = h.handoff_id AND e.type = 'handoff.resolved'
            AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at
          ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT 1) AS r ON true
      \(condition) ORDER BY p.parked_at DESC, p.handoff_id DESC LIMIT $1
      """, parameters, isLast: true)
    var found: [StoredDeadLetter] = []
    for row in 0..<rows.count {
      let handoff = StoredHandoff(
        id: try rows.value(row, 0), record: HandoffRecord(coded: try rows.value(row, 1)) ?? HandoffRecord(),
        firstEventAt: try rows.moment(row, 2))
      found.append(
        StoredDeadLetter(
          handoff: handoff, parkedAt: try rows.moment(row, 3), resolvedBy: try rows.optional(row, 4),
          note: try rows.optional(row, 5)))
    }
    return found
  }
}
