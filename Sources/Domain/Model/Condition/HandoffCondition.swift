// Conditions in the words in which routers of agents say where a handoff goes, so that what a route takes can be asked of
// the past as it stands, and a rule can be about it alone:
//
//   {"field": "to_agent", "operator": "in", "value": ["coder", "tester"]}
//   {"and": [CONDITION, …]}   {"or": [CONDITION, …]}
//
// A value of 0, false or "" is a value like any other. What a handoff does not tell passes no test.
import Bytes

/// What a handoff is asked for beyond single filters.
public indirect enum HandoffCondition: Hashable, Sendable {
  /// All of them hold.
  case all([HandoffCondition])
  /// One of them holds.
  case any([HandoffCondition])
  /// A field stands in a relation to a value; to one of several for `in`.
  case test(Field, Operator, [Operand])
  /// What one of its events has among its attributes, as text, stands in a relation to one of several values. Records do not
  /// keep attributes, so that rules cannot ask this.
  case attribute(String, Operator, [String])

  /// How a field is compared.
  public enum Operator: String, CaseIterable, Sendable {
    case equals, contains, greaterThan, lessThan, `in`, regex
  }

  /// What a field is compared with.
  public enum Operand: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A number.
    case number(Double)
  }

  /// What can be compared: texts first, then numbers.
  public enum Field: String, CaseIterable, Sendable {
    case handoffID = "handoff_id"
    case taskID = "task_id"
    case conversationID = "conversation_id"
    case parentHandoffID = "parent_handoff_id"
    case fromAgent = "from_agent"
    case toAgent = "to_agent"
    case originalToAgent = "original_to_agent"
    case userID = "user_id"
    case groupID = "group_id"
    case kind, pattern, reason, strategy, state
    case errorClass = "error_class"
    case errorType = "error_type"
    case hop, attempts, completeness
    case acknowledgementLatency = "ack_latency_seconds"
    case duration = "duration_seconds"
    case tokensUsed = "tokens_used"
    case tokensBudget = "tokens_budget"

    /// Whether its values are numbers.
    public var isNumber: Bool {
      switch self {
      case .hop, .attempts, .completeness, .acknowledgementLatency, .duration, .tokensUsed, .tokensBudget:
        true
      default: false
      }
    }
  }

  /// More values to compare with, or tests nested deeper, are no condition.
  public static let mostOperands = 64
  /// The most that tests are nested.
  public static let deepest = 8

  /// The condition that a JSON text is; nil where it is none.
  public init?(json text: String) {
    guard text.utf8.count <= 16 << 10, let value = JSONValue(Array(text.utf8)),
      let condition = Self(value, room: Self.deepest), condition.operands <= Self.mostOperands
    else { return nil }
    self = condition
  }

  private init?(_ value: JSONValue, room: Int) {
    guard room > 0, let object = value.object else { return nil }
    for (name, joined) in [("and", Self.all), ("or", Self.any)] {
      guard let list = object[name] else { continue }
      let parts = list.elements.compactMap { Self($0, room: room - 1) }
      guard object.members.count == 1, !parts.isEmpty, parts.count == list.elements.count else { return nil }
      self = joined(parts)
      return
    }
    if let attribute = Self(attribute: object) {
      self = attribute
      return
    }
    guard object.members.count == 3, let field = object["field"]?.text.flatMap(Field.init(rawValue:)),
      let relation = object["operator"]?.text.flatMap(Operator.init(rawValue:)), let value = object["value"]
    else { return nil }
    let values = relation == .in ? value.elements : [value]
    let operands = values.compactMap { Operand($0, for: field) }
    guard !operands.isEmpty, operands.count == values.count, relation.fits(field) else { return nil }
    self = .test(field, relation, operands)
  }

  /// What the fields begin with that are attributes.
  public static let attributes = "attributes."

  private init?(attribute object: JSONObject) {
    guard object.members.count == 3, let field = object["field"]?.text, field.hasPrefix(Self.attributes),
      let relation = object["operator"]?.text.flatMap(Operator.init(rawValue:)), relation.fitsText,
      let value = object["value"]
    else { return nil }
    let name = field.dropFirst(Self.attributes.count)
    let values = relation == .in ? value.elements : [value]
    let texts = values.compactMap(\.text)
    guard (1...256).contains(name.utf8.count), !texts.isEmpty, texts.count == values.count,
      !([String(name)] + texts).contains(where: { $0.utf8.contains(0) })
    else { return nil }
    self = .attribute(String(name), relation, texts)
  }

  /// How many values are compared with.
  public var operands: Int {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.operands }
    case .test(_, _, let operands): operands.count
    case .attribute(_, _, let operands): operands.count
    }
  }

  /// How many tests there are.
  public var tests: Int {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.tests }
    case .test, .attribute: 1
    }
  }
}

extension HandoffCondition.Operator {
  /// Whether it compares what a field holds.
  public func fits(_ field: HandoffCondition.Field) -> Bool {
    switch self {
    case .equals, .in: true
    case .greaterThan, .lessThan: field.isNumber
    case .contains, .regex: !field.isNumber
    }
  }

  /// Whether it compares texts.
  var fitsText: Bool { self != .greaterThan && self != .lessThan }
}

extension HandoffCondition.Operand {
  fileprivate init?(_ value: JSONValue, for field: HandoffCondition.Field) {
    if field.isNumber {
      guard let number = value.number else { return nil }
      self = .number(number)
    } else {
      guard let text = value.text, !text.utf8.contains(0) else { return nil }
      self = .text(text)
    }
  }
}
