import Store

/// An event as a line of comma-separated values.
enum EventColumns {
  private static let names = [
    "handoff_id", "event_id", "type", "occurred_at", "received_at", "instance", "body",
  ]

  static func header(_ line: inout CSVLine) {
    for name in names { line.add(name) }
    line.end()
  }

  static func line(_ event: ExportedEvent, _ line: inout CSVLine) throws(StoreError) {
    for text in [ExportedEvent.Text.handoffID, .eventID, .type] { add(text, of: event, &line) }
    line.add(try event.moment(.occurredAt))
    line.add(try event.moment(.receivedAt))
    for text in [ExportedEvent.Text.instance, .body] { add(text, of: event, &line) }
    line.end()
  }

  private static func add(_ text: ExportedEvent.Text, of event: ExportedEvent, _ line: inout CSVLine) {
    if !event.with(text, { line.add($0) }) { line.skip() }
  }
}
