public import Model
import Postgres

/// What agents say of themselves.
public enum AgentReportKind: Sendable {
  /// How they are.
  case health
  /// A hash of the state that they work with.
  case state
}

/// A report of an agent as it is stored.
public struct StoredAgentReport: Sendable {
  /// When it was made.
  public var occurredAt: Timestamp
  /// When a sidecar received it.
  public var receivedAt: Timestamp
  /// Which sidecar; nil where that is not known any more.
  public var instance: String?
  /// What it says, as JSON; nil where it says nothing.
  public var said: [UInt8]?
}

/// A page of reports of an agent, the newest first.
public struct AgentReportPage: Sendable {
  /// The reports.
  public var reports: [StoredAgentReport]
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

extension StoreQueries {
  /// What an agent has reported of itself, the newest first, at most `limit`, behind `cursor`.
  public func reports(
    _ kind: AgentReportKind, of agent: String, limit: Int = 100, cursor: String? = nil
  ) throws(StoreError) -> AgentReportPage {
    let after = try Self.read(cursor, kind.list)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    if agent.utf8.contains(0) { return AgentReportPage(reports: [], next: nil, asOf: asOf) }
    let (found, ids) = try ask("list reports of an agent") { scope throws(PostgresError) in
      try scope.reports(kind, of: agent, limit + 1, after)
    }
    let hasMore = found.count > limit
    let next =
      hasMore ? Cursor(kind.list, found[limit - 1].occurredAt, ids[limit - 1]).text : nil
    return AgentReportPage(reports: Array(found.prefix(limit)), next: next, asOf: asOf)
  }

  /// Whether a cursor was given out for such reports.
  public static func isCursor(_ text: String, for kind: AgentReportKind) -> Bool {
    Cursor(text)?.list == kind.list
  }
}

extension AgentReportKind {
  fileprivate var list: Cursor.List { self == .health ? .healthReports : .states }
  fileprivate var type: EventType { self == .health ? .agentHealth : .agentState }
  /// The member that says it; what is told of a state stands with what else is kept.
  fileprivate var member: String { self == .health ? "health" : "attributes" }
}

extension QueryScope {
  fileprivate func reports(
    _ kind: AgentReportKind, of agent: String, _ limit: Int, _ cursor: Cursor?
  ) throws(PostgresError) -> ([StoredAgentReport], [String]) {
    var condition = ""
    var parameters: [Parameter] = [.text(agent), .int8(Int64(limit))]
    if let cursor {
      condition = "AND e.occurred_at <= $3 AND (e.occurred_at, e.event_id) < ($3, $4)"
      parameters += [.moment(cursor.moment), .text(cursor.key)]
    }
    let rows = try rows(
      """
      SELECT e.occurred_at, e.received_at, p.instance, e.body->'\(kind.member)', e.event_id FROM (
        SELECT * FROM handoffd.subject_events AS e
        WHERE e.subject = $1 AND e.kind = 'agent' AND e.type = '\(kind.type.name)' \(condition)
        ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT $2) AS e
      LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
      ORDER BY e.occurred_at DESC, e.event_id DESC
      """, parameters, isLast: true)
    var reports: [StoredAgentReport] = []
    var ids: [String] = []
    for row in 0..<rows.count {
      reports.append(
        StoredAgentReport(
          occurredAt: try rows.moment(row, 0), receivedAt: try rows.moment(row, 1),
          instance: try rows.optional(row, 2), said: try rows.optional(row, 3)))
      ids.append(try rows.value(row, 4))
    }
    return (reports, ids)
  }
}
