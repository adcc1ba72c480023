import Hashing
import Model
import Store
import TestSupport
import Testing

@testable import Analytics

/// A condition selects the same handoffs in the database, for whoever asks of the past, and in the fold, for rules.
@Suite struct ConditionTests {
  private static let words = ["a", "b", "ab", "aab", "a.b", "A", "b1", "12", "é", "e\u{301}", "a b", "%_"]
  private static let types: [EventType] = [
    .prepared, .initiated, .initiated, .attemptFailed, .acknowledged, .received, .rejected, .completed,
    .failed,
    .rolledBack, .parked, .replayed, .resolved, .rerouted, .escalated, .expired, .cancelled, .step,
  ]
  private static let texts: [FactID] = [
    .taskID, .conversationID, .parentHandoffID, .fromAgent, .toAgent, .originalToAgent, .userID, .groupID,
    .kind,
    .pattern, .reason, .envelopeStrategy,
  ]

  /// An event at each second, of some handoff.
  private func events(_ count: Int, _ random: inout SeededRandom) -> [Occurrence] {
    (0..<count).map { number in
      Occurrence(
        type: Self.types.randomElement(using: &random) ?? .step, id: "e\(number)",
        handoff: "h\(Int.random(in: 0..<count / 4, using: &random))",
        at: Occurrence.base + Int64(number) * 1_000_000, facts: facts(&random))
    }
  }

  private func facts(_ random: inout SeededRandom) -> [(FactID, FactForm, String)] {
    var facts: [(FactID, FactForm, String)] = []
    for id in Self.texts where random.once(in: 3) {
      facts.append((id, .text, Self.words.randomElement(using: &random) ?? ""))
    }
    if random.once(in: 3) { facts.append((.hop, .number, "\(Int.random(in: 0...3, using: &random))")) }
    if random.once(in: 4) { facts.append((.attempt, .number, "\(Int.random(in: 1...4, using: &random))")) }
    if random.once(in: 3) {
      facts.append((.error, .json, "{}"))
      for id in [FactID.errorClass, .errorType] where random.once(in: 2) {
        facts.append((id, .text, Self.words.randomElement(using: &random) ?? ""))
      }
    }
    for (head, first, second) in [
      (FactID.memoryRefs, FactID.memoryRequested, FactID.memoryResolved),
      (.tokens, .tokensBudget, .tokensUsed),
    ] where random.once(in: 3) {
      facts.append((head, .json, "{}"))
      for id in [first, second] where !random.once(in: 4) {
        facts.append((id, .number, "\(Int.random(in: 0...3, using: &random))"))
      }
    }
    return facts.sorted { $0.0.rawValue < $1.0.rawValue }
  }

  private func condition(_ random: inout SeededRandom, room: Int = 2) -> HandoffCondition {
    if room > 0, random.once(in: 3) {
      let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in condition(&random, room: room - 1) }
      return random.once(in: 2) ? .all(parts) : .any(parts)
    }
    let field = HandoffCondition.Field.allCases.randomElement(using: &random) ?? .state
    let fitting = HandoffCondition.Operator.allCases.filter { $0.fits(field) }
    let relation = fitting.randomElement(using: &random) ?? .equals
    let count = relation == .in ? Int.random(in: 1...3, using: &random) : 1
    return .test(field, relation, (0..<count).map { _ in operand(field, relation, &random) })
  }

  private func operand(
    _ field: HandoffCondition.Field, _ relation: HandoffCondition.Operator, _ random: inout SeededRandom
  ) -> HandoffCondition.Operand {
    if field.isNumber { return .number(Double(Int.random(in: -1...8, using: &random)) / 2) }
    if relation == .regex { return .text(pattern(&random)) }
    let states = HandoffState.allCases.map(\.name)
    let words = field == .state ? states : field == .handoffID ? ["h1", "h2", "h"] : Self.words + [""]
    return .text(words.randomElement(using: &random) ?? "")
  }

  /// A regular expression of everything that rules know.
  private func pattern(_ random: inout SeededRandom, room: Int = 3) -> String {
    let atoms = [
      "a", "b", "1", ".", "\\.", "[ab]", "[^a]", "[a-c1]", "\\d", "é", "^", "$", "[\\d.-]", "h", "(?:a|b)",
      "a{2}",
      "b{0,1}", "a{1,}", "()", "_", "%", "[]]",
    ]
    // A bracket that closes at once is one of those that both sides would have to agree on; rules do not know it.
    let atom = atoms.dropLast().randomElement(using: &random) ?? "a"
    guard room > 0 else { return atom }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      return "(\(pattern(&random, room: room - 1)))"
        + (["*", "+", "?", "{0,2}", "*?"].randomElement(using: &random) ?? "")
    case 1: return pattern(&random, room: room - 1) + "|" + pattern(&random, room: room - 1)
    case 2, 3: return pattern(&random, room: room - 1) + pattern(&random, room: room - 1)
    default: return atom
    }
  }

  @Test func `the fold selects what the database finds`() throws {
    var random = SeededRandom(for: "conditions")
    let rig = try Rig()
    let source = ArraySource()
    let events = events(800, &random)
    source.append(events)
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    var found = 0
    for _ in 0..<20 {
      let conditions = (0..<Selection.most).map { _ in condition(&random) }
      let selected = Self.selected(conditions, events)
      for (place, condition) in conditions.enumerated() {
        var filter = HandoffFilter()
        filter.condition = condition
        let wanted = try store.queries.handoffs(filter, order: .ascending, limit: 1_000).handoffs.map(\.id)
        let place = try #require(selected.conditions.firstIndex(of: condition), "\(place) \(condition)")
        #expect(selected.ids[place] == Set(wanted), "\(condition) seed \(random.seed)")
        found += wanted.isEmpty ? 0 : 1
      }
    }
    #expect(found > 100)
  }

  /// What a fold over the events selects by each condition.
  private static func selected(
    _ conditions: [HandoffCondition], _ events: [Occurrence]
  ) -> (conditions: [HandoffCondition], ids: [Set<String>]) {
    var settings = AnalyticsSettings()
    settings.selections = conditions.map { Selection($0, by: [nil], isTimed: false) }
    var analytics = Analytics(settings)
    for event in events {
      guard let frame = event.frame else { continue }
      analytics.step(frame, receivedAt: Timestamp(microseconds: event.at))
    }
    let known = analytics.selections.selections.map(\.condition)
    var ids = known.map { _ in Set<String>() }
    for id in Set(events.map(\.handoff)) {
      guard let slot = analytics.handoffs.find(Hash.hash128(Array(id.utf8), seed: settings.hashSeed)) else {
        continue
      }
      for place in analytics.selected(slot) { ids[place].insert(id) }
    }
    return (known, ids)
  }
}
