import Model

// Whether anybody did something about a failure. Whoever sent a handoff is to decide what becomes of it, so the sidecar
// that was told of the sending counts the decision; it learns of a failure that came to another one when it looks up its
// open handoffs. What decides is an event of the handoff itself, another handoff of the task from anybody but the one who
// failed (one such answers one failure: that towards the same receiver, else the latest), or the end of the task.

extension Analytics {
  /// Follows a failure, and what is done about it.
  mutating func followFailure(_ slot: Int, _ event: borrowing EventView) {
    if event.type == .failed { return awaitDecision(slot, since: event.occurredAt) }
    guard handoffs[slot].marks.contains(.undecided), event.occurredAt > handoffs[slot].failedAt,
      let decision = event.type.state.flatMap({ FailureDecision($0) })
    else { return }
    decide(slot, decision)
  }

  private mutating func awaitDecision(_ slot: Int, since moment: Int64) {
    guard handoffs[slot].marks.contains(.initiated), moment > handoffs[slot].failedAt else { return }
    handoffs[slot].failedAt = moment
    // What was done about it may have been heard of first.
    if let decision = handoffs[slot].life.state.flatMap({ FailureDecision($0) }) {
      return counters.count(decision)
    }
    handoffs[slot].decisionDue = now &+ FailureDecision.patience
    handoffs[slot].marks.insert(.undecided)
    enlist(slot, .undecided, true)
  }

  /// Takes a handoff that begins for the answer to a failure of its task, if there is one to be answered.
  mutating func answerFailure(_ slot: Int, in task: Int, at moment: Int64) {
    let (from, to) = (handoffs[slot].from, handoffs[slot].to)
    let open = slots(of: task, in: .undecided).filter { failed in
      failed != slot && handoffs[failed].to != from && moment >= handoffs[failed].failedAt
    }
    if let again = open.first(where: { handoffs[$0].to == to }) { return decide(again, .retry) }
    let isEscalation = handoffs[slot].reason == HandoffReason.escalation.rawValue
    if let latest = open.first { decide(latest, isEscalation ? .escalate : .reroute) }
  }

  /// With the task, what failed in it is done with.
  mutating func abandonFailures(in task: Int, at moment: Int64) {
    for failed in slots(of: task, in: .undecided) where moment >= handoffs[failed].failedAt {
      decide(failed, .abort)
    }
  }

  mutating func decide(_ slot: Int, _ decision: FailureDecision) {
    handoffs[slot].marks.remove(.undecided)
    enlist(slot, .undecided, false)
    counters.count(decision)
  }
}
