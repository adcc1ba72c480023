// Exports look at a bounded number of handoffs for a page, however few of them pass the filter: so no page takes long, and
// an export comes to its end whatever it is asked for. Events come in the order of their handoffs: a page takes some of
// these, and looks the events of each up by its key.
import Model
import Platform
import Postgres

/// Where an export of the events of handoffs is.
public struct EventPlace: Sendable {
  /// The handoffs whose events come next; none yet at the beginning and behind the last of them.
  var handoffs: [HandoffSpan] = []
  /// The event of the first of these behind which theirs go on.
  var last = Last.none
  /// Behind which handoff more of them come; nil at the beginning.
  var cursor: Cursor?
  /// Whether none come behind those.
  var isLast = false
  var size = EventPageSize()

  /// An event: the number of its handoff among those, from 1, when it occurred, and its id.
  struct Last: Sendable {
    var handoff: Int64
    var occurredAt: Timestamp
    var eventID: String

    static let none = Last(handoff: 0, occurredAt: .earliest, eventID: "")
  }

  /// At the beginning.
  public init() {}
}

/// How much a page of events takes: as many as make up some megabytes, by what those of the page before were like.
struct EventPageSize: Equatable, Sendable {
  private(set) var handoffs = 250
  private(set) var events = 1_000

  private static let bytes = 3 << 19
  /// So many are found at a time.
  static let mostHandoffs = 2_000
  private static let mostEvents = 2_000

  /// Goes by a page of so many events, of which all of so many handoffs had so many bytes.
  mutating func adapt(handoffs count: Int, events found: Int, bytes: Int) {
    if found == 0 { return }
    events = min(max(Self.bytes / max(1, bytes / found), 32), Self.mostEvents)
    handoffs = min(max(events * count / found, 1), Self.mostHandoffs)
  }
}

extension StoreQueries {
  /// Handoffs that pass a filter, of `limit` that are looked at, behind `cursor`; a page may be empty though more follows.
  public func exportedHandoffs(
    _ filter: HandoffFilter, order: HandoffOrder, limit: Int, cursor: String?
  ) throws(StoreError) -> HandoffPage {
    try fitting(filter, order, of: limit, behind: cursor, until: time.now() + settings.queryDeadline)
  }

  /// Handoffs that pass a filter, of `limit` that are looked at, behind `cursor`.
  func fitting(
    _ filter: HandoffFilter, _ order: HandoffOrder, of limit: Int, behind cursor: String?,
    until deadline: MonotonicInstant
  ) throws(StoreError) -> HandoffPage {
    let list = Cursor.List.handoffs(order)
    let query = HandoffQuery(
      filter, reach: .bounded, order: order, limit: limit, after: try Self.read(cursor, list))
    return try ask("look at handoffs", until: deadline) { scope throws(PostgresError) in
      let rows = try scope.rows(query.sql, query.parameters, isLast: true)
      var handoffs: [StoredHandoff] = []
      for row in 0..<rows.count where try rows.value(row, 3, as: Bool.self) {
        handoffs.append(try rows.handoff(row))
      }
      let next =
        rows.count < limit
        ? nil : Cursor(list, try rows.moment(rows.count - 1, 2), try rows.value(rows.count - 1, 0)).text
      return HandoffPage(handoffs: handoffs, next: next)
    }
  }

  /// Events of the handoffs that pass a filter, in the order of these and of time, behind `place`.
  public func events(
    _ filter: HandoffFilter, order: HandoffOrder, after place: EventPlace
  ) throws(StoreError) -> EventPage<EventPlace> {
    try ask("export events") { scope throws(PostgresError) in
      var place = place
      if place.handoffs.isEmpty { try scope.findHandoffs(filter, order, &place) }
      let handoffs = place.handoffs.prefix(place.size.handoffs)
      guard let first = handoffs.map(\.first).min(), let last = handoffs.map(\.last).max() else {
        return EventPage(next: place.isLast ? nil : place)
      }
      let rows = try scope.rows(
        Self.exportedEvents,
        [
          .ids(handoffs.map(\.id)), .moment(first), .moment(last), .int8(place.last.handoff),
          .moment(place.last.occurredAt), .text(place.last.eventID), .int8(Int64(place.size.events)),
        ], isLast: true)
      let events = ExportedEvents(rows)
      try place.move(behind: events, of: handoffs.count, rows)
      return EventPage(events: events, next: place.isLast && place.handoffs.isEmpty ? nil : place)
    }
  }

  /// Each handoff is looked up by itself, however many there are of its days.
  ///
  /// The bounds on `occurred_at` say nothing new, but spare the partitions of all other days.
  private static let exportedEvents = """
    SELECT e.handoff_id, e.event_id, e.type, e.occurred_at, e.body, e.received_at, p.instance, w.place
    FROM unnest($1::text[]) WITH ORDINALITY AS w (id, place)
      CROSS JOIN LATERAL (
        SELECT * FROM handoffd.handoff_events AS one
        WHERE one.handoff_id = w.id COLLATE "C" AND one.occurred_at BETWEEN $2 AND $3 OFFSET 0) AS e
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
    WHERE (w.place, e.occurred_at, e.event_id) > ($4, $5, $6)
    ORDER BY w.place, e.occurred_at, e.event_id LIMIT $7
    """
}

extension QueryScope {
  fileprivate func findHandoffs(
    _ filter: HandoffFilter, _ order: HandoffOrder, _ place: inout EventPlace
  ) throws(PostgresError) {
    let limit = EventPageSize.mostHandoffs
    let query = HandoffQuery(
      filter, columns: HandoffSpan.columns, reach: .bounded, order: order, limit: limit, after: place.cursor)
    let rows = try rows(query.sql, query.parameters)
    for row in 0..<rows.count where try rows.value(row, 3, as: Bool.self) {
      place.handoffs.append(try rows.span(row))
    }
    place.isLast = rows.count < limit
    if !place.isLast {
      place.cursor = Cursor(
        .handoffs(order), try rows.moment(rows.count - 1, 1), try rows.value(rows.count - 1, 0))
    }
  }
}

extension EventPlace {
  /// Goes on behind a page of the events of the first handoffs: among these if it is full, else behind them.
  fileprivate mutating func move(
    behind page: ExportedEvents, of count: Int, _ rows: Rows
  ) throws(PostgresError) {
    var passed = count
    if page.count < size.events {
      handoffs.removeFirst(count)
      last = .none
    } else {
      let row = page.count - 1
      passed = Int(try rows.value(row, 7, as: Int64.self))
      last = Last(handoff: 1, occurredAt: try rows.moment(row, 3), eventID: try rows.value(row, 1))
      handoffs.removeFirst(passed - 1)
    }
    size.adapt(handoffs: passed, events: page.count, bytes: page.bodyBytes)
  }
}
