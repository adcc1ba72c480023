/// What is known of an agent: plain numbers only, so that copying thousands of them is one stroke.
struct Agent: Sendable {
  var generation: UInt16 = 0
  /// The series its counters go to.
  var series: UInt16 = 0
  /// When anything was last heard of it, and when it last said anything itself.
  var mentionedAt = Int64.min
  var heardAt = Int64.min
  /// Whether it has spoken here as a receiver: acknowledged, rejected, completed.
  var receivesHere = false

  // State.
  var active: Int32 = 0
  var overdue: Int32 = 0
  var inARow = StreakPair()
  var circuit = Circuit()
  var health = Health()

  // Since the start, or since it was first seen.
  var sent: UInt64 = 0
  var received: UInt64 = 0
  var exhausted: UInt64 = 0
  var workFailed: UInt64 = 0
  var durationTime: Int64 = 0

  /// Whether it may leave before others: nothing is open towards it, and nothing is wrong with it.
  var isIdleAndWell: Bool {
    active == 0 && circuit.state == .closed && inARow.failures == 0 && health.status <= .healthy
  }
}

/// Failures in a row, since the last acknowledgement or completion.
struct StreakPair: Equatable, Sendable {
  /// Distinct handoffs with a failed attempt, or exhausted.
  private(set) var failures: UInt32 = 0
  /// Of those, the exhausted ones: they open the circuit.
  private(set) var exhausted: UInt32 = 0
  /// Grows with each end of a row; a handoff remembers in which it was counted.
  private(set) var row: UInt32 = 1

  mutating func countFailure() { failures &+= 1 }

  mutating func countExhausted() { exhausted &+= 1 }

  mutating func end() {
    guard failures > 0 || exhausted > 0 else { return }
    failures = 0
    exhausted = 0
    row &+= 1
  }

  /// The circuit has closed for want of traffic: it takes as many again to open it.
  mutating func forgetExhausted() { exhausted = 0 }

  /// As it was before a restart.
  mutating func resume(failures: UInt32, exhausted: UInt32) {
    self.failures = failures
    self.exhausted = exhausted
  }
}
