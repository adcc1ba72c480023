import Platform

/// Keeps small batches apart, so that a trickle of events does not cost a commit each.
struct Pacing: Sendable {
  private var lastStart: MonotonicInstant?
  private var wasFull = true

  /// Takes note of a batch.
  mutating func note(_ start: MonotonicInstant, wasFull: Bool) {
    lastStart = start
    self.wasFull = wasFull
  }

  /// Until when to wait before the next batch; nil where it may begin at once.
  func wait(_ linger: Duration, _ now: MonotonicInstant) -> MonotonicInstant? {
    guard let lastStart, !wasFull else { return nil }
    let end = lastStart + linger
    return end > now ? end : nil
  }
}
