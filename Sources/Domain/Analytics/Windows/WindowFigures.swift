extension WindowValues {
  /// Handoffs delivered or exhausted.
  public var concluded: UInt64 { self[.delivered] &+ self[.exhausted] }
  /// Exhausted handoffs of those concluded.
  public var failureRatio: Double? { share(self[.exhausted], of: concluded) }
  /// Handoffs delivered and not failed at work, of those concluded.
  public var successRate: Double? {
    let failed = min(self[.workFailed], self[.delivered])
    return share(self[.delivered] &- failed, of: concluded)
  }
  /// Failed attempts of all attempts.
  public var attemptFailureRatio: Double? { share(self[.attemptFailures], of: self[.attempts]) }
  /// Rejected handoffs of those rejected or concluded.
  public var rejectionRatio: Double? { share(self[.rejected], of: self[.rejected] &+ concluded) }
  /// References resolved of those requested, over all handoffs together.
  public var completeness: Double? { share(self[.resolved], of: self[.requested]) }
  /// Tokens used of those budgeted, over all handoffs together.
  public var tokenUtilization: Double? { share(self[.tokensUsed], of: self[.tokensBudgeted]) }
  /// Handoffs of which something was trimmed, of those with a budget.
  public var trimmedRatio: Double? { share(self[.trimmed], of: self[.budgeted]) }
  /// Sections present of those expected.
  public var sectionsRatio: Double? {
    share(self[.sections], of: self[.sectioned] &* UInt64(EnvelopeSection.expected))
  }
  /// Context retained along the chain, on the average of all handoffs.
  public var contextRetained: Double? {
    share(self[.retained], of: Int64(clamping: self[.chained])).map { $0 / 1e6 }
  }
  /// The least context that a handoff's chain retained.
  public var leastContextRetained: Double? {
    self[.chained] > 0 ? 1 - Double(self[.contextLost]) / 1e6 : nil
  }
  /// Handoffs in a task, on the average of the tasks that came to an end or to rest.
  public var taskHops: Double? { share(self[.taskHops], of: self[.tasks]) }
  /// The hop depth, on the average of all handoffs.
  public var hopDepth: Double? { share(self[.depthSum], of: self[.depths]) }
  /// The average latency of acknowledgement, in seconds.
  public var averageAcknowledgement: Double? {
    share(self[.acknowledgementTime], of: Int64(clamping: self[.acknowledgements])).map { $0 / 1e6 }
  }
  /// The average duration, in seconds.
  public var averageDuration: Double? {
    share(self[.durationTime], of: Int64(clamping: self[.durations])).map { $0 / 1e6 }
  }
  /// The shortest and the longest latency of acknowledgement, in seconds; only known over all handoffs.
  public var acknowledgementRange: (least: Double, greatest: Double)? { acknowledgementSpan.seconds }
  /// The shortest and the longest duration, in seconds; only known over all handoffs.
  public var durationRange: (least: Double, greatest: Double)? { durationSpan.seconds }

  private func share<Number: BinaryInteger>(_ part: Number, of whole: Number) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
