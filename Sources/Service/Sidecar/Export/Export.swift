// An export goes through the database page by page, each page a short transaction of its own behind the cursor of the one
// before, and hands every page to the body that is being sent, while the next is fetched. So it holds three pages at most, holds nothing in the
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
    /// Everything received, in the order of receipt.
    case log
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
  /// Of the log what was received from here on, and before there.
  var received = (since: Timestamp.earliest, until: Timestamp.latest)
  var clock: HandoffClock

  /// Handoffs a page.
  private static let page = 1_000
  /// Handoffs whose events are fetched together, and most events a page.
  private static let group = 330
  private static let eventPage = 1_000

  /// What stands before the rows.
  var header: [UInt8] {
    guard format == .csv else { return [] }
    var line = CSVLine()
    switch subject {
    case .handoffs: HandoffColumns.header(&line)
    case .events, .log: EventColumns.header(&line)
    }
    return line.bytes
  }

  /// How far an export is.
  enum Place: Sendable {
    /// Behind that cursor among the handoffs; nil at their beginning.
    case handoffs(String?)
    /// Among the events of some handoffs, behind which that cursor goes on.
    case events([StoredHandoff], EventPosition, cursor: String?)
    /// Among the events about agents, tasks and conversations; nil at their beginning.
    case subjects(SubjectPosition?)
    /// In the log.
    case log(LogPlace)
  }

  /// Where it begins.
  var start: Place { subject == .log ? .log(LogPlace(from: received.since)) : .handoffs(nil) }

  /// Some rows, and where the next begin; nil behind the last.
  struct Page: Sendable {
    fileprivate enum Rows: Sendable {
      case handoffs([StoredHandoff])
      case events([ExportedEvent])
    }

    fileprivate var rows: Rows
    var next: Place?
  }

  /// Fetches a page.
  func page(_ queries: StoreQueries, at place: Place) throws(StoreError) -> Page {
    switch place {
    case .handoffs(let cursor):
      let limit = subject == .handoffs ? Self.page : Self.group
      let page = try queries.handoffs(filter, order: order, limit: limit, cursor: cursor)
      if subject == .handoffs {
        return Page(rows: .handoffs(page.handoffs), next: page.next.map { .handoffs($0) })
      }
      return try events(of: page.handoffs, behind: nil, cursor: page.next, queries)
    case .events(let handoffs, let position, let cursor):
      return try events(of: handoffs, behind: position, cursor: cursor, queries)
    case .subjects(let position):
      let page = try queries.subjectEvents(filter, after: position, limit: Self.eventPage)
      return Page(rows: .events(page.events), next: page.next.map { .subjects($0) })
    case .log(let place):
      let page = try queries.log(from: place, until: received.until, limit: Self.eventPage)
      return Page(rows: .events(page.events), next: page.next.map { .log($0) })
    }
  }

  private func events(
    of handoffs: [StoredHandoff], behind position: EventPosition?, cursor: String?, _ queries: StoreQueries
  ) throws(StoreError) -> Page {
    let page = try queries.events(of: handoffs, after: position, limit: Self.eventPage)
    let behind = cursor.map { Place.handoffs($0) } ?? .subjects(nil)
    return Page(
      rows: .events(page.events), next: page.next.map { .events(handoffs, $0, cursor: cursor) } ?? behind)
  }

  /// A page as it is sent.
  func render(_ page: Page) -> [UInt8] {
    switch page.rows {
    case .handoffs(let handoffs): render(handoffs)
    case .events(let events): render(events)
    }
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
  private static func lines<Row>(
    _ rows: [Row], each size: Int, _ write: (inout JSONWriter, Row) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: rows.count * size)
    for row in rows {
      let start = writer.bytes.count
      write(&writer, row)
      writer.endLine(from: start)
    }
    return writer.bytes
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
