import Bytes
import Hashing
import Model

extension Analytics {
  /// Folds an event about an agent: its health, or the circuit towards it.
  mutating func foldAgent(_ event: borrowing EventView) {
    guard let agent = mention(.agent, of: event), let place = agents.place(of: agent) else { return }
    switch event.type {
    case .agentHealth:
      hear(agent, event)
      takeHealth(place, event)
    case .agentState: hear(agent, event)
    case .circuitSkipped:
      agents.series[agents[place].series].count(.skipped)
      if !isLate {
        delta.count(.skipped)
        flushForAgent(agent)
      }
    case .circuitOpened: report(.open, place, event)
    case .circuitHalfOpened: report(.halfOpen, place, event)
    case .circuitClosed: report(.closed, place, event)
    default: break
    }
  }

  /// The latest report holds, by when it was made.
  private mutating func takeHealth(_ place: Int, _ event: borrowing EventView) {
    guard event.occurredAt >= agents[place].health.reportedAt,
      let report = HealthReport(event.bytes, event: event.body)
    else { return }
    setHealth(place, report, at: event.occurredAt)
  }

  mutating func setHealth(_ place: Int, _ report: HealthReport, at moment: Int64) {
    let former = agents[place].health.status
    agents[place].health = Health(report, at: moment, settings.health)
    agents.issues[place] = report.issues
    let status = agents[place].health.status
    if status != former { note(.health(status), target: agents.ref(at: place)) }
  }

  private mutating func report(_ state: CircuitState, _ place: Int, _ event: borrowing EventView) {
    guard !isLate else { return }
    let reporter = JSONPieces.text("reporter", of: event.bytes, event.body)
    let hash = reporter.map { Hash.hash64($0, seed: settings.hashSeed) } ?? 0
    agents[place].circuit.report(state, by: hash, until: reportEnd(state, event))
    settleCircuit(place)
  }

  private func reportEnd(_ state: CircuitState, _ event: borrowing EventView) -> Int64 {
    guard state == .open else { return now &+ times.circuit.halfOpenQuiet }
    let reset = JSONPieces.member("reset_at", of: event.bytes, event.body).flatMap {
      MomentText.microseconds(of: event.bytes, JSONText.inside(event.bytes, $0))
    }
    // However far ahead a client says, a day is enough: it will report again.
    let latest = now &+ 86_400_000_000
    return min(reset ?? now &+ times.circuit.coolDown, latest) &+ times.circuit.reportGrace
  }
}
