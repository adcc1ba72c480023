/// What a rule measures.
public enum Signal: String, CaseIterable, Sendable {
  case failureEvent = "failure.event"
  case failureConsecutive = "failure.consecutive"
  case failureRatio = "failure.ratio"
  case failureCount = "failure.count"
  case attemptFailureRatio = "attempt.failure.ratio"
  case circuitOpen = "circuit.open"
  case completenessRatio = "completeness.ratio"
  case sectionsRatio = "sections.ratio"
  case contextRetained = "context.retained"
  case latencyP50 = "latency.p50"
  case latencyP95 = "latency.p95"
  case latencyP99 = "latency.p99"
  case durationP50 = "duration.p50"
  case durationP95 = "duration.p95"
  case durationP99 = "duration.p99"
  case hopsMax = "hops.max"
  case hopsMean = "hops.mean"
  case loopsCount = "loops.count"
  case escalationDepth = "escalation.depth"
  case tokensUtilization = "tokens.utilization"
  case tokensTrimmedRatio = "tokens.trimmed.ratio"
  case activeCount = "active.count"
  case activeOverdue = "active.overdue"
  case deadLettersPending = "dead_letters.pending"
  case deadLettersOldestAge = "dead_letters.oldest_age"
  case agentUnhealthy = "agent.unhealthy"
  case agentSilent = "agent.silent"
  case validationFailedCount = "validation.failed.count"
  case checksumMismatches = "checksum.mismatches"
  case constraintsLost = "constraints.lost"
  case deadlinesMissed = "deadlines.missed"
  case rollbackFailedCount = "rollback.failed.count"
  case rejectionRatio = "rejection.ratio"
  case eventsRefusedCount = "events.refused.count"
  case storeLag = "store.lag"
  case spoolFill = "spool.fill"

  /// Where its values come from.
  enum Kind {
    /// Each failed handoff is one by itself.
    case event
    /// What an agent is in now.
    case agent
    /// What all handoffs together are in now.
    case fleet
    /// What happened within a window.
    case window
    /// What the sidecar says of itself; of these, refused events are counted in a window.
    case own
  }

  var kind: Kind {
    switch self {
    case .failureEvent: .event
    case .failureConsecutive, .circuitOpen, .activeCount, .activeOverdue, .agentUnhealthy, .agentSilent:
      .agent
    case .deadLettersPending, .deadLettersOldestAge: .fleet
    case .eventsRefusedCount, .storeLag, .spoolFill: .own
    default: .window
    }
  }

  /// Whether a rule over it has a window.
  var hasWindow: Bool { kind == .window || self == .eventsRefusedCount }

  /// By what it can be had.
  var groupings: [Grouping] {
    switch self {
    case .failureEvent: [.fleet, .toAgent, .fromAgent, .pair]
    case .failureConsecutive, .circuitOpen, .agentUnhealthy, .agentSilent: [.toAgent]
    case .activeCount, .activeOverdue: [.fleet, .toAgent]
    case .deadLettersPending, .deadLettersOldestAge, .eventsRefusedCount, .storeLag, .spoolFill: [.fleet]
    // What is known of a task as a whole belongs to no one group within it.
    case .hopsMax, .hopsMean, .loopsCount, .escalationDepth: [.fleet, .toAgent, .fromAgent, .pair]
    default: Grouping.allCases
    }
  }

  /// Whether it counts handoffs, of which a rule may want a least number.
  var hasSamples: Bool {
    switch self {
    case .failureCount, .loopsCount, .escalationDepth, .validationFailedCount, .checksumMismatches,
      .constraintsLost, .deadlinesMissed, .rollbackFailedCount:
      false
    default: kind == .window
    }
  }

  /// Whether it counts failures, of which a rule may want a least number.
  var hasFailures: Bool { self == .failureRatio || self == .attemptFailureRatio || self == .rejectionRatio }

  /// Whether it counts single handoffs, among which a rule may choose.
  var isSelective: Bool { kind == .event || kind == .window }

  /// The quantile it reads, if it is one.
  var quantile: Double? {
    switch self {
    case .latencyP50, .durationP50: 0.5
    case .latencyP95, .durationP95: 0.95
    case .latencyP99, .durationP99: 0.99
    default: nil
    }
  }
}
