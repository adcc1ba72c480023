import Analytics
import Model

/// A snapshot as lines of text, so that two of them can be compared and the difference read.
struct Digest: Equatable, CustomStringConvertible {
  private var lines: Set<String> = []

  /// State, that is all but counters and windows.
  static func state(_ snapshot: Snapshot) -> Self {
    var digest = Self()
    digest.lines.insert("active \(snapshot.activeCount) overdue \(snapshot.overdueCount)")
    for state in ParkingState.allCases { digest.lines.insert("\(state) \(snapshot.deadLetters(state))") }
    digest.lines.insert("oldest \(String(describing: snapshot.oldestDeadLetter))")
    for handoff in snapshot.active { digest.insert(handoff) }
    for agent in snapshot.agents {
      digest.lines.insert(
        "\(agent.name) active \(agent.active) overdue \(agent.overdue) health \(agent.health)")
    }
    return digest
  }

  /// What a handoff's record says of it, whatever came first.
  private mutating func insert(_ handoff: ActiveHandoff) {
    let way = "\(handoff.fromAgent ?? "?") to \(handoff.toAgent ?? "?") of \(handoff.taskID ?? "none")"
    let state = "\(handoff.state?.name ?? "?") overdue \(handoff.isOverdue) attempts \(handoff.attempts)"
    let times = [handoff.firstEventAt, handoff.initiatedAt, handoff.acknowledgedAt].map {
      $0?.text ?? "never"
    }
    lines.insert("\(handoff.handoffID) \(way) \(state) \(times)")
  }

  /// State, rows, circuits and windows: what has to come back after a restart.
  static func live(_ snapshot: Snapshot) -> Self {
    var digest = state(snapshot)
    for agent in snapshot.agents {
      let row = "in a row \(agent.failuresInARow) \(agent.exhaustedInARow)"
      digest.lines.insert("\(agent.name) seen \(String(describing: agent.lastSeen))")
      digest.lines.insert("\(agent.name) \(row) \(agent.circuit) \(String(describing: agent.circuitSince))")
    }
    for handoff in snapshot.active { digest.lines.insert("\(handoff.handoffID) hop \(handoff.hop ?? 0)") }
    for minutes in [5, 10, 15, 30] {
      let length = Duration.seconds(minutes * 60)
      digest.insert(snapshot.window(length), "\(minutes) min")
      for dimension in Dimension.allCases {
        for (group, values) in snapshot.windows(length, by: dimension) {
          digest.insert(values, "\(minutes) min \(group)")
        }
      }
    }
    return digest
  }

  /// All of it, counters too.
  static func everything(_ snapshot: Snapshot) -> Self {
    var digest = live(snapshot)
    let counters = snapshot.counters
    for type in EventType.allCases { digest.lines.insert("\(type) \(counters[events: type])") }
    for counter in FleetCounter.allCases { digest.lines.insert("\(counter) \(counters[counter])") }
    for distribution in [counters.retained, counters.hopDepth, counters.taskHops, counters.sections] {
      digest.lines.insert("\(distribution.bounds.count) \(distribution.counts) \(distribution.sum)")
    }
    for phase in HandoffPhase.allCases { digest.lines.insert("\(phase) \(counters[phase].counts)") }
    for decision in FailureDecision.allCases { digest.lines.insert("\(decision) \(counters[decision])") }
    for lost in ConstraintsLost.allCases { digest.lines.insert("lost \(lost) \(counters[lost: lost])") }
    for kind in HandoffKind.allCases {
      let outcomes = Outcome.allCases.map { counters.kinds[kind, $0] }
      let results = WorkResult.allCases.map { counters.kinds[kind, $0] }
      let times = [counters.kinds.acknowledgement(kind), counters.kinds.resultWait(kind)].map(\.counts)
      digest.lines.insert("\(kind) \(outcomes) \(results) \(times)")
    }
    for pattern in HandoffPattern.allCases {
      digest.lines.insert("blocking \(pattern) \(counters.blocking(pattern).counts)")
    }
    for strategy in EnvelopeStrategy.allCases {
      digest.lines.insert("\(strategy) \(StrategyCounter.allCases.map { counters.packed[$0, strategy] })")
    }
    digest.lines.insert("mismatches \(counters.mismatches.counted)")
    digest.lines.insert("versions \(counters.versionPairs.counted)")
    for series in 0..<snapshot.seriesCount {
      digest.insert(snapshot.counters(ofSeries: series), snapshot.name(ofSeries: series) ?? "others")
    }
    return digest
  }

  private mutating func insert(_ values: WindowValues, _ name: String) {
    for tally in Tally.allCases where values[tally] > 0 { lines.insert("\(name) \(tally) \(values[tally])") }
    for amount in Amount.allCases where values[amount] > 0 {
      lines.insert("\(name) \(amount) \(values[amount])")
    }
    for peak in Peak.allCases where values[peak] > 0 { lines.insert("\(name) \(peak) \(values[peak])") }
    for (what, sketch) in [("ack", values.acknowledgement), ("duration", values.duration)]
    where sketch.count > 0 {
      let quantiles = [0, 0.5, 0.95, 0.99, 1].map { sketch.quantile($0) ?? -1 }
      lines.insert("\(name) \(what) \(sketch.count) \(quantiles)")
    }
  }

  private mutating func insert(_ counters: AgentCounters, _ name: String) {
    for counter in AgentCounter.allCases { lines.insert("\(name) \(counter) \(counters[counter])") }
    for outcome in Outcome.allCases { lines.insert("\(name) \(outcome) \(counters[finished: outcome])") }
    for reason in FailureReason.allCases { lines.insert("\(name) \(reason) \(counters[failures: reason])") }
    for state in CircuitState.allCases { lines.insert("\(name) \(state) \(counters[transitions: state])") }
    for distribution in [counters.acknowledgement, counters.duration, counters.missing, counters.utilization]
    {
      lines.insert("\(name) \(distribution.bounds.count) \(distribution.counts) \(distribution.sum)")
    }
  }

  /// What the one has and the other has not.
  static func - (left: Self, right: Self) -> [String] { left.lines.subtracting(right.lines).sorted() }

  var description: String { lines.sorted().joined(separator: "\n") }
}
