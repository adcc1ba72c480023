public import Analytics

/// By what a rule tells its alerts apart.
public enum Grouping: Hashable, CaseIterable, Sendable {
  /// One alert across all handoffs.
  case fleet
  case toAgent
  case fromAgent
  case pair
  case reason
  case kind
  case pattern
  case strategy

  /// The labels its alerts carry, which are also the words in a rule's `by`.
  public var labels: [String] {
    switch self {
    case .fleet: []
    case .toAgent: ["to_agent"]
    case .fromAgent: ["from_agent"]
    case .pair: ["from_agent", "to_agent"]
    case .reason: ["reason"]
    case .kind: ["kind"]
    case .pattern: ["pattern"]
    case .strategy: ["strategy"]
    }
  }

  /// The words that may stand in `by`.
  static let words = ["to_agent", "from_agent", "reason", "kind", "pattern", "strategy"]

  /// The grouping of some labels, in whatever order.
  init?(labels: [String]) {
    guard let grouping = Self.allCases.first(where: { $0.labels == labels.sorted() }) else { return nil }
    self = grouping
  }

  /// The dimension of windows it asks for; nil for the window over all.
  public var dimension: Dimension? {
    switch self {
    case .fleet: nil
    case .toAgent: .toAgent
    case .fromAgent: .fromAgent
    case .pair: .pair
    case .reason: .reason
    case .kind: .kind
    case .pattern: .pattern
    case .strategy: .strategy
    }
  }
}

extension Group {
  /// The labels of its alerts.
  var labels: [(name: String, value: String)] {
    switch self {
    case .toAgent(let name): [("to_agent", name)]
    case .fromAgent(let name): [("from_agent", name)]
    case .pair(let from, let to): [("from_agent", from), ("to_agent", to)]
    case .reason(let reason): [("reason", reason.name)]
    case .kind(let kind): [("kind", kind.name)]
    case .pattern(let pattern): [("pattern", pattern.name)]
    case .strategy(let strategy): [("strategy", strategy.name)]
    }
  }

  /// The group that labels name, as a rule with that grouping tells them.
  init?(_ grouping: Grouping, labels: [String: String]) {
    let values = grouping.labels.compactMap { labels[$0] }
    guard values.count == grouping.labels.count, let first = values.first else { return nil }
    switch grouping {
    case .fleet: return nil
    case .toAgent: self = .toAgent(first)
    case .fromAgent: self = .fromAgent(first)
    case .pair: self = .pair(from: first, to: values[1])
    case .reason: self.init(word: first) { .reason($0) }
    case .kind: self.init(word: first) { .kind($0) }
    case .pattern: self.init(word: first) { .pattern($0) }
    case .strategy: self.init(word: first) { .strategy($0) }
    }
  }

  private init?<Word: CaseIterable & ClosedName>(word: String, _ make: (Word) -> Group) {
    guard let value = Word.allCases.first(where: { $0.name == word }) else { return nil }
    self = make(value)
  }
}

/// A word of a closed list, as labels write it.
private protocol ClosedName {
  var name: String { get }
}

extension HandoffReason: ClosedName {}
extension HandoffKind: ClosedName {}
extension HandoffPattern: ClosedName {}
extension EnvelopeStrategy: ClosedName {}
