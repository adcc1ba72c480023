import Analytics
import Model

/// What happened lately, so that an alert can say what brought it about.
struct EvidenceLog: Sendable {
  private struct Entry {
    var occurrence: Occurrence
    var signals: [Signal]
  }

  private var entries: [Entry] = []
  private static let most = 512

  /// Notes what happened, if any signal is about such things.
  mutating func note(_ occurrence: Occurrence) {
    let signals = occurrence.kind.signals
    if signals.isEmpty { return }
    if entries.count >= Self.most { entries.removeFirst(Self.most / 4) }
    entries.append(Entry(occurrence: occurrence, signals: signals))
  }

  /// What happened of what a rule judges, to a group, since a moment: the latest first, up to a number.
  func latest(_ rule: Rule, _ group: Group?, since: Timestamp, most: Int) -> [Occurrence] {
    var found: [Occurrence] = []
    for entry in entries.reversed() where found.count < most && entry.occurrence.at >= since {
      let occurrence = entry.occurrence
      if entry.signals.contains(rule.signal), occurrence.concerns(group), rule.concerns(occurrence) {
        found.append(occurrence)
      }
    }
    return found
  }
}

extension Occurrence {
  /// Whether it happened to a group; of reasons, kinds, patterns and strategies it does not tell.
  func concerns(_ group: Group?) -> Bool {
    switch group {
    case nil: true
    case .toAgent(let name): toAgent == name
    case .fromAgent(let name): fromAgent == name
    case .pair(let from, let to): fromAgent == from && toAgent == to
    case .reason, .kind, .pattern, .strategy: false
    }
  }

  /// The group it belongs to in a rule's eyes; nil where that is not known.
  func group(_ grouping: Grouping) -> Group?? {
    switch grouping {
    case .fleet: .some(nil)
    case .toAgent: toAgent.map { .toAgent($0) }
    case .fromAgent: fromAgent.map { .fromAgent($0) }
    case .pair: if let fromAgent, let toAgent { .pair(from: fromAgent, to: toAgent) } else { nil }
    case .reason, .kind, .pattern, .strategy: nil
    }
  }
}

extension Occurrence.Kind {
  /// The signals that it is evidence for.
  var signals: [Signal] {
    switch self {
    case .exhausted: [.failureEvent, .failureRatio, .failureCount, .failureConsecutive]
    case .workFailed: [.failureEvent]
    case .circuit(let state): state == .open ? [.circuitOpen] : []
    case .loop: [.loopsCount]
    case .hopLimitExceeded: [.hopsMax]
    case .escalated: [.escalationDepth]
    case .rollbackFailed: [.rollbackFailedCount]
    case .checksumMismatch: [.checksumMismatches]
    case .constraintsLost: [.constraintsLost]
    case .deadlineMissed: [.deadlinesMissed]
    case .parked: [.deadLettersPending, .deadLettersOldestAge]
    case .health: [.agentUnhealthy]
    }
  }

  /// Whether a handoff failed by it.
  var isFailure: Bool {
    switch self {
    case .exhausted, .workFailed: true
    default: false
    }
  }
}
