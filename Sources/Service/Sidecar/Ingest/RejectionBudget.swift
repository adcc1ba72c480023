import Platform

/// How many refused bodies are kept: at most so many a minute; the rest are only counted.
final class RejectionBudget: Sendable {
  private struct State {
    var windowStart: MonotonicInstant
    var kept = 0
  }

  private let perMinute: Int
  private let state: Guarded<State>

  init(perMinute: Int, now: MonotonicInstant) {
    self.perMinute = perMinute
    state = Guarded(State(windowStart: now))
  }

  /// How many of `wanted` may be kept now; they count as kept.
  func take(_ wanted: Int, at now: MonotonicInstant) -> Int {
    state.withLock { state in
      if now - state.windowStart >= .seconds(60) { state = State(windowStart: now) }
      let granted = min(wanted, perMinute - state.kept)
      state.kept += granted
      return granted
    }
  }
}
