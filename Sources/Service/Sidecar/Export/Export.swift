// An export goes through the database page by page, each page a short transaction of its own behind the cursor of the one
// before, and hands every page to the body that is being sent. So it holds two pages at most, holds nothing in the
// database while a client is slow, and gives each row once however long it takes.
import Bytes
import HTTPServer
import Model
import Platform
import Store

/// One export: what is asked for.
struct Export: Sendable {
  /// What the rows are.
  enum Subject: String, CaseIterable, Sendable {
    case handoffs
    case events
  }

  /// How they are written.
  enum Format: String, CaseIterable, Sendable {
    case ndjson
    case csv

    var contentType: String {
      switch self {
      case .ndjson: "application/x-ndjson"
      case .csv: "text/csv; charset=utf-8; header=present"
      }
    }
  }

  var subject = Subject.handoffs
  var format = Format.ndjson
  var filter = HandoffFilter()
  var order = HandoffOrder.descending
  var clock: HandoffClock

  /// Handoffs a page.
  private static let page = 500
  /// Handoffs whose events are fetched together, and most events a page.
  private static let group = 100
  private static let eventPage = 1_000

  /// What stands before the rows.
  var header: [UInt8] {
    guard format == .csv else { return [] }
    var line = CSVLine()
    switch subject {
    case .handoffs: HandoffColumns.header(&line)
    case .events: EventColumns.header(&line)
    }
    return line.bytes
  }

  /// How far an export is.
  enum Place: Sendable {
    /// Behind that cursor among the handoffs; nil at their beginning.
    case handoffs(String?)
    /// Among the events about agents, tasks and conversations; nil at their beginning.
    case subjects(SubjectPosition?)
  }

  /// Makes the rows of a page and gives them out piece by piece; where the next page begins, or nil at the end or where
  /// `give` wants no more.
  func rows(
    _ queries: StoreQueries, at place: Place, give: ([UInt8]) -> Bool
  ) throws(StoreError) -> Place? {
    switch place {
    case .handoffs(let cursor):
      let limit = subject == .handoffs ? Self.page : Self.group
      let page = try queries.handoffs(filter, order: order, limit: limit, cursor: cursor)
      let next = page.next.map { Place.handoffs($0) }
      switch subject {
      case .handoffs: return give(render(page.handoffs)) ? next : nil
      case .events: return try events(of: page.handoffs, queries, give) ? next ?? .subjects(nil) : nil
      }
    case .subjects(let position):
      let page = try queries.subjectEvents(filter, after: position, limit: Self.eventPage)
      return give(render(page.events)) ? page.next.map { .subjects($0) } : nil
    }
  }

  private func events(
    of handoffs: [StoredHandoff], _ queries: StoreQueries, _ give: ([UInt8]) -> Bool
  ) throws(StoreError) -> Bool {
    var position: EventPosition?
    repeat {
      let page = try queries.events(of: handoffs, after: position, limit: Self.eventPage)
      guard give(render(page.events)) else { return false }
      position = page.next
    } while position != nil
    return true
  }

  private func render(_ handoffs: [StoredHandoff]) -> [UInt8] {
    switch format {
    case .csv:
      var line = CSVLine()
      for handoff in handoffs { HandoffColumns.line(handoff, clock, &line) }
      return line.bytes
    case .ndjson:
      return Self.lines(handoffs, each: 1_024) { $0.handoff($1.id, $1.record, clock) }
    }
  }

  private func render(_ events: [ExportedEvent]) -> [UInt8] {
    switch format {
    case .csv:
      var line = CSVLine()
      for event in events { EventColumns.line(event, &line) }
      return line.bytes
    case .ndjson: return Self.lines(events, each: 512) { $0.event($1.event) }
    }
  }

  /// A JSON document a line.
  ///
  /// What was sent may have line ends of its own between its parts, and only there.
  private static func lines<Row>(
    _ rows: [Row], each size: Int, _ write: (inout JSONWriter, Row) -> Void
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * size)
    for row in rows {
      var writer = JSONWriter(capacity: size)
      write(&writer, row)
      if writer.bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
        bytes += writer.bytes.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
      } else {
        bytes += writer.bytes
      }
      bytes.append(0x0A)
    }
    return bytes
  }
}

/// An event as a line of comma-separated values.
enum EventColumns {
  private static let names = [
    "handoff_id", "event_id", "type", "occurred_at", "received_at", "instance", "body",
  ]

  static func header(_ line: inout CSVLine) {
    for name in names { line.add(name) }
    line.end()
  }

  static func line(_ row: ExportedEvent, _ line: inout CSVLine) {
    for text in [row.handoffID, row.eventID, row.type, row.occurredAt.text, row.event.receivedAt.text] {
      line.add(text)
    }
    line.add(row.event.instance)
    line.add(json: row.event.body)
    line.end()
  }
}
