import Model
import Platform
import Postgres

/// The statement for a filter: every value is a parameter, every name is written here.
struct HandoffQuery {
  static let columns = "handoff_id, merge, first_event_at"

  private(set) var sql = ""
  private(set) var parameters: [Parameter] = []

  /// At most `limit` handoffs behind `cursor`.
  init(_ filter: HandoffFilter, order: HandoffOrder, limit: Int, after cursor: Cursor?) {
    let common = conditions(of: filter) + position(order, cursor)
    let direction = order == .descending ? "DESC" : "ASC"
    let sorted =
      "ORDER BY first_event_at \(direction), handoff_id \(direction) LIMIT \(add(.int8(Int64(limit))))"
    func select(_ more: [String]) -> String {
      let all = common + more
      let condition = all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
      return "SELECT \(Self.columns) FROM handoffd.handoffs\(condition) \(sorted)"
    }
    guard let agent = filter.agent else {
      sql = select([])
      return
    }
    // Each half comes in order from an index of its own; OR would sort everything.
    let name = add(.text(agent))
    let sent = select(["from_agent = \(name)"])
    let received = select(["to_agent = \(name)", "from_agent IS DISTINCT FROM \(name)"])
    sql = "SELECT \(Self.columns) FROM ((\(sent)) UNION ALL (\(received))) AS both_ways \(sorted)"
  }

  private mutating func add(_ parameter: Parameter) -> String {
    parameters.append(parameter)
    return "$\(parameters.count)"
  }

  private mutating func conditions(of filter: HandoffFilter) -> [String] {
    var all: [String] = []
    for (column, value) in [
      ("task_id", filter.taskID), ("conversation_id", filter.conversationID),
      ("from_agent", filter.fromAgent),
      ("to_agent", filter.toAgent), ("reason", filter.reason), ("kind", filter.kind),
      ("pattern", filter.pattern),
      ("error_class", filter.errorClass), ("error_type", filter.errorType),
    ] {
      if let value { all.append("\(column) = \(add(.text(value)))") }
    }
    if let state = filter.state { all.append(condition(on: state)) }
    if let inferred = filter.inferred { all.append("inferred = \(add(.bool(inferred)))") }
    if let since = filter.since { all.append("first_event_at >= \(add(since))") }
    if let until = filter.until { all.append("first_event_at < \(add(until))") }
    if let least = filter.minCompleteness { all.append("completeness >= \(add(.float8(least)))") }
    if let most = filter.maxCompleteness { all.append("completeness <= \(add(.float8(most)))") }
    if let least = filter.minAcknowledgementLatency { all.append("ack_latency_us >= \(add(.int8(least)))") }
    return all
  }

  /// The states that something is the matter with have an index; those before the end are few, and have one too.
  private mutating func condition(on state: HandoffState) -> String {
    let name = add(.text(state.name))
    if state.isTroubled { return "troubled_state = \(name)" }
    return "state = \(name)" + (state.isEnd ? "" : " AND ended_at IS NULL")
  }

  private mutating func position(_ order: HandoffOrder, _ cursor: Cursor?) -> [String] {
    guard let cursor else { return [] }
    let sign = order == .descending ? "<" : ">"
    return ["(first_event_at, handoff_id) \(sign) (\(add(cursor.moment)), \(add(.text(cursor.key))))"]
  }

  private mutating func add(_ moment: Timestamp) -> String {
    add(.timestamptz(WallTime(microseconds: moment.microseconds)))
  }
}
