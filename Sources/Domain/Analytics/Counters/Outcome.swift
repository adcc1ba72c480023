/// How a handoff finished: when it was first delivered, or first ended without.
public enum Outcome: UInt8, CaseIterable, Sendable {
  case delivered
  case failed
  case rejected
  case cancelled
  case expired
  case parked
  case rerouted
  case timeout

  /// The word in labels.
  public var name: String { "\(self)" }

  /// Whether the target is exhausted by it.
  var isExhausted: Bool {
    switch self {
    case .failed, .parked, .expired, .rerouted, .timeout: true
    case .delivered, .rejected, .cancelled: false
    }
  }
}

/// What became of the work, once a handoff was delivered.
public enum WorkResult: Int, CaseIterable, Sendable {
  case completed
  case failed

  /// The word in labels.
  public var name: String { "\(self)" }
}
