import Bytes
import Model

extension Analytics {
  /// Selects these handoffs from now on.
  ///
  /// Of handoffs that are under way, what tests have answered before is kept; to new ones they have told nothing so far.
  mutating func select(_ wanted: [Selection]) {
    guard wanted != settings.selections else { return }
    let old = selections
    settings.selections = wanted
    selections = SelectionTable(wanted, settings, after: old)
    let moved = selections.tests.enumerated().compactMap { place, test in
      old.tests.firstIndex { $0.asksSame(as: test) }.map {
        (from: TestAnswers(test: $0), to: TestAnswers(test: place))
      }
    }
    handoffs.forEach { handoff in
      let answers = handoff.answers
      handoff.answers = moved.reduce(into: []) { if answers.contains($1.from) { $0.insert($1.to) } }
    }
  }

  /// Lets tests answer to what an event tells.
  mutating func answer(_ slot: Int, _ event: borrowing EventView) {
    for (place, test) in selections.tests.enumerated() {
      var passes = false
      if test.field == .acknowledgementLatency {
        guard isLatencyNews(slot, event) else { continue }
        let latency = handoffs[slot].life.acknowledgementLatency?.microseconds
        passes = latency.map { test.passes(Double($0) / 1e6) } ?? false
      } else {
        guard let fact = test.field.fact, event.has(fact.head) else { continue }
        passes = Self.passes(test, fact, event)
      }
      handoffs[slot].answers.set(TestAnswers(test: place), passes)
    }
  }

  /// Whether an event can have changed the latency of acknowledgement.
  ///
  /// It makes it known, or is the first acknowledgement or a sending before that. Of sendings the last two are remembered, which may both be later by now.
  private func isLatencyNews(_ slot: Int, _ event: borrowing EventView) -> Bool {
    guard event.type.state == .acknowledged || event.type.startsClock else { return false }
    return event.occurredAt <= handoffs[slot].life.firstAcknowledgedAt
      || handoffs[slot].marks.isDisjoint(with: [.measuredAcknowledgement, .leftAcknowledgement])
  }

  private static func passes(_ test: ConditionTest, _ fact: FactID, _ event: borrowing EventView) -> Bool {
    if test.field == .completeness {
      guard let requested = event.number(.memoryRequested), requested > 0,
        let resolved = event.number(.memoryResolved)
      else { return false }
      return test.passes(resolved / requested)
    }
    if test.field.isNumber { return event.number(fact).map { test.passes($0) } ?? false }
    return event.text(fact).map { test.passes($0) } ?? false
  }

  /// What all tests answer of a handoff now.
  private func answers(of slot: Int) -> TestAnswers {
    var answers = handoffs[slot].answers
    for (place, test) in selections.tests.enumerated() where passes(test, slot) {
      answers.insert(TestAnswers(test: place))
    }
    return answers
  }

  /// Whether a test of what the fold knows of every handoff passes.
  private func passes(_ test: ConditionTest, _ slot: Int) -> Bool {
    let life = handoffs[slot].life
    switch test.field {
    case .fromAgent: return passes(test, handoffs[slot].from, handoffs[slot].fromKey)
    case .toAgent: return passes(test, handoffs[slot].to, handoffs[slot].toKey)
    case .state: return life.state.map { test.passes($0.name.utf8) } ?? false
    case .attempts: return test.passes(Double(handoffs[slot].attempts))
    case .duration: return life.ownDuration.map { test.passes(Double($0) / 1e6) } ?? false
    default: return false
    }
  }

  /// Whether a test of an agent passes, if it was told: a former target may stand for one that was not.
  private func passes(_ test: ConditionTest, _ agent: AgentRef, _ key: EventKey) -> Bool {
    guard key != .none else { return false }
    return agents.name(of: agent).map { test.passes($0.utf8) } ?? false
  }

  /// The selections that a handoff belongs to, by place.
  func selected(_ slot: Int) -> [Int] { selections.places(answers(of: slot)) }

  /// Puts down what was gathered for the selections that a handoff belongs to, and says so of what happened to it.
  mutating func putDownSelected(_ slot: Int) {
    let hasHappened = log.isOpen(slot)
    guard hasHappened || !delta.isEmpty && !isLate else { return }
    let places = selected(slot)
    if hasHappened { log.close(slot, places.map { selections.selections[$0].condition }) }
    guard !delta.isEmpty, !isLate else { return }
    for place in places {
      selections.windows[place].turn(to: now)
      for dimension in selections.selections[place].dimensions {
        if let key = key(dimension, of: slot) { putDown(key, at: place) }
      }
    }
  }

  private mutating func putDown(_ key: GroupKey, at place: Int) {
    guard let row = selections.windows[place].row(of: key) else { return }
    selections.windows[place].add(delta.measures, to: row)
    guard selections.selections[place].isTimed else { return }
    if delta.acknowledgement >= 0 {
      selections.windows[place].observe(.acknowledgement, delta.acknowledgement, of: row)
    }
    if delta.duration >= 0 { selections.windows[place].observe(.duration, delta.duration, of: row) }
  }
}

extension Life {
  /// From the first `initiated` to the event that ended it, in microseconds, as its record tells it.
  fileprivate var ownDuration: Int64? {
    guard let state, state.isEnd, initiatedAt != .max else { return nil }
    return max(0, stateKey.occurredAt &- initiatedAt)
  }
}

extension HandoffCondition.Field {
  /// Where events tell it; nil for what the fold knows of every handoff.
  fileprivate var fact: FactID? {
    switch self {
    case .handoffID: .handoffID
    case .taskID: .taskID
    case .conversationID: .conversationID
    case .parentHandoffID: .parentHandoffID
    case .originalToAgent: .originalToAgent
    case .userID: .userID
    case .groupID: .groupID
    case .kind: .kind
    case .pattern: .pattern
    case .reason: .reason
    case .strategy: .envelopeStrategy
    case .errorClass: .errorClass
    case .errorType: .errorType
    case .hop: .hop
    case .completeness: .memoryRefs
    case .tokensUsed: .tokensUsed
    case .tokensBudget: .tokensBudget
    case .fromAgent, .toAgent, .state, .attempts, .acknowledgementLatency, .duration: nil
    }
  }
}
