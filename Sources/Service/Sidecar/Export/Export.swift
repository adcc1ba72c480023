// An export goes through the database page by page, each page a short transaction of its own behind the cursor of the one
// before, and hands every page to the body that is being sent, while the next is fetched. So it holds three pages at most,
// holds nothing in the database while a client is slow, and gives each row once however long it takes.
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

  /// Rows a page; of the events of handoffs the store knows better.
  private static let page = 1_000

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
    /// Among the events of handoffs.
    case events(EventPlace)
    /// Among the events about agents, tasks and conversations; nil at their beginning.
    case subjects(SubjectPosition?)
    /// In the log.
    case log(LogPlace)
  }

  /// Where it begins.
  var start: Place {
    switch subject {
    case .handoffs: .handoffs(nil)
    case .events: .events(EventPlace())
    case .log: .log(LogPlace(from: received.since))
    }
  }

  /// Some rows, and where the next begin; nil behind the last.
  struct Page: Sendable {
    fileprivate enum Rows: Sendable {
      case handoffs([StoredHandoff])
      case events(ExportedEvents)
    }

    fileprivate var rows: Rows
    var next: Place?
  }

  /// Fetches a page.
  func page(_ queries: StoreQueries, at place: Place) throws(StoreError) -> Page {
    switch place {
    case .handoffs(let cursor):
      let page = try queries.exportedHandoffs(filter, order: order, limit: Self.page, cursor: cursor)
      return Page(rows: .handoffs(page.handoffs), next: page.next.map { .handoffs($0) })
    case .events(let place):
      let page = try queries.events(filter, order: order, after: place)
      return Page(rows: .events(page.events), next: page.next.map { .events($0) } ?? .subjects(nil))
    case .subjects(let position):
      let page = try queries.subjectEvents(filter, after: position, limit: Self.page)
      return Page(rows: .events(page.events), next: page.next.map { .subjects($0) })
    case .log(let place):
      let page = try queries.log(from: place, until: received.until, limit: Self.page)
      return Page(rows: .events(page.events), next: page.next.map { .log($0) })
    }
  }

  /// A page as it is sent.
  func render(_ page: Page) throws(StoreError) -> [UInt8] {
    switch page.rows {
    case .handoffs(let handoffs): render(handoffs)
    case .events(let events): try render(events)
    }
  }

  private func render(_ handoffs: [StoredHandoff]) -> [UInt8] {
    switch format {
    case .csv:
      var line = CSVLine()
      for handoff in handoffs { HandoffColumns.line(handoff, clock, &line) }
      return line.bytes
    case .ndjson:
      var writer = JSONWriter(capacity: handoffs.count * 1_024)
      for handoff in handoffs {
        writer.line { $0.handoff(handoff.id, handoff.record, clock) }
      }
      return writer.bytes
    }
  }

  private func render(_ events: ExportedEvents) throws(StoreError) -> [UInt8] {
    switch format {
    case .csv:
      var line = CSVLine()
      try events.forEach { event throws(StoreError) in try EventColumns.line(event, &line) }
      return line.bytes
    case .ndjson:
      var writer = JSONWriter(capacity: events.count * 512)
      try events.forEach { event throws(StoreError) in
        let receivedAt = try event.moment(.receivedAt)
        writer.line { $0.event(event, receivedAt) }
      }
      return writer.bytes
    }
  }
}
