import Model
import Platform
import Postgres

/// Where a page of events about agents, tasks and conversations ended.
public struct SubjectPosition: Sendable {
  var subject: String
  var kind: String
  var occurredAt: Timestamp
  var eventID: String

  static let start = SubjectPosition(subject: "", kind: "", occurredAt: .earliest, eventID: "")
}

extension StoreQueries {
  /// Events about agents, tasks and conversations that pass a filter, by what they are about and then by time.
  ///
  /// A page looks at `limit` events at most, however few of them pass, so that it never takes long. Facts of
  /// handoffs these events do not have: a filter by one of those lets none pass.
  public func subjectEvents(
    _ filter: HandoffFilter, after position: SubjectPosition?, limit: Int
  ) throws(StoreError) -> EventPage<SubjectPosition> {
    guard filter.mayBeOfSubjects else { return EventPage() }
    let from = position ?? .start
    let parameters: [Parameter] = [
      .text(from.subject), .text(from.kind), .moment(from.occurredAt), .text(from.eventID),
      .int8(Int64(limit)), .moment(filter.since ?? .earliest), .moment(filter.until ?? .latest),
      .text(filter.taskID), .text(filter.conversationID), .text(filter.agent),
    ]
    return try ask("export events") { scope throws(PostgresError) in
      let rows = try scope.rows(Self.events, parameters, isLast: true)
      var fitting: [Int] = []
      for row in 0..<rows.count where try rows.value(row, 9, as: Bool.self) { fitting.append(row) }
      return EventPage(
        events: ExportedEvents(rows, at: fitting),
        next: rows.count < limit ? nil : try rows.subjectPosition(rows.count - 1))
    }
  }

  private static let events = """
    SELECT NULL::text, e.event_id, e.type, e.occurred_at, e.body, e.received_at, p.instance, e.subject, e.kind, e.fits
    FROM (
      SELECT subject, kind, event_id, type, occurred_at, received_at, spool_id, fits,
        CASE WHEN fits THEN body END AS body
      FROM (
        SELECT *, ($8 IS NULL OR task_id IS NOT DISTINCT FROM $8)
          AND ($9 IS NULL OR conversation_id IS NOT DISTINCT FROM $9)
          AND ($10 IS NULL OR agent IS NOT DISTINCT FROM $10) AS fits
        FROM handoffd.subject_events
        WHERE occurred_at >= $6 AND occurred_at < $7 AND (subject, kind, occurred_at, event_id) > ($1, $2, $3, $4)
        ORDER BY subject, kind, occurred_at, event_id LIMIT $5) AS seen) AS e
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
    ORDER BY e.subject, e.kind, e.occurred_at, e.event_id
    """
}

extension Rows {
  fileprivate func subjectPosition(_ row: Int) throws(PostgresError) -> SubjectPosition {
    SubjectPosition(
      subject: try value(row, 7), kind: try value(row, 8), occurredAt: try moment(row, 3),
      eventID: try value(row, 1))
  }
}

extension HandoffFilter {
  /// Whether events about agents, tasks and conversations can pass it.
  var mayBeOfSubjects: Bool {
    var other = self
    (other.taskID, other.conversationID, other.agent, other.since, other.until) = (nil, nil, nil, nil, nil)
    return other == HandoffFilter()
  }
}
