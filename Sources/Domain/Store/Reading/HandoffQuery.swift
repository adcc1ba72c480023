import Model
import Platform
import Postgres

/// The statement for a filter: every value is a parameter, every name is written here.
struct HandoffQuery {
  static let columns = "handoff_id, merge, first_event_at"

  /// How far it looks.
  enum Reach {
    /// Until as many handoffs pass as are wanted.
    case whole
    /// At as many handoffs as are wanted, however few of them pass: what no index tells is judged in a last column,
    /// `fits`, so that it never takes long.
    case bounded
  }

  private(set) var sql = ""
  private(set) var parameters: [Parameter] = []

  /// At most `limit` handoffs behind `cursor`.
  init(
    _ filter: HandoffFilter, columns: String = Self.columns, reach: Reach = .whole, order: HandoffOrder,
    limit: Int, after cursor: Cursor?
  ) {
    var common = conditions(onTimesAndGroupsOf: filter) + position(order, cursor)
    var columns = columns
    let arms = reach == .whole ? arms(of: filter) : nil
    var rest = conditions(onFactsOf: filter, but: arms?.measure)
    if reach == .bounded {
      // An agent's handoffs have an index of their own, which no other condition is to compete with.
      if filter.agent == nil, let known = rest.firstIndex(where: \.isIndexed) {
        common.append(rest.remove(at: known).text)
      }
      columns += ", (\((["true"] + rest.map(\.text)).joined(separator: " AND "))) IS TRUE AS fits"
    } else {
      common += rest.map(\.text)
    }
    let direction = order == .descending ? "DESC" : "ASC"
    let sorted =
      "ORDER BY first_event_at \(direction), handoff_id \(direction) LIMIT \(add(.int8(Int64(limit))))"
    func select(_ more: [String]) -> String {
      let all = common + more
      let condition = all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
      return "SELECT \(columns) FROM handoffd.handoffs\(condition) \(sorted)"
    }
    // Each part comes in order from an index of its own; OR would sort everything.
    let halves = halves(of: filter)
    let parts = (arms?.conditions ?? [[]]).flatMap { arm in halves.map { select(arm + $0) } }
    sql =
      parts.count == 1
      ? parts[0]
      : "SELECT * FROM (\(parts.map { "(\($0))" }.joined(separator: " UNION ALL "))) AS parts \(sorted)"
  }

  /// What an agent sent, and what it received.
  private mutating func halves(of filter: HandoffFilter) -> [[String]] {
    guard let agent = filter.agent else { return [[]] }
    let name = add(.text(agent))
    return [["from_agent = \(name)"], ["to_agent = \(name)", "from_agent IS DISTINCT FROM \(name)"]]
  }

  // MARK: measures

  /// What is asked of a measure.
  private struct Bound {
    var classes: HandoffClasses
    var least: Double?
    var most: Double?
  }

  private func bounds(in filter: HandoffFilter) -> [Bound] {
    [
      Bound(classes: .waits, least: filter.minAcknowledgementLatency.map(Double.init)),
      Bound(classes: .completeness, least: filter.minCompleteness, most: filter.maxCompleteness),
    ].filter { $0.least != nil || $0.most != nil }
  }

  private mutating func least(_ bound: Bound) -> String? {
    bound.least.map { "\(bound.classes.measure) >= \(add(.float8($0)))" }
  }

  private mutating func most(_ bound: Bound) -> String? {
    bound.most.map { "\(bound.classes.measure) <= \(add(.float8($0)))" }
  }

  /// What a filter by a measure comes to, class by class: each of them comes in order from an index.
  private struct Arms {
    var measure: String
    var conditions: [[String]]
  }

  /// Of a task and of a conversation there are so few handoffs that they are found first.
  private mutating func arms(of filter: HandoffFilter) -> Arms? {
    if filter.taskID != nil || filter.conversationID != nil { return nil }
    for bound in bounds(in: filter) {
      guard let arms = bound.classes.arms(from: bound.least, to: bound.most) else { continue }
      var conditions: [[String]] = []
      for arm in arms {
        conditions.append(
          ["\(bound.classes.column) = \(arm.number)"]
            + [arm.reachesBelow ? least(bound) : nil, arm.reachesAbove ? most(bound) : nil].compactMap(\.self)
        )
      }
      return Arms(measure: bound.classes.measure, conditions: conditions.isEmpty ? [["false"]] : conditions)
    }
    return nil
  }

  private mutating func add(_ parameter: Parameter) -> String {
    parameters.append(parameter)
    return "$\(parameters.count)"
  }

  /// What leaves few handoffs, or a stretch of them.
  private mutating func conditions(onTimesAndGroupsOf filter: HandoffFilter) -> [String] {
    var all: [String] = []
    if let task = filter.taskID { all.append("task_id = \(add(.text(task)))") }
    if let conversation = filter.conversationID {
      all.append("conversation_id = \(add(.text(conversation)))")
    }
    if let since = filter.since { all.append("first_event_at >= \(add(since))") }
    if let until = filter.until { all.append("first_event_at < \(add(until))") }
    return all
  }

