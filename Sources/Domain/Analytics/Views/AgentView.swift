public import Model

/// An agent as a snapshot shows it.
public struct AgentView: Sendable {
  /// Its true name.
  public let name: String
  private let agent: Agent
  private let ownWords: [String]
  /// What last failed towards it.
  public let lastFailure: Cause?

  init(name: String, agent: Agent, issues: [String], lastFailure: Cause?) {
    self.name = name
    self.agent = agent
    ownWords = issues
    self.lastFailure = lastFailure
  }

  /// Handoffs it sent, since the start or since it was first seen.
  public var sent: UInt64 { agent.sent }
  /// Handoffs delivered to it.
  public var received: UInt64 { agent.received }
  /// Handoffs exhausted towards it, and work it failed at.
  public var failures: UInt64 { agent.exhausted &+ agent.workFailed }
  /// The time its handoffs took from their first sending to their end, all together.
  public var totalSeconds: Double { Double(agent.durationTime) / 1e6 }
  /// Handoffs delivered and not failed at work, of those delivered or exhausted; nil where there was none.
  public var successRate: Double? {
    let concluded = agent.received &+ agent.exhausted
    guard concluded > 0 else { return nil }
    return Double(agent.received &- min(agent.workFailed, agent.received)) / Double(concluded)
  }
  /// Handoffs towards it, begun and not ended; and the overdue ones of these.
  public var active: Int { Int(max(0, agent.active)) }
  /// Of those, the overdue ones.
  public var overdue: Int { Int(max(0, agent.overdue)) }
  /// Handoffs in a row with a failed attempt, or exhausted.
  public var failuresInARow: Int { Int(agent.inARow.failures) }
  /// Handoffs in a row that were exhausted.
  public var exhaustedInARow: Int { Int(agent.inARow.exhausted) }
  /// The state of the circuit towards it.
  public var circuit: CircuitState { agent.circuit.state }
  /// Since when the circuit is in that state; nil while it never was in another.
  public var circuitSince: Timestamp? {
    agent.circuit.since > 0 ? Timestamp(microseconds: agent.circuit.since) : nil
  }
  /// Its health: the worst of all it reported last.
  public var health: HealthStatus { agent.health.status }
  /// When it made that report.
  public var healthAt: Timestamp? { moment(agent.health.reportedAt) }
  /// What is wrong by our thresholds.
  public var issues: HealthIssues { agent.health.issues }
  /// What is wrong in its own words.
  public var reportedIssues: [String] { ownWords }
  /// The memory it reported.
  public var memoryBytes: Double? { known(agent.health.memoryBytes) }
  /// The time to answer it reported.
  public var responseSeconds: Double? { known(agent.health.responseSeconds) }
  /// The queue it reported.
  public var queueLength: Double? { known(agent.health.queueLength) }
  /// The share of errors it reported.
  public var errorRatio: Double? { known(agent.health.errorRatio) }
  /// When it last said anything itself: nil while others only spoke of it.
  public var lastSeen: Timestamp? { moment(agent.heardAt) }

  private func known(_ value: Double) -> Double? { value.isNaN ? nil : value }

  private func moment(_ microseconds: Int64) -> Timestamp? {
    microseconds == .min ? nil : Timestamp(microseconds: microseconds)
  }
}

extension Snapshot {
  /// All agents that are known, in no order.
  public var agents: [AgentView] { directory.agents.indices.map(view) }

  /// The agent of that name.
  public func agent(named name: String) -> AgentView? {
    directory.names.firstIndex(of: name).map(view)
  }

  private func view(_ place: Int) -> AgentView {
    AgentView(
      name: directory.names[place], agent: directory.agents[place], issues: directory.issues[place],
      lastFailure: directory.causes[place])
  }

  /// The number of series: the one that all others share is number 0.
  public var seriesCount: Int { directory.series.count }

  /// The counters of a series.
  public func counters(ofSeries series: Int) -> AgentCounters { directory.series.counters[series] }

  /// The name of a series; nil for the shared one.
  public func name(ofSeries series: Int) -> String? { directory.series.name(of: series) }

  /// The agent of a series: nil for the shared one, and once the agent has been gone for long.
  public func agent(ofSeries series: Int) -> AgentView? {
    directory.place(of: directory.series.agent(of: series)).map(view)
  }

  /// The counters of all agents together, of those without series of their own and of those gone too.
  public var totals: AgentTotals {
    directory.series.counters.reduce(into: directory.series.retired) { $0.add($1) }
  }
}
