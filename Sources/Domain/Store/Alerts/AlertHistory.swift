public import Model
import Platform
import Postgres
public import Spool

/// A change of an alert, as the database keeps it.
public struct StoredTransition: Sendable {
  /// When.
  public var at: Timestamp
  /// The alert's identity.
  public var fingerprint: String
  /// Its name.
  public var alert: String
  /// How bad it is.
  public var severity: String
  /// What it is after the change.
  public var state: String
  /// Its labels, as a JSON object.
  public var labels: [UInt8]
  /// What was said, as a JSON object.
  public var annotations: [UInt8]
  /// What was measured; nil where nothing could be.
  public var value: Double?
  /// What that is held against.
  public var threshold: Double
  /// Since when it is pending or firing.
  public var since: Timestamp
  /// The ids of the events that brought it about, as a JSON array.
  public var events: [UInt8]
  /// Whether anybody was told.
  public var notified: Bool
  /// The number in its journal.
  public var number: UInt64

  /// A change of those parts.
  public init(
    at: Timestamp, fingerprint: String, alert: String, severity: String, state: String, labels: [UInt8],
    annotations: [UInt8], value: Double?, threshold: Double, since: Timestamp, events: [UInt8],
    notified: Bool,
    number: UInt64
  ) {
    self.at = at
    self.fingerprint = fingerprint
    self.alert = alert
    self.severity = severity
    self.state = state
    self.labels = labels
    self.annotations = annotations
    self.value = value
    self.threshold = threshold
    self.since = since
    self.events = events
    self.notified = notified
    self.number = number
  }
}

extension AlertLedger {
  /// Writes changes of the journal `journal`; those that are there already stay as they are.
  public func record(
    _ transitions: [StoredTransition], of journal: SpoolID, instance: String, within limit: Duration
  ) throws(StoreError) {
    try write("record alerts", limit) { scope throws(PostgresError) in
      for one in transitions {
        _ = try scope.rows(
          """
          INSERT INTO handoffd.alert_transitions (fingerprint, journal_id, number, instance, at, alert, severity, state,
            labels, annotations, value, threshold, since, events, notified)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING
          """,
          [
            .text(one.fingerprint), .uuid(journal.high, journal.low), .int8(Int64(bitPattern: one.number)),
            .text(instance), .moment(one.at), .text(one.alert), .text(one.severity), .text(one.state),
            .json(one.labels), .json(one.annotations), .float8(one.value), .float8(one.threshold),
            .moment(one.since), .json(one.events), .bool(one.notified),
          ])
      }
    }
  }
}

/// A page of changes, the newest first.
public struct TransitionPage: Sendable {
  /// The changes.
  public var transitions: [StoredTransition]
  /// Where the next page begins; nil at the end.
  public var next: String?
}

extension StoreQueries {
  /// Changes of alerts, the newest first, at most `limit`, behind `cursor`.
  public func alertHistory(limit: Int = 100, cursor: String? = nil) throws(StoreError) -> TransitionPage {
    let after = try Self.read(cursor, .transitions)
    let limit = min(max(limit, 1), Self.largestPage)
    let (found, keys) = try ask("list alerts") { scope throws(PostgresError) in
      try scope.transitions(limit + 1, after)
    }
    let hasMore = found.count > limit
    let next = hasMore ? Cursor(.transitions, found[limit - 1].at, keys[limit - 1]).text : nil
    return TransitionPage(transitions: Array(found.prefix(limit)), next: next)
  }

  /// Whether a cursor was given out for changes of alerts.
  public static func isAlertCursor(_ text: String) -> Bool { Cursor(text)?.list == .transitions }
}

extension QueryScope {
  private static let key = "fingerprint || journal_id::text || lpad(number::text, 20, '0')"

  fileprivate func transitions(_ limit: Int, _ cursor: Cursor?) throws(PostgresError) -> (
    [StoredTransition], [String]
  ) {
    var condition = ""
    var parameters: [Parameter] = [.int8(Int64(limit))]
    if let cursor {
      condition = "WHERE t.at <= $2 AND (t.at < $2 OR t.key < $3 COLLATE \"C\")"
      parameters += [.moment(cursor.moment), .text(cursor.key)]
    }
    let rows = try rows(
      """
      SELECT t.at, t.fingerprint, t.alert, t.severity, t.state, t.labels::text, t.annotations::text, t.value,
        t.threshold, t.since, t.events::text, t.notified, t.number, t.key
      FROM (SELECT *, (\(Self.key)) COLLATE "C" AS key FROM handoffd.alert_transitions) AS t
      \(condition) ORDER BY t.at DESC, t.key DESC LIMIT $1
      """, parameters, isLast: true)
    var found: [StoredTransition] = []
    var keys: [String] = []
    for row in 0..<rows.count {
      found.append(try transition(rows, row))
      keys.append(try rows.value(row, 13))
    }
    return (found, keys)
  }

  private func transition(_ rows: Rows, _ row: Int) throws(PostgresError) -> StoredTransition {
    StoredTransition(
      at: try rows.moment(row, 0), fingerprint: try rows.value(row, 1), alert: try rows.value(row, 2),
      severity: try rows.value(row, 3), state: try rows.value(row, 4),
      labels: Array(try rows.value(row, 5, as: String.self).utf8),
      annotations: Array(try rows.value(row, 6, as: String.self).utf8), value: try rows.optional(row, 7),
      threshold: try rows.value(row, 8), since: try rows.moment(row, 9),
      events: Array(try rows.value(row, 10, as: String.self).utf8), notified: try rows.value(row, 11),
      number: UInt64(bitPattern: try rows.value(row, 12, as: Int64.self)))
  }
}
