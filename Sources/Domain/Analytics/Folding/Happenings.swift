import Bytes
import Model

extension Analytics {
  /// What an event of each type does.
  mutating func happen(_ slot: Int, _ event: borrowing EventView) {
    switch event.type {
    case .initiated:
      handOn(slot, at: event.occurredAt, event)
      send(slot, event)
    case .attemptFailed: failAttempt(slot)
    case .acknowledged, .received, .resumed: deliver(slot)
    case .rejected: reject(slot)
    case .completed: complete(slot)
    case .failed: fail(slot)
    case .rolledBack: rollBack(slot, event)
    case .parked: park(slot, event)
    case .replayed: replay(slot, event)
    case .resolved, .cancelled: finishUndelivered(slot, .cancelled)
    case .rerouted: send(slot, event)
    case .escalated: escalate(slot, event)
    case .expired: exhaust(slot, .expired)
    case .validated: validate(slot, event)
    default: break
    }
  }

  /// Notes that the handoff is on its way to its target.
  private mutating func send(_ slot: Int, _ event: borrowing EventView) {
    if event.isLate { handoffs[slot].marks.insert(.sentLate) } else { handoffs[slot].marks.remove(.sentLate) }
    noteTraffic(slot)
  }

  private mutating func failAttempt(_ slot: Int) {
    handoffs[slot].marks.insert(.attempted)
    handoffs[slot].failedAttempts &+= 1
    delta.count(.attemptFailures)
    noteTraffic(slot)
    countFailureInARow(slot)
  }

  private mutating func reject(_ slot: Int) {
    if !handoffs[slot].hasError { handoffs[slot].lastError = FailureReason.rejected.rawValue }
    delta.count(.rejected)
    finishUndelivered(slot, .rejected)
  }

  private mutating func complete(_ slot: Int) {
    deliver(slot)
    guard !handoffs[slot].marks.contains(.completed) else { return }
    handoffs[slot].marks.insert(.completed)
    agents.series[series(of: handoffs[slot].to)].count(.completed)
    counters.kinds.count(WorkResult.completed, of: handoffs[slot].saidKind)
    delta.count(.completed)
  }

  private mutating func fail(_ slot: Int) {
    guard handoffs[slot].marks.contains(.delivered) else { return exhaust(slot, .failed) }
    guard !handoffs[slot].marks.contains(.workFailed) else { return }
    handoffs[slot].marks.insert(.workFailed)
    agents.series[series(of: handoffs[slot].to)].count(.workFailed)
    counters.kinds.count(WorkResult.failed, of: handoffs[slot].saidKind)
    if let to = agents.place(of: handoffs[slot].to) { agents[to].workFailed &+= 1 }
    delta.count(.workFailed)
    note(.workFailed, slot)
  }

  private mutating func park(_ slot: Int, _ event: borrowing EventView) {
    counters.count(.deadLettersParked)
    if !handoffs[slot].hasError, let reason = event.piece(.parkReason) {
      handoffs[slot].lastError = FailureReason.reading(event.bytes, reason.range).rawValue
    }
    note(.parked, slot)
    exhaust(slot, .parked)
  }

  private mutating func replay(_ slot: Int, _ event: borrowing EventView) {
    counters.count(.deadLettersReplayed)
    handoffs[slot].marks.remove([.exhausted, .crowdedOut])
    send(slot, event)
  }

  private mutating func rollBack(_ slot: Int, _ event: borrowing EventView) {
    agents.series[series(of: handoffs[slot].to)].count(.rolledBack)
    delta.count(.rollbacks)
    if let piece = event.piece(.rollback), RollbackReport.hasFailure(event.bytes, piece.range) {
      delta.count(.rollbackFailures)
      note(.rollbackFailed, slot)
    }
    finishUndelivered(slot, .cancelled)
  }

  private mutating func escalate(_ slot: Int, _ event: borrowing EventView) {
    agents.series[series(of: handoffs[slot].to)].count(.escalated)
    var depth = 1
    if let task = journeys.slot(of: handoffs[slot].task) {
      journeys[task].escalations = UInt16(clamping: Int(journeys[task].escalations) + 1)
      depth = Int(journeys[task].escalations)
    }
    if let piece = event.piece(.escalation),
      let said = JSONPieces.number("depth", of: event.bytes, piece.range)
    {
      depth = max(depth, Int(min(max(0, said), 1e6)))
    }
    delta.count(.escalations)
    delta.raise(.escalation, to: depth)
    note(.escalated, slot, value: Double(depth))
  }

  private mutating func validate(_ slot: Int, _ event: borrowing EventView) {
    handoffs[slot].marks.insert(.validated)
    guard let piece = event.piece(.validation) else { return }
    for (rule, severity) in ValidationReport.failures(event.bytes, piece.range) {
      if !counters.rules.count(rule[...], Int(severity.rawValue)) { counters.overflow.count(.rule) }
      delta.count(.validationFailures)
    }
  }
}
