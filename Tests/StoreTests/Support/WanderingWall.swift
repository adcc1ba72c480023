import Platform

/// A wall clock that goes on by a step with every look at it: minutes pass while a test runs.
final class WanderingWall: TimeSource {
  private let moment: Guarded<Int64>
  private let step: Int64

  /// Starts at a moment, in microseconds since 1970, and goes on by `step` microseconds.
  init(from start: Int64 = Occurrence.base, step: Int64) {
    moment = Guarded(start)
    self.step = step
  }

  func now() -> MonotonicInstant { SystemTime().now() }

  func wall() -> WallTime {
    moment.withLock {
      $0 += step
      return WallTime(microseconds: $0)
    }
  }
}
