import Analytics
import Exposition
import Model

extension Figure {
  /// Where each family is found that the analytics fill.
  static let all: [Metric: Figure] = handoffs.merging(context) { first, _ in first }
    .merging(agents) { first, _ in first }

  private static let handoffs: [Metric: Figure] = [
    .events: .fleetByWord(EventType.allCases.map { LabelSet("event", $0.name) }) { counters, place in
      counters[events: EventType.allCases[place]]
    },
    .lateEvents: .fleet(.lateEvents),
    .started: .agentByWord(.pattern) { counters, place in
      HandoffPattern.at(place).map { counters[started: $0] } ?? 0
    },
    .sent: .agent(.sent),
    .finished: .agentByWord(.outcome) { counters, place in
      Outcome.at(place).map { counters[finished: $0] } ?? 0
    },
    .completed: .agent(.completed),
    .workFailed: .agent(.workFailed),
    .failures: .agentByWord(.failureReason) { counters, place in
      FailureReason.at(place).map { counters[failures: $0] } ?? 0
    },
    .reasons: .fleetByWord(Catalogue[.reasons]?.knownSets ?? []) { counters, place in
      let (reason, kind) = place.quotientAndRemainder(dividingBy: HandoffKind.allCases.count)
      guard let reason = HandoffReason.at(reason), let kind = HandoffKind.at(kind) else { return 0 }
      return counters[reason, kind]
    },
    .attempts: .agent(.attempts),
    .retries: .agent(.retries),
    .errors: .agentByWord(.errorClass) { counters, place in
      ErrorClass.at(place).map { counters[errors: $0] } ?? 0
    },
    .rerouted: .agent(.rerouted),
    .escalated: .agent(.escalated),
    .rolledBack: .agent(.rolledBack),
    .active: .agentGauge { Double($0.active) },
    .overdue: .agentGauge { Double($0.overdue) },
    .failureDecisions: .fleetByWord(LabelRange.failureDecision.sets) { counters, place in
      counters[FailureDecision.allCases[place]]
    },
    .kindFinished: .fleetByWord(Catalogue[.kindFinished]?.knownSets ?? []) { counters, place in
      let (kind, outcome) = place.quotientAndRemainder(dividingBy: Outcome.allCases.count)
      return counters.kinds[HandoffKind.allCases[kind], Outcome.allCases[outcome]]
    },
    .kindResults: .fleetByWord(Catalogue[.kindResults]?.knownSets ?? []) { counters, place in
      let (kind, result) = place.quotientAndRemainder(dividingBy: WorkResult.allCases.count)
      return counters.kinds[HandoffKind.allCases[kind], WorkResult.allCases[result]]
    },
    .kindAckLatency: .fleetDistributionByWord(.kindOnceSeen) { counters, place in
      counters.kinds.acknowledgement(HandoffKind.allCases[place])
    },
    .kindResultWait: .fleetDistributionByWord(.kindOnceSeen) { counters, place in
      counters.kinds.resultWait(HandoffKind.allCases[place])
    },
    .blocking: .fleetDistributionByWord(.pattern) { counters, place in
      counters.blocking(HandoffPattern.allCases[place])
    },
    .phaseDuration: .fleetDistributionByWord(.phase) { counters, place in
      counters[HandoffPhase.allCases[place]]
    },
    .ackLatency: .agentDistribution(\.acknowledgement),
    .duration: .agentDistribution(\.duration),
    .recentAckLatency: .summary(\.acknowledgement, \.acknowledgement),
    .recentDuration: .summary(\.duration, \.duration),
    .recentFailureRatio: .moment(\.window.failureRatio),
  ]

