public import Model
import Postgres

/// A report of health as it is stored.
public struct StoredHealthReport: Sendable {
  /// When it was made.
  public var occurredAt: Timestamp
  /// When a sidecar received it.
  public var receivedAt: Timestamp
  /// Which sidecar; nil where that is not known any more.
  public var instance: String?
  /// What it says, as JSON; nil where it says nothing.
  public var health: [UInt8]?
}

/// A page of reports of health, the newest first.
public struct HealthReportPage: Sendable {
  /// The reports.
  public var reports: [StoredHealthReport]
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

extension StoreQueries {
  /// What an agent has reported of its health, the newest first, at most `limit`, behind `cursor`.
  public func healthReports(
    of agent: String, limit: Int = 100, cursor: String? = nil
  ) throws(StoreError) -> HealthReportPage {
    let after = try Self.read(cursor, .healthReports)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    if agent.utf8.contains(0) { return HealthReportPage(reports: [], next: nil, asOf: asOf) }
    let (found, ids) = try ask("list reports of health") { scope throws(PostgresError) in
      try scope.healthReports(of: agent, limit + 1, after)
    }
    let hasMore = found.count > limit
    let next =
      hasMore ? Cursor(.healthReports, found[limit - 1].occurredAt, ids[limit - 1]).text : nil
    return HealthReportPage(reports: Array(found.prefix(limit)), next: next, asOf: asOf)
  }

  /// Whether a cursor was given out for reports of health.
  public static func isHealthCursor(_ text: String) -> Bool { Cursor(text)?.list == .healthReports }
}

extension QueryScope {
  fileprivate func healthReports(
    of agent: String, _ limit: Int, _ cursor: Cursor?
  ) throws(PostgresError) -> ([StoredHealthReport], [String]) {
    var condition = ""
    var parameters: [Parameter] = [.text(agent), .int8(Int64(limit))]
    if let cursor {
      condition = "AND e.occurred_at <= $3 AND (e.occurred_at, e.event_id) < ($3, $4)"
      parameters += [.moment(cursor.moment), .text(cursor.key)]
    }
    let rows = try rows(
      """
      SELECT e.occurred_at, e.received_at, p.instance, e.body->'health', e.event_id FROM (
        SELECT * FROM handoffd.subject_events AS e
        WHERE e.subject = $1 AND e.kind = 'agent' AND e.type = 'agent.health' \(condition)
        ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT $2) AS e
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
      ORDER BY e.occurred_at DESC, e.event_id DESC
      """, parameters, isLast: true)
    var reports: [StoredHealthReport] = []
    var ids: [String] = []
    for row in 0..<rows.count {
      reports.append(
        StoredHealthReport(
          occurredAt: try rows.moment(row, 0), receivedAt: try rows.moment(row, 1),
          instance: try rows.optional(row, 2), health: try rows.optional(row, 3)))
      ids.append(try rows.value(row, 4))
    }
    return (reports, ids)
  }
}
