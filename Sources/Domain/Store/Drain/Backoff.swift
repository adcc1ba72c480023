import Platform

/// How long to wait before the next attempt: longer after each failure, and never in step with others.
struct Backoff: Sendable {
  /// The longest wait for what is likely to pass by itself, in seconds.
  private let patience: Double
  /// The failures since something last went well.
  private(set) var failures = 0

  /// No failures yet; what is likely to pass by itself is waited for at most `patience`.
  init(patience: Duration = .seconds(10)) {
    self.patience = patience.inSeconds
  }

  /// Things went well.
  mutating func reset() { failures = 0 }

  /// The wait after one more failure; `jitter` is a random number from 0 to 1.
  mutating func next(after fault: FaultKind, jitter: Double) -> Duration {
    failures += 1
    let (first, last) = fault == .transient ? (min(0.1, patience), patience) : fault.range
    let doubled = first * Double(1 << min(failures - 1, 16))
    // From half of it to all of it.
    return .seconds(min(doubled, last) * (0.5 + 0.5 * min(max(jitter, 0), 1)))
  }

  /// The kinds of failure that are waited for differently.
  enum FaultKind: Sendable {
    case collision
    case transient
    case full
    case configuration

    /// The first and the longest wait, in seconds.
    fileprivate var range: (Double, Double) {
      switch self {
      case .collision: (0.01, 1)
      case .transient: (0.1, 10)
      case .full: (5, 60)
      case .configuration: (5, 60)
      }
    }
  }
}
