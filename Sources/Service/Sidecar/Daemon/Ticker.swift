import Platform

/// A lane that calls at a steady pace, for deadlines that nothing else watches.
final class Ticker: Sendable {
  private let gate = Gate(false)
  private let lane: Lane

  init(
    every pace: Duration, time: any TimeSource, _ body: @escaping @Sendable (MonotonicInstant) -> Void
  ) throws(SystemError) {
    let gate = gate
    lane = try Lane(name: "ticker") {
      while gate.wait(until: time.now() + pace, { $0 ? true : nil }) == nil { body(time.now()) }
    }
  }

  func stop() {
    gate.withLock { $0 = true }
    gate.broadcast()
    lane.join()
  }
}
