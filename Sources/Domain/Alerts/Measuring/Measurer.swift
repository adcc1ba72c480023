import Analytics
import Model

/// Reads signals off one snapshot; windows that several rules share are summed once.
struct Measurer {
  private let snapshot: Snapshot
  private let own: OwnFigures
  private let sight: FleetSight
  private let refusals: CountHistory
  private let agents: [AgentView]
  private var fleetWindows: [Sum: WindowValues] = [:]
  private var groupWindows: [GroupedBy: [(group: Group, values: WindowValues)]] = [:]

  private struct Sum: Hashable {
    var length: Duration
    var scope: Rule.Scope
  }

  private struct GroupedBy: Hashable {
    var length: Duration
    var dimension: Dimension
  }

  /// Grouped windows of which a quantile is read.
  private let timed: Set<GroupedBy>

  init(
    _ snapshot: Snapshot, _ own: OwnFigures, _ sight: FleetSight, refusals: CountHistory, _ rules: [Rule]
  ) {
    self.snapshot = snapshot
    self.sight = sight
    let needsAgents = rules.contains { $0.signal.kind == .agent && $0.grouping == .toAgent }
    timed = Set(
      rules.compactMap { rule in
        guard rule.signal.quantile != nil, rule.condition == nil, let dimension = rule.grouping.dimension
        else { return nil }
        return GroupedBy(length: rule.window, dimension: dimension)
      })
    self.own = own
    self.refusals = refusals
    agents = needsAgents ? snapshot.agents : []
  }

  /// What the rule's signal says, of each group that there is.
  mutating func measure(_ rule: Rule) -> [Measurement] {
    switch rule.signal.kind {
    case .event: []
    case .agent: measureAgents(rule)
    case .fleet: [Measurement(group: nil, reading: fleet(rule))]
    case .own: [Measurement(group: nil, reading: .value(own(rule)))]
    case .window: measureWindows(rule)
    }
  }

  /// How handoffs stand, here or everywhere.
  private func standing(_ rule: Rule) -> FleetStanding {
    if rule.scope == .fleet, let standing = sight.standing { return standing }
    return FleetStanding(snapshot)
  }

  private func fleet(_ rule: Rule) -> Measurement.Reading {
    let standing = standing(rule)
    switch rule.signal {
    case .deadLettersPending: return .value(Double(standing.deadLetters))
    case .deadLettersOldestAge:
      return .value(
        standing.oldestDeadLetter.map { Double(max(0, snapshot.at.microseconds &- $0.microseconds)) / 1e6 }
          ?? 0)
    default: return .none
    }
  }

  private func own(_ rule: Rule) -> Double {
    switch rule.signal {
    case .storeLag: own.storeLag / .seconds(1)
    case .spoolFill: own.spoolFill
    default:
      Double(
        refusals.growth(
          to: own.refusedEvents, within: rule.window.microseconds, at: snapshot.at.microseconds))
    }
  }

  private func measureAgents(_ rule: Rule) -> [Measurement] {
    guard rule.grouping == .toAgent else {
      let standing = standing(rule)
      let count = rule.signal == .activeCount ? standing.active : standing.overdue
      return [Measurement(group: nil, reading: .value(Double(count)))]
    }
    return agents.compactMap { agent in
      // Of agents there may be ten thousand, all well: those are not worth a line.
      guard let reading = reading(rule.signal, agent) else { return nil }
      return Measurement(group: .toAgent(agent.name), reading: reading, cause: agent.lastFailure)
    }
  }

  private func reading(_ signal: Signal, _ agent: AgentView) -> Measurement.Reading? {
    switch signal {
    case .failureConsecutive: .value(Double(agent.failuresInARow))
    case .circuitOpen:
      switch agent.circuit {
      case .open: .value(1)
      case .halfOpen: .between
      case .closed: .value(0)
      }
    case .activeCount: .value(Double(agent.active))
    case .activeOverdue: .value(Double(agent.overdue))
    case .agentUnhealthy: .value(agent.health >= .degraded ? 1 : 0)
    case .agentSilent:
      agent.lastSeen.map {
        .value(Double(max(0, snapshot.at.microseconds &- $0.microseconds)) / 1e6)
      }
    default: nil
    }
  }

  private mutating func measureWindows(_ rule: Rule) -> [Measurement] {
    if let condition = rule.condition {
      let windows = snapshot.windows(
        rule.window, of: condition, by: rule.grouping.dimension, withTimes: rule.signal.quantile != nil)
      return windows.map { rule.signal.measurement(of: $0.values, $0.group) }
    }
    guard let dimension = rule.grouping.dimension else {
      return [rule.signal.measurement(of: fleetWindow(Sum(length: rule.window, scope: rule.scope)), nil)]
    }
    return groups(rule.window, by: dimension).map { rule.signal.measurement(of: $0.values, $0.group) }
  }

  private mutating func fleetWindow(_ sum: Sum) -> WindowValues {
    if let window = fleetWindows[sum] { return window }
    let isWide = sum.scope == .fleet && !sight.others.isEmpty
    let window = isWide ? snapshot.window(sum.length, beside: sight.others) : snapshot.window(sum.length)
    fleetWindows[sum] = window
    return window
  }

  private mutating func groups(
    _ length: Duration, by dimension: Dimension
  ) -> [(group: Group, values: WindowValues)] {
    let key = GroupedBy(length: length, dimension: dimension)
    if let windows = groupWindows[key] { return windows }
    let windows = snapshot.windows(length, by: dimension, withTimes: timed.contains(key))
    groupWindows[key] = windows
    return windows
  }
}

extension Duration {
  /// In whole microseconds.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return min(max(0, seconds), 31_536_000_000) * 1_000_000 + max(0, attoseconds) / 1_000_000_000_000
  }
}
