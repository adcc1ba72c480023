import Model

// Who owns which timer: agents first, then tasks, then handoffs, each by its place.

extension Analytics {
  @inline(__always)
  func taskOwner(_ task: Int) -> Int { AgentRef.mostAgents + task }

  @inline(__always)
  func handoffOwner(_ slot: Int) -> Int { AgentRef.mostAgents + settings.capacity.tasks + slot }

  /// Does what was due now.
  mutating func fire(_ owner: Int) {
    let firstHandoff = handoffOwner(0)
    if owner < AgentRef.mostAgents {
      settleCircuit(owner)
    } else if owner < firstHandoff {
      rest(owner - AgentRef.mostAgents)
    } else {
      fireHandoff(owner - firstHandoff)
    }
  }

  /// A task of which nothing was heard for long has come to rest.
  private mutating func rest(_ task: Int) {
    let due = journeys[task].touchedAt &+ times.taskQuietAfter
    if due > now { timers.set(taskOwner(task), due) } else { observeTask(task) }
  }

  private mutating func fireHandoff(_ slot: Int) {
    isLate = handoffs[slot].marks.contains(.sentLate)
    if let outcome = handoffs[slot].pending, now >= handoffs[slot].pendingSince &+ times.targetPatience {
      conclude(slot, afterWaiting: outcome)
    }
    if handoffs[slot].marks.contains(.undecided), now >= handoffs[slot].decisionDue { decide(slot, .none) }
    settle(slot)
    if handoffs[slot].marks.contains(.overdue), exhaustionDue(slot) <= now {
      exhaust(slot, .timeout)
      settle(slot)
    }
    flush(slot)
    isLate = false
    trim()
  }
}
