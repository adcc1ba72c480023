public import Model
import Platform
import Postgres

/// An event with what identifies it, for an export.
public struct ExportedEvent: Sendable {
  /// Whose event it is.
  public var handoffID: String
  /// Its identity among the events of its handoff.
  public var eventID: String
  /// What it says happened.
  public var type: String
  /// When that was.
  public var occurredAt: Timestamp
  /// The event as it was sent.
  public var event: StoredEvent
  /// Where the next page begins.
  public var position: EventPosition
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
  ) throws(StoreError) -> [ExportedEvent] {
    guard !handoffs.isEmpty else { return [] }
    let lives = handoffs.map(\.record.life)
    let first = lives.compactMap(\.firstEventAt).min() ?? .earliest
    let last = lives.compactMap(\.lastEventAt).max() ?? .latest
    let parameters: [Parameter] = [
      .texts(handoffs.map(\.id)), .moment(first), .moment(last), .int8(position?.place ?? 0),
      .moment(position?.occurredAt ?? .earliest), .text(position?.eventID ?? ""), .int8(Int64(limit)),
    ]
    return try ask("export events") { scope throws(PostgresError) in
      let rows = try scope.rows(Self.exportedEvents, parameters)
      var events: [ExportedEvent] = []
      for row in 0..<rows.count { events.append(try rows.exportedEvent(row)) }
      return events
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
  fileprivate func exportedEvent(_ row: Int) throws(PostgresError) -> ExportedEvent {
    let id: String = try value(row, 1)
    let occurredAt = try moment(row, 3)
    return ExportedEvent(
      handoffID: try value(row, 0), eventID: id, type: try value(row, 2), occurredAt: occurredAt,
      event: StoredEvent(
        body: try value(row, 4), receivedAt: try moment(row, 5), instance: try optional(row, 6)),
      position: EventPosition(place: try value(row, 7), occurredAt: occurredAt, eventID: id))
  }
}
