public import Model
import Platform
import Postgres

/// An event with what identifies it, for an export.
public struct ExportedEvent: Sendable {
  /// Whose event it is; nil for one about an agent, a task or a conversation.
  public var handoffID: String?
  /// Its identity among the events about the same.
  public var eventID: String
  /// What it says happened.
  public var type: String
  /// When that was.
  public var occurredAt: Timestamp
  /// The event as it was sent.
  public var event: StoredEvent
}

/// A page of events.
public struct EventPage<Position: Sendable>: Sendable {
  /// The events.
  public var events: [ExportedEvent] = []
  /// Where the next page begins; nil where this is the last.
  public var next: Position?
}

/// Where a page of events ended.
public struct EventPosition: Sendable {
  var place: Int64
  var occurredAt: Timestamp
  var eventID: String
}

extension StoreQueries {
  /// The events of some handoffs, in the order of these and of time, at most `limit`, behind `position`.
  public func events(
    of handoffs: [StoredHandoff], after position: EventPosition?, limit: Int
  ) throws(StoreError) -> EventPage<EventPosition> {
    guard !handoffs.isEmpty else { return EventPage() }
    let lives = handoffs.map(\.record.life)
    let first = lives.compactMap(\.firstEventAt).min() ?? .earliest
    let last = lives.compactMap(\.lastEventAt).max() ?? .latest
    let parameters: [Parameter] = [
      .texts(handoffs.map(\.id)), .moment(first), .moment(last), .int8(position?.place ?? 0),
      .moment(position?.occurredAt ?? .earliest), .text(position?.eventID ?? ""), .int8(Int64(limit)),
    ]
    return try ask("export events") { scope throws(PostgresError) in
      let rows = try scope.rows(Self.exportedEvents, parameters)
      var page = EventPage<EventPosition>()
      for row in 0..<rows.count { page.events.append(try rows.exportedEvent(row)) }
      if rows.count == limit, let last = page.events.last {
        page.next = EventPosition(
          place: try rows.value(rows.count - 1, 7), occurredAt: last.occurredAt, eventID: last.eventID)
      }
      return page
    }
  }

  /// The bounds on `occurred_at` say nothing new, but spare the partitions of all other days.
  private static let exportedEvents = """
    SELECT e.handoff_id, e.event_id, e.type, e.occurred_at, e.body, e.received_at, p.instance, w.place
    FROM unnest($1) WITH ORDINALITY AS w (id, place)
      JOIN handoffd.handoff_events AS e ON e.handoff_id = w.id COLLATE "C"
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
    WHERE e.occurred_at BETWEEN $2 AND $3 AND (w.place, e.occurred_at, e.event_id) > ($4, $5, $6)
    ORDER BY w.place, e.occurred_at, e.event_id LIMIT $7
    """
}

extension Rows {
  /// The event in a row of subject (or handoff), id, type, moment, body, receipt and instance.
  func exportedEvent(_ row: Int, of handoff: Bool = true) throws(PostgresError) -> ExportedEvent {
    ExportedEvent(
      handoffID: handoff ? try value(row, 0) : nil, eventID: try value(row, 1), type: try value(row, 2),
      occurredAt: try moment(row, 3),
      event: StoredEvent(
        body: try value(row, 4), receivedAt: try moment(row, 5), instance: try optional(row, 6)))
  }
}
