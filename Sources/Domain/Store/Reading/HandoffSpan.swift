import Model
import Postgres

/// Where in the log a handoff's events are.
struct HandoffSpan: Sendable {
  var id: [UInt8]
  var first: Timestamp
  var last: Timestamp

  static let columns = "handoff_id, first_event_at, last_event_at"
}

extension Rows {
  /// The span in a row of `HandoffSpan.columns`.
  func span(_ row: Int) throws(PostgresError) -> HandoffSpan {
    HandoffSpan(id: try value(row, 0), first: try moment(row, 1), last: try moment(row, 2))
  }
}
