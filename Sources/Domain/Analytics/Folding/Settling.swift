import Model

// After every event and timer a handoff is settled: what its life says now is compared with what the
// gauges, the lists and the wheel know of it, and these are changed where they differ. So nothing has to
// be undone by hand when events come out of order.

extension Analytics {
  /// Brings gauges, lists and timers in line with a handoff's life.
  mutating func settle(_ slot: Int) {
    if handoffs[slot].life.state == .acknowledged { handoffs[slot].life.handedOnAt = handedOnAt(slot) }
    let life = handoffs[slot].life
    let hasEnded = life.hasEnded(at: now, idleAfter: times.idleAfter)
    let hasBegun = life.state != nil || handoffs[slot].marks.contains(.attempted)
    if hasEnded { handoffs[slot].marks.remove(.crowdedOut) }
    let isActive = hasBegun && !hasEnded && !handoffs[slot].marks.contains(.crowdedOut)
    let isWaiting = isActive && life.isWaiting
    judgeOverdue(slot, isWaiting)
    judgeDeadline(slot, isActive: isActive)
    count(slot, isActive: isActive, isOverdue: handoffs[slot].marks.contains(.overdue))
    settleParking(slot)
    enlist(slot, .held, isActive && life.state == .acknowledged)
    file(slot, isActive)
    setTimer(slot, isActive: isActive, isWaiting: isWaiting)
  }

  /// Keeps the gauges by target: whatever was counted for a handoff is counted for its present target.
  private mutating func count(_ slot: Int, isActive: Bool, isOverdue: Bool) {
    let wasActive = handoffs[slot].marks.contains(.active)
    let wasOverdue = handoffs[slot].marks.contains(.countedOverdue)
    let (counted, target) = (handoffs[slot].countedTo, handoffs[slot].to)
    guard wasActive != isActive || wasOverdue != isOverdue || counted != target else { return }
    gauges.active += (isActive ? 1 : 0) - (wasActive ? 1 : 0)
    gauges.overdue += (isOverdue ? 1 : 0) - (wasOverdue ? 1 : 0)
    if let former = agents.place(of: counted) {
      if wasActive { agents[former].active &-= 1 }
      if wasOverdue { agents[former].overdue &-= 1 }
    }
    if let present = agents.place(of: target) {
      if isActive { agents[present].active &+= 1 }
      if isOverdue { agents[present].overdue &+= 1 }
    }
    handoffs[slot].countedTo = target
    handoffs[slot].marks.set(.active, isActive)
    handoffs[slot].marks.set(.countedOverdue, isOverdue)
  }

  private mutating func settleParking(_ slot: Int) {
    let parking = handoffs[slot].life.parking
    guard parking != nil || handoffs[slot].parking != nil else { return }
    park(slot, parking)
  }

  /// Puts a handoff into the list where it belongs.
  private mutating func file(_ slot: Int, _ isActive: Bool) {
    let isParked = handoffs[slot].parking == .pending || handoffs[slot].parking == .unhandled
    let list: HandoffTable.List = isActive ? .open : isParked ? .parked : .ended
    if handoffs.list(of: slot) != list { handoffs.move(slot, to: list) }
  }

  /// Lets go who finds no room; only when nothing is being folded any more, which might be just that.
  mutating func trim() {
    let capacity = settings.capacity
    while handoffs.count(of: .open) > max(1, capacity.openHandoffs) { crowdOut() }
    while handoffs.count(of: .parked) > max(1, capacity.deadLetters) { forgetOldest(.parked) }
    while handoffs.count(of: .ended) > max(1, capacity.endedHandoffs) { forgetOldest(.ended) }
  }

  private mutating func crowdOut() {
    guard let slot = handoffs.dispensable() else { return }
    counters.overflow.count(.handoff)
    handoffs[slot].marks.insert(.crowdedOut)
    settle(slot)
  }

  private mutating func forgetOldest(_ list: HandoffTable.List) {
    guard let slot = handoffs.first(of: list) else { return }
    if list == .parked {
      counters.overflow.count(.deadLetter)
      park(slot, nil)
    }
    enlist(slot, .held, false)
    enlist(slot, .undecided, false)
    timers.withdraw(handoffOwner(slot))
    handoffs.forget(slot)
  }

  private mutating func setTimer(_ slot: Int, isActive: Bool, isWaiting: Bool) {
    var due = Int64.max
    if handoffs[slot].pending != nil { due = handoffs[slot].pendingSince &+ times.targetPatience }
    if isWaiting {
      due = min(due, handoffs[slot].marks.contains(.overdue) ? exhaustionDue(slot) : overdueDue(slot))
    } else if isActive, handoffs[slot].life.state == .acknowledged {
      due = min(due, handoffs[slot].life.lastAt &+ times.idleAfter)
    }
    if handoffs[slot].marks.contains(.undecided) { due = min(due, handoffs[slot].decisionDue) }
    if isActive { due = min(due, deadlineDue(slot)) }
    if due == .max {
      timers.withdraw(handoffOwner(slot))
    } else {
      timers.set(handoffOwner(slot), due)
    }
  }
}

extension Handoff.Marks {
  mutating func set(_ mark: Self, _ isSet: Bool) {
    if isSet { insert(mark) } else { remove(mark) }
  }
}
