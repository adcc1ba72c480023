import Hashing
import Model

extension Analytics {
  /// Folds what the database knows; to be called first of all, on an analytics that has seen nothing.
  public mutating func restore(_ seed: Seed) {
    var open = OpenMemories(seed.handoffs)
    for step in history(of: seed) {
      switch step.source {
      case .event(let number): fold(view(seed.events[number].frame, step.receipt))
      case .moment(let number, let position):
        let event = open.events(of: number).view(
          position, receivedAt: step.receipt.receivedAt, times.lateAfter)
        if step.receipt.isHere { fold(event) } else { foldElsewhere(event) }
      }
    }
    advance(to: seed.at)
    // What others saw of a handoff before this sidecar did could not be merged in its turn.
    for known in seed.handoffs where !known.isAllHere {
      let events = RememberedEvents(known.handoff)
      for position in events.moments.indices where !known.isHere(position) {
        foldElsewhere(events.view(position, receivedAt: seed.at, times.lateAfter))
      }
    }
    for agent in seed.agents { resume(agent, at: seed.at.microseconds) }
    gauges.resume(.handled, gauges.parked(.handled) + max(0, seed.handledDeadLetters))
    restartCounts()
  }

  private func view(_ frame: EventFrame, _ receipt: Receipt) -> EventView {
    EventView(frame, receivedAt: receipt.receivedAt.microseconds, lateAfter: times.lateAfter)
  }

  private enum Source {
    case event(Int)
    case moment(Int, Int)
  }

  private func history(of seed: Seed) -> [(receipt: Receipt, source: Source)] {
    var steps: [(receipt: Receipt, source: Source)] = []
    for (number, event) in seed.events.enumerated() where event.receipt.isHere {
      steps.append((event.receipt, .event(number)))
    }
    for (number, handoff) in seed.handoffs.enumerated() {
      for (position, receipt) in handoff.receipts.prefix(handoff.told).enumerated() {
        steps.append((receipt, .moment(number, position)))
      }
    }
    return steps.sorted { $0.receipt < $1.receipt }
  }

  /// Sets what an agent's history may be too short to tell.
  private mutating func resume(_ seed: SeedAgent, at moment: Int64) {
    let name = Array(seed.name.utf8)
    guard !name.isEmpty else { return }
    let (agent, isNew) = agents.mention(Hash.hash128(name, seed: settings.hashSeed), name[...], at: now)
    if isNew { timers.withdraw(agent.place) }
    let place = agent.place
    if let failures = seed.failuresInARow {
      agents[place].inARow.resume(
        failures: UInt32(clamping: failures), exhausted: UInt32(clamping: seed.exhaustedInARow))
    }
    if let circuit = seed.circuit {
      agents[place].circuit.derive(circuit, at: min(seed.circuitSince?.microseconds ?? moment, moment))
    }
    agents[place].receivesHere = agents[place].receivesHere || seed.receivesHere
    agents[place].heardAt = max(agents[place].heardAt, seed.lastSeen?.microseconds ?? .min)
    if let (report, at) = seed.health, at.microseconds >= agents[place].health.reportedAt {
      setHealth(place, report, at: at.microseconds)
    }
    settleCircuit(place)
  }

  /// Begins to count now: everything counted goes back to 0, and what happened is not told any more.
  ///
  /// State and windows stay. To be called once what an earlier process had received and counted is folded.
  public mutating func restartCounts() {
    let capacity = settings.capacity
    counters.restart(capacity)
    var series = agents.series
    series.clear()
    agents.restart(with: series) { _ in nil }
    _ = log.take()
  }

  /// Takes over what the other has counted since the start, and what it has not told yet.
  ///
  /// The other has to have folded the same log up to the same event, with the same settings.
  public mutating func takeCounters(of other: Analytics) {
    counters = other.counters
    log = other.log
    let known = other.agents
    agents.restart(with: known.series) { hash in known.find(hash).map { known[$0] } }
  }
}

/// The events of the handoffs that are being gone through: made readable with the first, forgotten with the last.
private struct OpenMemories {
  private let handoffs: [SeedHandoff]
  private var open: [Int: (events: RememberedEvents, left: Int)] = [:]

  init(_ handoffs: [SeedHandoff]) {
    self.handoffs = handoffs
  }

  /// The events of a handoff; to be asked for once for each of them.
  mutating func events(of number: Int) -> RememberedEvents {
    let known = open[number] ?? (RememberedEvents(handoffs[number].handoff), handoffs[number].told)
    open[number] = known.left > 1 ? (known.events, known.left - 1) : nil
    return known.events
  }
}

extension SeedHandoff {
  /// How many events it has a receipt of.
  fileprivate var told: Int { min(receipts.count, handoff.record.eventCount) }

  /// Whether this sidecar received every event.
  fileprivate var isAllHere: Bool {
    receipts.count >= handoff.record.eventCount && receipts.allSatisfy(\.isHere)
  }

  /// Whether this sidecar received the event at a position.
  fileprivate func isHere(_ position: Int) -> Bool {
    position < receipts.count && receipts[position].isHere
  }
}
