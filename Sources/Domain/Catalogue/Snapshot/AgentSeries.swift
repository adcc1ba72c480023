import Analytics
import Exposition

/// The series of one agent, or those that all agents share that have none of their own.
final class AgentSeries: Sendable {
  private let labels: AgentLabels.Row
  private let counters: AgentCounters
  private let agent: AgentView?

  /// The agent is nil for the shared series, and for one that has been gone for long.
  init(_ labels: AgentLabels.Row, _ counters: AgentCounters, _ agent: AgentView?) {
    self.labels = labels
    self.counters = counters
    self.agent = agent
  }

  /// Adds the series of a family that has one for each agent.
  func write(_ figure: Figure, _ name: AgentLabels.Name, to page: inout PageWriter) {
    let labels = labels[name]
    switch figure {
    case .agent(let counter): page.add(count: counters[counter], labels)
    case .agentByWord(let range, let count): write(range, count, labels, to: &page)
    case .agentDistribution(let distribution):
      page.add(Histogram(distribution(counters), for: page.format), labels)
    case .agentGauge(let value):
      if let value = agent.flatMap(value) { page.add(value, labels) }
    case .agentState(let range, let state):
      guard let current = agent.flatMap(state) else { return }
      for (place, set) in range.sets.enumerated() { page.add(place == current ? 1 : 0, labels, set) }
    default: return
    }
  }

  /// Words that come later than the agent are there once they have been counted.
  private func write(
    _ range: LabelRange, _ count: (AgentCounters, Int) -> UInt64, _ labels: LabelSet,
    to page: inout PageWriter
  ) {
    for place in range.sets.indices {
      let count = count(counters, place)
      if count > 0 || range.isAtFirst(place) { page.add(count: count, labels, range[place]) }
    }
  }
}
