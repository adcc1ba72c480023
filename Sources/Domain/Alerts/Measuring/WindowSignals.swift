import Analytics

extension Signal {
  /// What it says of a window.
  func measurement(of window: WindowValues, _ group: Group?) -> Measurement {
    let value = value(of: window)
    return Measurement(
      group: group, reading: value.map { .value($0) } ?? .none, handoffs: handoffs(of: window),
      failures: failures(of: window))
  }

  private func value(of window: WindowValues) -> Double? {
    switch self {
    case .failureRatio: window.failureRatio
    case .attemptFailureRatio: window.attemptFailureRatio
    case .completenessRatio: window.completeness
    case .sectionsRatio: window.sectionsRatio
    case .contextRetained: window.contextRetained
    case .latencyP50, .latencyP95, .latencyP99: quantile.flatMap { window.acknowledgement.quantile($0) }
    case .durationP50, .durationP95, .durationP99: quantile.flatMap { window.duration.quantile($0) }
    case .tokensUtilization: window.tokenUtilization
    case .tokensTrimmedRatio: window.trimmedRatio
    case .rejectionRatio: window.rejectionRatio
    case .hopsMean: window.hopDepth
    default: Double(count(in: window))
    }
  }

  private func count(in window: WindowValues) -> Int {
    switch self {
    case .failureCount: Int(clamping: window[.exhausted])
    case .validationFailedCount: Int(clamping: window[.validationFailures])
    case .checksumMismatches: Int(clamping: window[.checksumMismatches])
    case .constraintsLost: Int(clamping: window[.constraintsLost])
    case .deadlinesMissed: Int(clamping: window[.deadlinesMissed])
    case .rollbackFailedCount: Int(clamping: window[.rollbackFailures])
    case .hopsMax: window[.hops]
    case .escalationDepth: window[.escalation]
    // How often one task went the same way again: the first time is no loop yet.
    case .loopsCount: max(0, window[.edgeTravels] - 1)
    default: 0
    }
  }

  private func handoffs(of window: WindowValues) -> UInt64 {
    switch self {
    case .completenessRatio: window[.referenced]
    case .sectionsRatio: window[.sectioned]
    case .contextRetained: window[.chained]
    case .tokensUtilization, .tokensTrimmedRatio: window[.budgeted]
    case .latencyP50, .latencyP95, .latencyP99: window[.acknowledgements]
    case .durationP50, .durationP95, .durationP99: window[.durations]
    case .attemptFailureRatio: window[.attempts]
    case .rejectionRatio: window[.rejected] &+ window.concluded
    case .hopsMax, .hopsMean: window[.depths]
    default: window.concluded
    }
  }

  private func failures(of window: WindowValues) -> UInt64 {
    switch self {
    case .attemptFailureRatio: window[.attemptFailures]
    case .rejectionRatio: window[.rejected]
    default: window[.exhausted]
    }
  }
}
