import Analytics
import Bytes
import Model

/// What the API shows of an agent, from memory or from the database.
struct AgentFigures: Sendable {
  var agent: String
  var sent: UInt64 = 0
  var received: UInt64 = 0
  var failures: UInt64 = 0
  var active = 0
  var overdue = 0
  var successRate: Double?
  var totalSeconds = 0.0
  var inARow = 0
  var circuit = CircuitState.closed
  var circuitSince: Timestamp?
  var health: HealthStatus?
  var healthAt: Timestamp?
  var issues: [String] = []
  var lastSeenAt: Timestamp?

  init(agent: String) {
    self.agent = agent
  }

  /// What this sidecar knows of it.
  init(_ view: AgentView) {
    agent = view.name
    sent = view.sent
    received = view.received
    failures = view.failures
    active = view.active
    overdue = view.overdue
    successRate = view.successRate
    totalSeconds = view.totalSeconds
    lastSeenAt = view.lastSeen
    take(stateOf: view)
  }

  /// Takes over what only the order of receipt tells: circuit, counts in a row, health.
  mutating func take(stateOf view: AgentView) {
    inARow = view.failuresInARow
    circuit = view.circuit
    circuitSince = view.circuitSince
    health = view.healthAt == nil ? nil : view.health
    healthAt = view.healthAt
    issues = view.issues.names + view.reportedIssues
  }

  /// Why a router should not send to it now, as words and sentences; empty while nothing is wrong.
  var obstacles: [String] {
    var reasons: [String] = []
    if circuit == .open { reasons.append("circuit_open") }
    if let health, health >= .degraded {
      reasons += ["health_\(health.name)"] + issues
    }
    return reasons
  }
}

extension JSONWriter {
  /// An agent, unknown facts null.
  mutating func agent(_ figures: AgentFigures) {
    object { $0.members(of: figures) }
  }

  /// An agent by itself, with whose figures these are, and how far they go.
  mutating func agent(_ figures: AgentFigures, scope: Scope, asOf: Timestamp?) {
    object {
      $0.members(of: figures)
      $0.member("scope", scope.rawValue)
      $0.member("as_of", asOf)
    }
  }

  private mutating func members(of figures: AgentFigures) {
    member("agent", figures.agent)
    member("sent", figures.sent)
    member("received", figures.received)
    member("failures", figures.failures)
    member("active", figures.active)
    member("overdue", figures.overdue)
    member("success_rate", figures.successRate)
    member("total_seconds", figures.totalSeconds)
    member("in_a_row", figures.inARow)
    member("circuit", figures.circuit.name)
    member("circuit_since", figures.circuitSince)
    member("health", (figures.health ?? .unknown).name)
    member("health_at", figures.healthAt)
    key("health_issues")
    array(figures.issues) { $0.text($1) }
    member("last_seen_at", figures.lastSeenAt)
  }

  /// Whether handoffs should go to an agent.
  mutating func readiness(of name: String, _ figures: AgentFigures?) {
    let obstacles = figures?.obstacles ?? []
    let isUnknown = figures?.health == nil && obstacles.isEmpty
    object {
      $0.member("agent", name)
      $0.member("ready", flag: obstacles.isEmpty)
      $0.key("reasons")
      $0.array(isUnknown ? ["unknown"] : obstacles) { $0.text($1) }
    }
  }
}
