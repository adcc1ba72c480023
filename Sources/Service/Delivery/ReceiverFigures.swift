import Platform

/// What is counted of one receiver.
final class ReceiverFigures: Sendable {
  /// The counts at one moment.
  struct Counts: Sendable {
    var delivered: UInt64 = 0
    var attempts: UInt64 = 0
    var failed: [FailureCause: UInt64] = [:]
    /// Durations of attempts that the owner has not taken yet.
    var durations: [Duration] = []
  }

  private let counts = Guarded(Counts())
  private static let mostDurations = 1000

  func attempted(in duration: Duration) {
    counts.withLock { counts in
      counts.attempts &+= 1
      if counts.durations.count < Self.mostDurations { counts.durations.append(duration) }
    }
  }

  func delivered() { counts.withLock { $0.delivered &+= 1 } }

  func failed(_ cause: FailureCause) { counts.withLock { $0.failed[cause, default: 0] &+= 1 } }

  /// The counts; durations are given once.
  func take() -> Counts {
    counts.withLock { counts in
      defer { counts.durations = [] }
      return counts
    }
  }
}
