import Hashing
import Model

extension Analytics {
  /// Folds an event about a handoff.
  mutating func foldHandoff(_ event: borrowing EventView) {
    guard let id = event.hash(.handoffID, seed: settings.hashSeed) else { return }
    let slot = handoffs.find(id) ?? handoffs.add(id, text: event.text(.handoffID) ?? [])
    if event.type == .rerouted { leaveTarget(slot, event) }
    learn(slot, event)
    handoffs[slot].life.merge(event.type, event.occurredAt, receivedAt: event.receivedAt)
    if !selections.isEmpty { answer(slot, event) }
    if event.type == .initiated, !handoffs[slot].marks.contains(.initiated) { begin(slot, event) }
    observeEnvelope(slot, event)
    observeCourse(slot, event)
    observeError(slot, event)
    happen(slot, event)
    countAttempts(slot, event)
    hearSpeaker(slot, event)
    followFailure(slot, event)
    settle(slot)
    measure(slot, event)
    flush(slot)
    trim()
  }

  /// The agent a fact names.
  @inline(__always)
  mutating func mention(_ fact: FactID, of event: borrowing EventView) -> AgentRef? {
    guard let hash = event.hash(fact, seed: settings.hashSeed), let piece = event.piece(fact) else {
      return nil
    }
    let (agent, isNew) = agents.mention(hash, event.bytes[piece.range], at: now)
    if isNew { timers.withdraw(agent.place) }
    return agent
  }

  /// Learns who and what the handoff is about.
  mutating func learn(_ slot: Int, _ event: borrowing EventView) {
    learnAgents(slot, event)
    learnRest(slot, event)
  }

  private mutating func learnAgents(_ slot: Int, _ event: borrowing EventView) {
    let key = EventKey(occurredAt: event.occurredAt, rank: event.type.rank)
    if let from = mention(.fromAgent, of: event), handoffs[slot].fromKey < key {
      handoffs[slot].from = from
      handoffs[slot].fromKey = key
    }
    if let to = mention(.toAgent, of: event), handoffs[slot].toKey < key { aim(slot, to, key) }
  }

  /// Makes an agent the target of a handoff.
  mutating func aim(_ slot: Int, _ to: AgentRef, _ key: EventKey) {
    let former = handoffs[slot].to
    handoffs[slot].to = to
    handoffs[slot].toKey = key
    guard former != to else { return }
    if !former.isNone {
      handoffs[slot].marks.remove(.exhausted)
      handoffs[slot].failureRow = 0
      handoffs[slot].exhaustedRow = 0
    }
    if let outcome = handoffs[slot].pending { conclude(slot, afterWaiting: outcome) }
    if handoffs[slot].marks.contains(.delivered) { arriveAtStop(slot) }
  }

  private mutating func learnRest(_ slot: Int, _ event: borrowing EventView) {
    if handoffs[slot].kind == Handoff.unsaid, let kind: HandoffKind = event.word(.kind) {
      handoffs[slot].kind = kind.rawValue
    }
    if handoffs[slot].pattern == Handoff.unsaid, let pattern: HandoffPattern = event.word(.pattern) {
      handoffs[slot].pattern = pattern.rawValue
    }
    if handoffs[slot].reason == Handoff.unsaid, let reason: HandoffReason = event.word(.reason) {
      handoffs[slot].reason = reason.rawValue
    }
    if handoffs[slot].hop == 0, let hop = event.count(.hop) { handoffs[slot].hop = UInt16(clamping: hop) }
    joinTask(slot, event)
    joinGroup(slot, event)
  }

  private mutating func joinGroup(_ slot: Int, _ event: borrowing EventView) {
    guard let piece = event.piece(.groupID) else { return }
    if !handoffs[slot].marks.contains(.inGroup), let id = event.hash(.groupID, seed: settings.hashSeed) {
      handoffs[slot].marks.insert(.inGroup)
      handoffs[slot].group = groups.join(id, event.bytes[piece.range], at: event.occurredAt)
      if handoffs[slot].marks.contains(.delivered) { countInGroup(slot) }
    }
    let announced = UInt32(clamping: event.count(.receiverCount) ?? 0)
    let from = handoffs[slot].from
    groups.change(handoffs[slot].group) { group in
      group.announced = max(group.announced, announced)
      if group.from.isNone { group.from = from }
    }
  }

  /// Counts a handoff as acknowledged in its group, once; tells how many of it had been before.
  @discardableResult
  mutating func countInGroup(_ slot: Int) -> UInt32 {
    guard handoffs[slot].marks.contains(.inGroup), !handoffs[slot].marks.contains(.acknowledgedInGroup)
    else { return 0 }
    handoffs[slot].marks.insert(.acknowledgedInGroup)
    var before: UInt32 = 0
    groups.change(handoffs[slot].group) { group in
      before = group.acknowledged
      group.acknowledged &+= 1
    }
    return before
  }
}
