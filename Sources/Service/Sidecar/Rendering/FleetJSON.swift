import Analytics
import Bytes
import Model
import Store

// MARK: what the database knows, as figures

extension SummaryFigures {
  /// What the handoffs of all sidecars have come to.
  init(_ summary: FleetSummary) {
    let all = summary.all
    outcomes = Outcomes(all)
    acknowledgement = Spread(all.acknowledgement)
    duration = Spread(all.duration)
    completeness = all.completeness
    tokenUtilization = all.tokenUtilization
    meanHops = summary.meanHops
    mostHops = summary.mostHops
    validationErrors = summary.validationErrors
    agents = summary.agents.map { ($0.key, Share($0.value)) }.sorted { $0.name < $1.name }
    kinds = summary.kinds.map { ($0.key.name, Share($0.value)) }.sorted { $0.name < $1.name }
    strategies = summary.strategies.map { ($0.key.name, Share($0.value)) }.sorted { $0.name < $1.name }
  }
}

extension SummaryFigures.Outcomes {
  init(_ share: FleetShare) {
    total = share.started
    delivered = share.delivered
    exhausted = share.exhausted
    completed = share.completed
    workFailed = share.workFailed
  }
}

extension SummaryFigures.Share {
  fileprivate init(_ share: FleetShare) {
    outcomes = SummaryFigures.Outcomes(share)
    completeness = share.completeness
    tokenUtilization = share.tokenUtilization
    acknowledgement = SummaryFigures.Spread(share.acknowledgement)
  }
}

extension SummaryFigures.Spread {
  fileprivate init(_ spread: FleetSpread) {
    count = spread.count
    total = spread.total / 1e6
    least = spread.least.map { Double($0) / 1e6 }
    greatest = spread.greatest.map { Double($0) / 1e6 }
    p50 = spread.quantile(0.5).map { $0 / 1e6 }
    p95 = spread.quantile(0.95).map { $0 / 1e6 }
    p99 = spread.quantile(0.99).map { $0 / 1e6 }
  }
}

extension FleetShare {
  fileprivate var completeness: Double? { requested > 0 ? Double(resolved) / Double(requested) : nil }
  fileprivate var tokenUtilization: Double? {
    tokensBudgeted > 0 ? Double(tokensUsed) / Double(tokensBudgeted) : nil
  }
}

extension AgentFigures {
  /// What all sidecars together know of it; what only the order of receipt tells, as this sidecar knows it.
  init(_ fleet: FleetAgent, _ view: AgentView?) {
    self.init(agent: fleet.name)
    let share = fleet.share
    sent = fleet.sent
    received = share.delivered
    failures = share.exhausted &+ share.workFailed &+ fleet.rerouted
    active = Int(clamping: fleet.active)
    overdue = Int(clamping: fleet.overdue)
    let concluded = share.delivered &+ share.exhausted &+ fleet.rerouted
    if concluded > 0 {
      successRate = Double(share.delivered &- min(share.workFailed, share.delivered)) / Double(concluded)
    }
    totalSeconds = share.duration.total / 1e6
    lastSeenAt = [fleet.lastSeen, view?.lastSeen].compactMap { $0 }.max()
    if let view { take(stateOf: view) }
  }
}

// MARK: as JSON

extension JSONWriter {
  /// An open handoff as its record has it, with how old it is.
  mutating func openHandoff(_ id: String, _ record: HandoffRecord, _ clock: HandoffClock) {
    object {
      $0.handoffMembers(id, record, clock)
      let life = record.life
      $0.member("age_seconds", Self.age(since: life.initiatedAt ?? life.firstEventAt ?? clock.now, clock.now))
    }
  }

  /// What an agent reported of itself, with when and by which sidecar it was received.
  mutating func report(_ kind: AgentReportKind, _ report: StoredAgentReport) {
    object {
      $0.member("occurred_at", report.occurredAt)
      $0.member("received_at", report.receivedAt)
      $0.member("instance", report.instance)
      if kind == .health { return $0.member("health", raw: report.said) }
      let told = report.said.flatMap { JSONValue($0) } ?? .null
      $0.member("hash", told["state_hash"]?.text)
      $0.member("bytes", told["state_bytes"]?.integer.map { max(0, $0) })
      let version = told["state_version"] ?? .null
      $0.member("version", raw: version.text != nil || version.number != nil ? version.bytes() : nil)
      for name in ["transferred_from", "handoff_id", "task_id"] { $0.member(name, told[name]?.text) }
    }
  }
}
