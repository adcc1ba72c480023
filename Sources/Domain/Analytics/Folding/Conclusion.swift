import Model

// What a handoff comes to. Three things, each once:
//
//   finished    the series' outcome: when first delivered, or first ended undelivered
//   concluded   the ratio's: when first delivered or exhausted (rejected and cancelled are neither)
//   exhausted   towards a target: ends nothing, but counts in the target's row and circuit; once for
//               each target, and again after a replay
//
// An outcome whose target nobody has named yet waits a little: the other half of the handoff may be
// known to another sidecar. Without an answer it counts for nobody in particular.

extension Analytics {
  /// The series of an agent.
  @inline(__always)
  func series(of agent: AgentRef) -> UInt16 {
    agents.place(of: agent).map { agents[$0].series } ?? SeriesSet.shared
  }

  /// Notes an acknowledgement or completion.
  mutating func deliver(_ slot: Int) {
    if !isLate { endRow(slot) }
    let isFirst = !handoffs[slot].marks.contains(.delivered)
    if isFirst {
      handoffs[slot].marks.insert(.delivered)
      if countInGroup(slot) > 0, handoffs[slot].kind == HandoffKind.broadcast.rawValue {
        counters.count(.claimRaces)
      }
      conclude(slot, .delivered)
    }
    arriveAtStop(slot)
  }

  /// Notes that the handoff's present target is exhausted, unless it was delivered.
  mutating func exhaust(_ slot: Int, _ outcome: Outcome) {
    guard handoffs[slot].marks.isDisjoint(with: [.delivered, .exhausted]) else { return }
    handoffs[slot].marks.insert(.exhausted)
    conclude(slot, outcome)
  }

  /// Notes an end without delivery that says nothing of the target.
  mutating func finishUndelivered(_ slot: Int, _ outcome: Outcome) {
    guard handoffs[slot].marks.isDisjoint(with: [.delivered, .finished]) else { return }
    conclude(slot, outcome)
  }

  /// Notes that the handoff goes to somebody else: its former target is exhausted.
  mutating func leaveTarget(_ slot: Int, _ event: borrowing EventView) {
    let named = mention(.originalToAgent, of: event)
    if let named, handoffs[slot].to.isNone { handoffs[slot].to = named }
    let key = EventKey(occurredAt: event.occurredAt, rank: event.type.rank)
    let present = handoffs[slot].toKey < key ? handoffs[slot].to : AgentRef.none
    let former = named ?? present
    agents.series[series(of: former)].count(.rerouted)
    guard !handoffs[slot].marks.contains(.delivered) else { return }
    if former == handoffs[slot].to {
      guard !handoffs[slot].marks.contains(.exhausted) else { return }
      handoffs[slot].marks.insert(.exhausted)
    }
    apply(.rerouted, slot, former)
    flush(slot)
  }

  private mutating func conclude(_ slot: Int, _ outcome: Outcome) {
    guard handoffs[slot].to.isNone else { return apply(outcome, slot, handoffs[slot].to) }
    guard handoffs[slot].pending == nil else { return }
    handoffs[slot].pending = outcome
    handoffs[slot].pendingSince = now
    handoffs[slot].isPendingLate = isLate
  }

  /// Applies an outcome that waited for the name of its target.
  mutating func conclude(_ slot: Int, afterWaiting outcome: Outcome) {
    let wasLate = isLate
    isLate = handoffs[slot].isPendingLate
    handoffs[slot].pending = nil
    if outcome == .delivered, !isLate { endRow(slot) }
    apply(outcome, slot, handoffs[slot].to)
    if outcome == .delivered { arriveAtStop(slot) }
    flush(slot)
    isLate = wasLate
  }

  private mutating func apply(_ outcome: Outcome, _ slot: Int, _ target: AgentRef) {
    if !handoffs[slot].marks.contains(.chain) { observeChain(slot) }
    if !handoffs[slot].marks.contains(.finished) {
      handoffs[slot].marks.insert(.finished)
      agents.series[series(of: target)].countFinished(outcome)
      counters.kinds.count(outcome, of: handoffs[slot].saidKind)
    }
    if outcome == .delivered { applyDelivery(slot, target) }
    if outcome.isExhausted { applyExhaustion(outcome, slot, target) }
  }

  private mutating func applyDelivery(_ slot: Int, _ target: AgentRef) {
    if let place = agents.place(of: target) { agents[place].received &+= 1 }
    if !handoffs[slot].marks.contains(.validated) { counters.count(.unvalidated) }
    guard !handoffs[slot].marks.contains(.concluded) else { return }
    handoffs[slot].marks.insert(.concluded)
    delta.count(.delivered)
  }

  private mutating func applyExhaustion(_ outcome: Outcome, _ slot: Int, _ target: AgentRef) {
    let reason = reason(of: outcome, slot)
    if !handoffs[slot].marks.contains(.concluded) {
      handoffs[slot].marks.insert(.concluded)
      agents.series[series(of: target)].countFailure(reason)
      if let place = agents.place(of: target) { agents[place].exhausted &+= 1 }
      delta.count(.exhausted)
    }
    note(.exhausted(outcome, reason), slot, target: target)
    if !isLate { countExhaustedInARow(slot, target) }
  }

  @inline(__always)
  private func reason(of outcome: Outcome, _ slot: Int) -> FailureReason {
    let said = FailureReason(rawValue: handoffs[slot].lastError) ?? .other
    let isTime = outcome == .timeout || outcome == .expired
    return isTime && !handoffs[slot].hasError ? .timeout : said
  }
}