  private static let context: [Metric: Figure] = [
    .recentCompleteness: .moment(\.window.completeness),
    .recentTokenUtilization: .moment(\.window.tokenUtilization),
    .recentTaskHops: .moment(\.window.taskHops),
    .memoryRefsRequested: .agent(.referencesRequested),
    .memoryRefsResolved: .agent(.referencesResolved),
    .contextMissing: .agentDistribution(\.missing),
    .envelopeSections: .fleetDistribution(\.sections),
    .contextRetained: .fleetDistribution(\.retained),
    .hopDepth: .fleetDistribution(\.hopDepth),
    .taskHops: .fleetDistribution(\.taskHops),
    .deadlineHeadroom: .fleetDistribution(\.headroom),
    .confidence: .fleetDistribution(\.confidence),
    .strategies: .fleetByWord(LabelRange.strategy.sets) { counters, place in
      EnvelopeStrategy.at(place).map { counters[strategy: $0] } ?? 0
    },
    .strategyRefsRequested: .byStrategy(.referencesRequested),
    .strategyRefsResolved: .byStrategy(.referencesResolved),
    .strategyTokensUsed: .byStrategy(.tokensUsed),
    .strategyTokensBudgeted: .byStrategy(.tokensBudgeted),
    .envelopeVersions: .names("version", \.versions, nil),
    .versionPairs: .namePairs("sent_version", "received_version") { ($0.versions, $0.versionPairs) },
    .contextFetches: .fleetByWord(Catalogue[.contextFetches]?.knownSets ?? []) { counters, place in
      let (what, strategy) = place.quotientAndRemainder(dividingBy: EnvelopeStrategy.allCases.count)
      return counters[ContextFetch.allCases[what], EnvelopeStrategy.allCases[strategy]]
    },
    .constraintsLost: .fleetByWord(LabelRange.constraintsLost.sets) { counters, place in
      counters[lost: ConstraintsLost.allCases[place]]
    },
    .deadlinesMissed: .fleet(.deadlinesMissed),
    .unvalidated: .fleet(.unvalidated),
    .hopLimitExceeded: .fleet(.hopLimitExceeded),
    .loops: .fleet(.loops),
    .claimRaces: .fleet(.claimRaces),
    .tokenUtilization: .agentDistribution(\.utilization),
    .tokensUsed: .agent(.tokensUsed),
    .tokensBudgeted: .agent(.tokensBudgeted),
    .tokensTrimmed: .agent(.tokensTrimmed),
    .envelopeBytes: .fleetDistribution(\.bytes),
  ]

  private static let agents: [Metric: Figure] = [
    .circuitState: .agentState(.circuitState) { Int($0.circuit.rawValue) },
    .circuitTransitions: .agentByWord(.circuitEntered) { counters, place in
      CircuitState.at(place).map { counters[transitions: $0] } ?? 0
    },
    .circuitSkipped: .agent(.skipped),
    .consecutiveFailures: .agentGauge { Double($0.failuresInARow) },
    .deadLetters: .momentByWord(.deadLetterStatus) { snapshot, place in
      ParkingState.at(place).map(snapshot.deadLetters) ?? 0
    },
    .deadLettersParked: .fleet(.deadLettersParked),
    .deadLettersReplayed: .fleet(.deadLettersReplayed),
    .deadLetterOldest: .moment { $0.snapshot.oldestDeadLetter?.seconds ?? 0 },
    .agentHealth: .agentState(.healthStatus) { HealthStatus.reported.firstIndex(of: $0.health) },
    .agentQueueLength: .agentGauge(\.queueLength),
    .agentMemory: .agentGauge(\.memoryBytes),
    .agentResponse: .agentGauge(\.responseSeconds),
    .agentErrors: .agentGauge(\.errorRatio),
    .agentLastSeen: .agentGauge { $0.lastSeen?.seconds },
    .validationResults: .names("rule", \.rules, .resultSeverity),
    .checksumMismatches: .fleet(.checksumMismatches),
    .checksumMismatchPairs: .namePairs("from_agent", "to_agent") { ($0.mismatched, $0.mismatches) },
    .clockSkew: .fleet(.clockSkew),
    .labelOverflow: .fleetByWord(LabelRange.overflow.sets) { counters, place in
      BoundedName.at(place).map { counters.overflow[$0] } ?? 0
    },
  ]
}

extension Figure {
  /// A sum for each way of packing.
  private static func byStrategy(_ counter: StrategyCounter) -> Self {
    .fleetByWord(LabelRange.strategy.sets) { counters, place in
      counters.packed[counter, EnvelopeStrategy.allCases[place]]
    }
  }
}

extension RawRepresentable<UInt8> {
  /// The word at a place of its list.
  fileprivate static func at(_ place: Int) -> Self? { Self(rawValue: UInt8(truncatingIfNeeded: place)) }
}

extension Timestamp {
  /// As Prometheus counts time.
  fileprivate var seconds: Double { Double(microseconds) / 1e6 }
}
