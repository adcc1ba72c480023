import Model

// Deadlines. A handoff misses the earliest one that its envelope told if it has not ended by then: nobody has said that it
// is done, failed or given up, and its receiver has not handed the task on. That is known as soon as the time has come, or
// when the end is told of that came too late. It counts where the envelope was seen, once.

extension Analytics {
  /// When a handoff is to be looked at because of its deadline.
  @inline(__always)
  func deadlineDue(_ slot: Int) -> Int64 {
    let deadline = handoffs[slot].deadline
    guard deadline != .max, !handoffs[slot].marks.contains(.missed) else { return .max }
    // What comes in bulk may bring its end as well.
    return max(deadline, handoffs[slot].life.patience) &+ times.overduePatience
  }

  /// Decides whether a handoff has missed its deadline, as soon as it may have.
  @inline(__always)
  mutating func judgeDeadline(_ slot: Int, isActive: Bool) {
    guard handoffs[slot].deadline != .max, !handoffs[slot].marks.contains(.missed) else { return }
    let life = handoffs[slot].life
    let endedLate = life.state?.isEnd == true && life.endedAt ?? .min > handoffs[slot].deadline
    if endedLate || isActive && deadlineDue(slot) <= now { missDeadline(slot) }
  }

  private mutating func missDeadline(_ slot: Int) {
    guard handoffs[slot].marks.contains(.initiated) else { return }
    handoffs[slot].marks.insert(.missed)
    counters.count(.deadlinesMissed)
    delta.count(.deadlinesMissed)
    note(.deadlineMissed, slot)
  }
}
