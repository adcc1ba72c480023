import Platform

/// By when the sidecar is to be gone; a second signal brings it nearer.
final class StopDeadline: Sendable {
  private struct State: Sendable {
    var end: MonotonicInstant
    var isOver = false
  }

  private let gate: Gate<State>
  private let time: any TimeSource

  init(_ end: MonotonicInstant, time: any TimeSource) {
    gate = Gate(State(end: end))
    self.time = time
  }

  /// The moment itself.
  var end: MonotonicInstant { gate.withLock { $0.end } }

  /// The end, or `amount` from now if that is sooner.
  func share(of amount: Duration) -> MonotonicInstant { min(end, time.now() + amount) }

  /// Listens on a lane for a further signal, which leaves one second.
  func shortenOnSignal() throws(SystemError) -> Lane {
    try Lane(name: "stop") { [self] in
      while !gate.withLock({ $0.isOver }) {
        guard let signal = Signals.wait(until: time.now() + .milliseconds(100)) else { continue }
        if signal == .hangUp { continue }
        gate.withLock { $0.end = min($0.end, time.now() + .seconds(1)) }
      }
    }
  }

  /// Everything has ended.
  func finish() { gate.withLock { $0.isOver = true } }
}