  /// A condition, and whether an index leads to the handoffs that it holds for.
  private struct Condition {
    var text: String
    var isIndexed = false
  }

  /// Those with an index come first, the one that leaves least before the others.
  private mutating func conditions(
    onFactsOf filter: HandoffFilter, but measure: String?
  ) -> [Condition] {
    var all: [Condition] = []
    if let state = filter.state, state.isTroubled || !state.isEnd { all.append(condition(on: state)) }
    if let inferred = filter.inferred {
      all.append(Condition(text: "inferred = \(add(.bool(inferred)))", isIndexed: inferred))
    }
    for (column, value, isIndexed) in [
      ("error_type", filter.errorType, true), ("error_class", filter.errorClass, true),
      ("to_agent", filter.toAgent, true), ("from_agent", filter.fromAgent, true),
      ("user_id", filter.userID, true), ("reason", filter.reason, true), ("kind", filter.kind, true),
      ("pattern", filter.pattern, true), ("strategy", filter.strategy, false),
    ] {
      if let value { all.append(Condition(text: "\(column) = \(add(.text(value)))", isIndexed: isIndexed)) }
    }
    if let state = filter.state, state.isEnd, !state.isTroubled { all.append(condition(on: state)) }
    if let exhausted = filter.exhausted {
      all.append(Condition(text: "(\(Self.isExhausted)) IS \(exhausted ? "TRUE" : "NOT TRUE")"))
    }
    for bound in bounds(in: filter) where bound.classes.measure != measure {
      all += [least(bound), most(bound)].compactMap { $0.map { Condition(text: $0) } }
    }
    if let condition = filter.condition { all.append(Condition(text: sql(condition))) }
    return all
  }

  /// As `HandoffRecord.isExhausted` has it: the columns do not tell of what was completed without an acknowledgement.
  private static let isExhausted = """
    state IN (\(HandoffState.givenUp.map { "'\($0.name)'" }.joined(separator: ", "))) AND acknowledged_at IS NULL
    AND NOT \(hasEvent("e.type = '\(EventType.completed.name)'"))
    """

  /// Whether something holds of an event `e` of the handoff.
  private static func hasEvent(_ condition: String) -> String {
    """
    EXISTS (
      SELECT 1 FROM handoffd.handoff_events AS e
      WHERE e.handoff_id = handoffs.handoff_id AND \(condition)
        AND e.occurred_at BETWEEN handoffs.first_event_at AND handoffs.last_event_at)
    """
  }

  private mutating func sql(_ condition: HandoffCondition) -> String {
    switch condition {
    case .all(let parts): return joined(parts, by: " AND ")
    case .any(let parts): return joined(parts, by: " OR ")
    case .test(let field, let relation, let operands):
      return sql(field.column, relation, operands.map(\.parameter))
    case .attribute(let name, let relation, let operands):
      let value = "(e.body->'attributes'->>\(add(.text(name))))"
      return Self.hasEvent(sql(value, relation, operands.map { .text($0) }))
    }
  }

  private mutating func sql(
    _ compared: String, _ relation: HandoffCondition.Operator, _ operands: [Parameter]
  ) -> String {
    let value = operands.map { add($0) }.joined(separator: ", ")
    switch relation {
    case .equals, .in: return "\(compared) IN (\(value))"
    case .greaterThan: return "\(compared) > \(value)"
    case .lessThan: return "\(compared) < \(value)"
    case .contains: return "position(\(value) IN \(compared)) > 0"
    case .regex: return "\(compared) ~ \(value)"
    }
  }

  private mutating func joined(_ parts: [HandoffCondition], by word: String) -> String {
    var all: [String] = []
    for part in parts { all.append(sql(part)) }
    return "(" + all.joined(separator: word) + ")"
  }

  /// The states that something is the matter with have an index; those before the end are few, and have one too.
  private mutating func condition(on state: HandoffState) -> Condition {
    let name = add(.text(state.name))
    if state.isTroubled { return Condition(text: "troubled_state = \(name)", isIndexed: true) }
    if state.isEnd { return Condition(text: "state = \(name)") }
    return Condition(text: "state = \(name) AND ended_at IS NULL", isIndexed: true)
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

extension HandoffCondition.Field {
  /// Where its values stand.
  fileprivate var column: String {
    switch self {
    case .acknowledgementLatency: "(ack_latency_us / 1e6::float8)"
    case .duration: "(duration_us / 1e6::float8)"
    case .hop, .attempts, .tokensUsed, .tokensBudget: "\(rawValue)::float8"
    default: rawValue
    }
  }
}

extension HandoffCondition.Operand {
  fileprivate var parameter: Parameter {
    switch self {
    case .text(let text): .text(text)
    case .number(let number): .float8(number)
    }
  }
}
