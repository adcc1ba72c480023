// The log in the order of receipt: what any sidecar received of handoffs, agents, tasks and conversations, one behind the
// other. What was received at one moment has an order of its own, which no index knows, so the log is gone through in
// slices of time: each page looks at one slice only, and slices grow where little was received and shrink where much was.
public import Model
import Platform
import Postgres

/// Where a reading of the log is.
public struct LogPlace: Sendable, Equatable {
  /// Nothing received before this is wanted any more.
  var from: Timestamp
  /// How much time the next page looks at, in microseconds.
  var width: Int64 = 60_000_000
  /// What was read last within the slice.
  var last: Last?

  struct Last: Sendable, Equatable {
    var receivedAt: Timestamp
    var spool: String
    var sequence: Int64
    var slot: Int32
  }

  static let leastWidth: Int64 = 1_000
  static let greatestWidth: Int64 = 86_400_000_000

  /// At the beginning of what was received from `moment` on.
  public init(from moment: Timestamp) {
    from = moment
  }

  /// After a page of `count` rows of at most `limit`.
  ///
  /// A page that is full tells how much time holds one: the next looks no further, so that what came in a rush is not
  /// sorted anew for each page of it.
  func next(after last: Last?, count: Int, limit: Int, until end: Timestamp) -> LogPlace? {
    var place = self
    if let last, count >= limit {
      place.last = last
      place.from = last.receivedAt
      place.width = max(Self.leastWidth, last.receivedAt.microseconds &- from.microseconds)
      return place
    }
    place.last = nil
    place.from = Timestamp(microseconds: from.microseconds &+ width)
    if place.from >= end { return nil }
    if count <= limit / 2 { place.width = min(Self.greatestWidth, width &* 2) }
    return place
  }
}

extension StoreQueries {
  /// What was received behind `place` and before `end`, at most `limit`; and where to go on, nil at the end.
  ///
  /// A page may be empty though more follows.
  public func log(
    from place: LogPlace, until end: Timestamp, limit: Int
  ) throws(StoreError) -> EventPage<LogPlace> {
    let sliceEnd = min(end, Timestamp(microseconds: place.from.microseconds &+ place.width))
    let last =
      place.last ?? LogPlace.Last(receivedAt: .earliest, spool: Self.firstSpool, sequence: 0, slot: -1)
    return try ask("read the log") { scope throws(PostgresError) in
      let rows = try scope.rows(
        Self.received,
        [
          .moment(place.from), .moment(sliceEnd), .moment(last.receivedAt), .text(last.spool),
          .int8(last.sequence), .int4(last.slot), .int8(Int64(limit)),
        ], isLast: true)
      let read = rows.count == 0 ? nil : try rows.place(rows.count - 1)
      return EventPage(
        events: ExportedEvents(rows),
        next: place.next(after: read, count: rows.count, limit: limit, until: end))
    }
  }

  private static let firstSpool = "00000000-0000-0000-0000-000000000000"

  private static let received = """
    SELECT e.handoff_id, e.event_id, e.type, e.occurred_at, e.body, e.received_at, p.instance, e.spool_id::text,
      e.sequence, e.slot
    FROM (\(part("handoff_events", "handoff_id")) UNION ALL \(part("subject_events", "NULL"))) AS e
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
    ORDER BY e.received_at, e.spool_id, e.sequence, e.slot LIMIT $7
    """

  private static func part(_ table: String, _ handoff: String) -> String {
    """
    SELECT \(handoff) AS handoff_id, event_id, type, occurred_at, body, received_at, spool_id, sequence, slot
    FROM handoffd.\(table) WHERE received_at >= $1 AND received_at < $2
      AND (received_at, spool_id, sequence, slot) > ($3, $4::uuid, $5, $6)
    """
  }
}

extension Rows {
  fileprivate func place(_ row: Int) throws(PostgresError) -> LogPlace.Last {
    LogPlace.Last(
      receivedAt: try moment(row, 5), spool: try value(row, 7), sequence: try value(row, 8),
      slot: try value(row, 9))
  }
}
