public import Model
import Platform
import Postgres

/// The handoffs of a task or a conversation, with what was told of itself.
public struct StoredGroup: Sendable {
  /// Its handoffs, by their first events.
  public var handoffs: [StoredHandoff]
  /// Events of the task or the conversation itself, in their order.
  public var events: [StoredEvent]
  /// Their types, in the same order.
  public var types: [EventType?]
  /// Whether there is more than an answer may hold.
  public var isCut: Bool
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

extension StoreQueries {
  private static let most = 1_000

  /// A task with its handoffs; nil where nothing is known of it.
  public func task(_ id: String) throws(StoreError) -> StoredGroup? {
    try group("show task", id, column: "task_id", kind: "task")
  }

  /// A conversation with its handoffs and turns; nil where nothing is known of it.
  public func conversation(_ id: String) throws(StoreError) -> StoredGroup? {
    try group("show conversation", id, column: "conversation_id", kind: "conversation")
  }

  private func group(
    _ question: String, _ id: String, column: String, kind: String
  ) throws(StoreError) -> StoredGroup? {
    if id.utf8.contains(0) { return nil }
    let asOf = asOf
    return try ask(question) { scope throws(PostgresError) in
      let rows = try scope.rows(of: [
        Statement(
          """
          SELECT \(HandoffQuery.columns) FROM handoffd.handoffs WHERE \(column) = $1
          ORDER BY first_event_at, handoff_id LIMIT $2
          """, [.text(id), .int8(Int64(Self.most + 1))]),
        .span(of: id, kind: kind, atMost: Self.most),
      ])
      let handoffs = try rows[0].handoffs()
      let (events, types) = try scope.events(of: id, kind: kind, atMost: Self.most + 1, in: rows[1])
      if handoffs.isEmpty, events.isEmpty { return nil }
      return StoredGroup(
        handoffs: Array(handoffs.prefix(Self.most)), events: Array(events.prefix(Self.most)),
        types: Array(types.prefix(Self.most)),
        isCut: handoffs.count > Self.most || events.count > Self.most, asOf: asOf)
    }
  }
}

extension Statement {
  /// How many events tell of a subject itself, and from when to when; nothing is known of the time of more than `limit`.
  ///
  /// Most tasks have none, and to ask for events of any time costs more than all else: their log has a part for each day.
  fileprivate static func span(of subject: String, kind: String, atMost limit: Int) -> Statement {
    Statement(
      """
      SELECT count(*), CASE WHEN count(*) <= $3 THEN min(occurred_at) END, CASE WHEN count(*) <= $3 THEN max(occurred_at) END
      FROM (
        SELECT occurred_at FROM handoffd.subject_identities WHERE subject = $1 AND kind = $2 LIMIT $3 + 1) AS first
      """, [.text(subject), .text(kind), .int8(Int64(limit))])
  }
}

extension QueryScope {
  fileprivate func events(
    of subject: String, kind: String, atMost limit: Int, in span: Rows
  ) throws(PostgresError) -> ([StoredEvent], [EventType?]) {
    if try span.value(0, 0, as: Int64.self) == 0 { return ([], []) }
    let rows = try rows(
      """
      SELECT e.body, e.received_at, p.instance, e.type, e.occurred_at FROM handoffd.subject_events AS e
        LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
      WHERE e.subject = $1 AND e.kind = $2 AND e.occurred_at BETWEEN $4 AND $5
      ORDER BY e.occurred_at, e.event_id LIMIT $3
      """,
      [
        .text(subject), .text(kind), .int8(Int64(limit)), .moment(try span.optionalMoment(0, 1) ?? .earliest),
        .moment(try span.optionalMoment(0, 2) ?? .latest),
      ], isLast: true)
    var events: [StoredEvent] = []
    var types: [EventType?] = []
    for row in 0..<rows.count {
      events.append(
        StoredEvent(
          body: try rows.value(row, 0), occurredAt: try rows.moment(row, 4),
          receivedAt: try rows.moment(row, 1),
          instance: try rows.optional(row, 2)))
      types.append(EventType(name: try rows.value(row, 3)))
    }
    return (events, types)
  }
}
