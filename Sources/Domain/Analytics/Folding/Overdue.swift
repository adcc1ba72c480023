import Model

// Overdue: sent, and not answered within the timeout. The moment counts from when it was sent, so that
// the record, seen by whoever asks the database, says the same; but what is received in bulk is given a
// moment to bring its own answer.
//
// The answer may have gone to another sidecar. While the database is there, a handoff past its time is
// first looked up (`takeUnconfirmed`, `refresh`, `confirm`). While it is away, only receivers that have
// answered here before are called overdue: of others nothing is known.

/// Whether other sidecars' events can be known.
public enum DatabaseReach: Sendable {
  /// There is nobody else: what is not known here did not happen.
  case none
  /// What is not known here is looked up.
  case reachable
  /// It cannot be looked up now.
  case away
}

extension Analytics {
  @inline(__always)
  func overdueDue(_ slot: Int) -> Int64 {
    let marks = handoffs[slot].marks
    if marks.contains(.unconfirmed) || marks.contains(.heldBack) { return .max }
    let life = handoffs[slot].life
    return max(life.waitsSince &+ times.acknowledgementTimeout, life.patience &+ times.overduePatience)
  }

  @inline(__always)
  func exhaustionDue(_ slot: Int) -> Int64 {
    guard handoffs[slot].marks.isDisjoint(with: [.delivered, .exhausted]) else { return .max }
    let life = handoffs[slot].life
    return max(life.waitsSince &+ times.exhaustedAfter, life.patience &+ times.acknowledgementTimeout)
  }

  /// Decides whether a handoff is overdue, as soon as it may be.
  mutating func judgeOverdue(_ slot: Int, _ isWaiting: Bool) {
    let past: Handoff.Marks = [.overdue, .unconfirmed, .heldBack]
    guard isWaiting else {
      handoffs[slot].marks.subtract(past)
      return
    }
    let life = handoffs[slot].life
    if life.waitsSince &+ times.acknowledgementTimeout > now {
      // It was sent anew since.
      handoffs[slot].marks.subtract(past)
    } else if handoffs[slot].marks.isDisjoint(with: past), overdueDue(slot) <= now {
      callOverdue(slot)
    }
  }

  private mutating func callOverdue(_ slot: Int) {
    switch reach {
    case .none:
      handoffs[slot].marks.insert(.overdue)
    case .reachable:
      handoffs[slot].marks.insert(.unconfirmed)
      if unconfirmed.count > 2 * settings.capacity.openHandoffs {
        // Nobody fetches them: those that were answered meanwhile need no looking up.
        unconfirmed.removeAll { !handoffs[Int($0)].marks.contains(.unconfirmed) }
      }
      unconfirmed.append(UInt32(truncatingIfNeeded: slot))
    case .away:
      let answersHere = agents.place(of: handoffs[slot].to).map { agents[$0].receivesHere } ?? false
      handoffs[slot].marks.insert(answersHere ? .overdue : .heldBack)
    }
  }
}
