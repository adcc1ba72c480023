// The life of one alert.
//
//   inactive ──bad──▶ pending ──bad for `for`──▶ firing ──good──▶ cooling ──good for `keep_firing_for`──▶ inactive
//      ▲                 │                         ▲                 │                              (resolved)
//      └──────good───────┘                         └──────bad────────┘
//
// `cooling` still counts as firing for everybody outside. Where a time is zero, the state is passed through at
// once. A verdict of `unchanged` leaves every state as it is, except that it lets no time count: what is pending
// stays pending and fires only once it is known to be bad again.
//
// Flaps are damped: an alert that has begun to fire four times within a quarter of an hour is held for five
// minutes, however short its rule lets it be, so that it is one long episode instead of many short ones.
public import Model

/// The state of one alert; a pure machine that is told the time.
public struct AlertLife: Equatable, Sendable {
  /// Where it stands.
  public enum Phase: Equatable, Sendable {
    case inactive
    /// Bad since then, not long enough yet.
    case pending(since: Timestamp)
    /// Firing since then.
    case firing(since: Timestamp)
    /// Firing since the first moment, good since the second, not long enough yet.
    case cooling(since: Timestamp, goodSince: Timestamp)
  }

  /// What is told of an alert when its state changes.
  public enum Change: String, CaseIterable, Sendable {
    case pending
    case firing
    case resolved
    /// It was pending and never fired.
    case inactive
  }

  /// How long is long enough.
  public struct Times: Equatable, Sendable {
    /// Bad before it fires.
    public var patience: Duration
    /// Good before it resolves.
    public var keepsFiringFor: Duration

    /// Those times.
    public init(patience: Duration = .zero, keepsFiringFor: Duration = .zero) {
      self.patience = patience
      self.keepsFiringFor = keepsFiringFor
    }
  }

  /// Where it stands.
  public private(set) var phase = Phase.inactive
  /// When it last began to fire, up to four times.
  private var starts: [Timestamp] = []

  private static let flapCount = 4
  private static let flapWindow: Int64 = 900_000_000
  private static let flapHold: Int64 = 300_000_000

  /// An alert that is inactive.
  public init() {}

  /// An alert that has been firing since a moment, as it was stored.
  public init(firingSince since: Timestamp, goodSince: Timestamp? = nil) {
    phase = goodSince.map { .cooling(since: since, goodSince: $0) } ?? .firing(since: since)
    starts = [since]
  }

  /// Since when it fires; nil if it does not.
  public var firingSince: Timestamp? {
    switch phase {
    case .firing(let since), .cooling(let since, _): since
    case .inactive, .pending: nil
    }
  }

  /// Whether nothing of it need be kept: inactive, and no flap to remember.
  func isForgettable(at now: Timestamp) -> Bool {
    phase == .inactive && starts.allSatisfy { now.microseconds &- $0.microseconds > Self.flapWindow }
  }

  /// Whether it comes and goes too often.
  public func isFlapping(at now: Timestamp) -> Bool {
    starts.count == Self.flapCount
      && starts.allSatisfy { now.microseconds &- $0.microseconds <= Self.flapWindow }
  }

  /// Takes a verdict at a moment, and says what changed, in order; moments never go back.
  public mutating func step(_ verdict: Verdict, at now: Timestamp, _ times: Times) -> [Change] {
    switch verdict {
    case .unchanged: pause(at: now)
    case .bad: return turnBad(at: now, times)
    case .good: return turnGood(at: now, times)
    }
    return []
  }

  private mutating func pause(at now: Timestamp) {
    if case .pending = phase { phase = .pending(since: now) }
    if case .cooling(let since, _) = phase { phase = .cooling(since: since, goodSince: now) }
  }

  private mutating func turnBad(at now: Timestamp, _ times: Times) -> [Change] {
    switch phase {
    case .firing: return []
    case .cooling(let since, _):
      phase = .firing(since: since)
      return []
    case .inactive:
      if times.patience > .zero {
        phase = .pending(since: now)
        return [.pending]
      }
    case .pending(let since):
      if now.microseconds &- since.microseconds < times.patience.microseconds { return [] }
    }
    phase = .firing(since: now)
    starts = (starts + [now]).suffix(Self.flapCount)
    return [.firing]
  }

  private mutating func turnGood(at now: Timestamp, _ times: Times) -> [Change] {
    switch phase {
    case .inactive: return []
    case .pending:
      phase = .inactive
      return [.inactive]
    case .firing(let since):
      let hold = hold(at: now, times)
      if hold > 0 {
        phase = .cooling(since: since, goodSince: now)
        return []
      }
    case .cooling(_, let goodSince):
      if now.microseconds &- goodSince.microseconds < hold(at: now, times) { return [] }
    }
    phase = .inactive
    return [.resolved]
  }

  private func hold(at now: Timestamp, _ times: Times) -> Int64 {
    let own = times.keepsFiringFor.microseconds
    return isFlapping(at: now) ? max(own, Self.flapHold) : own
  }
}
