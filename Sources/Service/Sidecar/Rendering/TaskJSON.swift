import Audit
import Bytes
import Model
import Store

extension JSONWriter {
  /// A task: where it went, who has it, and what was lost on the way.
  mutating func task(_ id: String, _ task: StoredGroup, _ clock: HandoffClock) {
    let chain = TaskChain(task.handoffs.map { ($0.id, $0.record) })
    object {
      $0.member("task_id", id)
      $0.member("state", Self.state(of: task, chain))
      $0.member("status", chain.status(endedAs: task.types.last ?? nil).rawValue)
      $0.member("owner", chain.owner)
      $0.member("depth", chain.depth)
      $0.key("agents")
      $0.array(chain.agents) { $0.text($1) }
      $0.member("context_retained", chain.contextRetained)
      $0.key("first_loss")
      if let loss = chain.firstLoss { $0.loss(loss) } else { $0.null() }
      $0.key("loops")
      $0.array(chain.loops) { $0.loop($1) }
      $0.key("escalations")
      $0.array(chain.escalations) { $0.escalation($1) }
      $0.key("constraints_lost")
      $0.array(chain.links.filter { $0.constraintsLost != nil }) { $0.lostConstraints($1) }
      $0.key("failures")
      $0.array(chain.failures(endedAt: Self.end(of: task))) { $0.failure($1) }
      $0.key("state_conflicts")
      $0.array(chain.stateConflicts) { $0.conflict($1) }
      $0.key("ownership_violations")
      $0.array(chain.ownershipViolations) { $0.violation($1) }
      $0.sharedContext(chain.contextWrites)
      $0.key("claim_races")
      $0.array(chain.claimRaces) { $0.race($1) }
      $0.key("handoffs")
      $0.array(chain.links) { $0.link($1, clock) }
      $0.key("events")
      $0.array(task.events) { $0.event($1) }
      $0.member("cut", flag: task.isCut)
      $0.member("as_of", task.asOf)
    }
  }

  /// What the task's own events say last; else what its last handoff does.
  private static func state(of task: StoredGroup, _ chain: TaskChain) -> String? {
    switch task.types.last ?? nil {
    case .taskCompleted: "completed"
    case .taskFailed: "failed"
    default: chain.state?.name ?? (task.types.isEmpty ? nil : "created")
    }
  }

  /// When the task's own events say that it ended.
  private static func end(of task: StoredGroup) -> Timestamp? {
    task.types.lastIndex { $0 == .taskCompleted || $0 == .taskFailed }.map { task.events[$0].occurredAt }
  }

  private mutating func loss(_ link: ChainLink) {
    object {
      $0.edge(link)
      $0.member("completeness", link.record.completeness)
      $0.member("missing", raw: link.record.value(of: .memoryMissing))
    }
  }

  private mutating func loop(_ loop: ChainLoop) {
    object {
      $0.member("from_agent", loop.from)
      $0.member("to_agent", loop.to)
      $0.member("times", loop.handoffs.count)
      $0.key("handoffs")
      $0.array(loop.handoffs) { $0.text($1) }
    }
  }

  private mutating func escalation(_ link: ChainLink) {
    object {
      $0.edge(link)
      $0.member("escalation", raw: link.record.value(of: .escalation))
    }
  }

  private mutating func lostConstraints(_ link: ChainLink) {
    object {
      $0.edge(link)
      $0.member("previous", link.previous)
      $0.member("lost", link.constraintsLost?.rawValue)
      $0.key("missing")
      $0.array(link.missingConstraints) { $0.text($1) }
    }
  }

  private mutating func failure(_ failure: ChainFailure) {
    object {
      $0.edge(failure.link)
      $0.member("failed_at", failure.failedAt.text)
      $0.member("decision", failure.decision?.name)
      $0.member("decided_by", failure.decidedBy)
      $0.member("decided_at", failure.decidedAt?.text)
    }
  }

  private mutating func conflict(_ conflict: StateConflict) {
    object {
      $0.edge(conflict.link)
      $0.member("newer_handoff_id", conflict.newer)
    }
  }

  private mutating func violation(_ violation: OwnershipViolation) {
    object {
      $0.edge(violation.link)
      $0.member("owner", violation.owner)
    }
  }

  /// What the agents of the task share, who wrote it, and what was wrong with that; null where nobody told of it.
  private mutating func sharedContext(_ writes: [ContextWrite]) {
    key("shared_context")
    guard !writes.isEmpty else { return null() }
    object {
      $0.member("current", raw: writes.current?.context.json)
      $0.key("writers")
      $0.array(writes.writers) { $0.text($1) }
      $0.key("writes")
      $0.array(writes) { writer, write in
        writer.object {
          $0.edge(write.link)
          $0.member("told_at", write.toldAt.text)
          $0.member("context", raw: write.context.json)
          $0.key("faults")
          $0.array(write.faults) { $0.text($1.rawValue) }
        }
      }
    }
  }

  private mutating func race(_ race: ClaimRace) {
    object {
      $0.member("group_id", race.group)
      $0.member("won_by", race.claims.first?.record.text(of: .toAgent))
      $0.key("claims")
      $0.array(race.claims) { writer, link in
        writer.object {
          $0.edge(link)
          $0.member("claimed_at", link.record.life.deliveredAt?.text)
          $0.member("state", link.record.life.state?.name)
        }
      }
    }
  }

  private mutating func edge(_ link: ChainLink) {
    member("handoff_id", link.id)
    member("from_agent", link.record.text(of: .fromAgent))
    member("to_agent", link.record.text(of: .toAgent))
  }

  private mutating func link(_ link: ChainLink, _ clock: HandoffClock) {
    object {
      $0.handoffMembers(link.id, link.record, clock)
      $0.member("depth", link.hop)
      $0.member("previous", link.previous)
      $0.member("context_retained", link.contextRetained)
      $0.member("loop", flag: link.isLoop)
    }
  }

  /// A conversation: who took part, its handoffs and its turns.
  mutating func conversation(_ id: String, _ conversation: StoredGroup, _ clock: HandoffClock) {
    let chain = TaskChain(conversation.handoffs.map { ($0.id, $0.record) })
    object {
      $0.member("conversation_id", id)
      $0.key("agents")
      $0.array(chain.agents) { $0.text($1) }
      $0.key("handoffs")
      $0.array(conversation.handoffs) { $0.handoff($1.id, $1.record, clock) }
      $0.key("turns")
      $0.array(conversation.events) { $0.event($1) }
      $0.member("cut", flag: conversation.isCut)
      $0.member("as_of", conversation.asOf)
    }
  }
}
