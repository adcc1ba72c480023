import Model

extension Analytics {
  /// Folds an event about a task.
  mutating func foldTask(_ event: borrowing EventView) {
    if let agent = mention(.agent, of: event) { hear(agent, event) }
    guard let id = event.hash(.taskID, seed: settings.hashSeed) else { return }
    let task = journey(id, event)
    guard event.type != .taskCreated else { return }
    journeys[task].endedAt = max(journeys[task].endedAt, event.occurredAt)
    for held in slots(of: task, in: .held) { end(held, by: event) }
    abandonFailures(in: task, at: event.occurredAt)
    observeTask(task)
    trim()
  }

  /// Observes how many handoffs a task took: once, when it ends or comes to rest.
  mutating func observeTask(_ task: Int) {
    guard !journeys[task].isObserved, journeys[task].handoffs > 0 else { return }
    journeys[task].isObserved = true
    timers.withdraw(taskOwner(task))
    let handoffs = Int(journeys[task].handoffs)
    counters.taskHops.observe(Double(handoffs))
    guard !isLate else { return }
    var measures = Measures()
    measures.count(.tasks)
    measures.count(.taskHops, handoffs)
    fleet.add(measures, at: now)
  }
}
