import Platform

/// Work that takes too long for the threads that serve connections, done in order by lanes of its own.
///
/// What waits here is bounded by the bytes of requests that the HTTP server holds.
final class WorkQueue: Sendable {
  private struct State: Sendable {
    var jobs: [@Sendable () -> Void] = []
    var isClosed = false
  }

  private let gate = Gate(State())

  /// Starts `count` lanes.
  func start(_ count: Int, name: String) throws(SystemError) -> [Lane] {
    var lanes: [Lane] = []
    for number in 1...max(1, count) { lanes.append(try Lane(name: "\(name)-\(number)") { self.work() }) }
    return lanes
  }

  /// Adds a job; false once the queue is closed.
  func add(_ job: @escaping @Sendable () -> Void) -> Bool {
    let isTaken = gate.withLock { state in
      if !state.isClosed { state.jobs.append(job) }
      return !state.isClosed
    }
    if isTaken { gate.signal() }
    return isTaken
  }

  /// Takes no more jobs; the lanes end when those that wait are done.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  private func work() {
    while let job = next() { job() }
  }

  private func next() -> (@Sendable () -> Void)? {
    gate.wait(until: nil) { state -> (@Sendable () -> Void)?? in
      if !state.jobs.isEmpty { return state.jobs.removeFirst() }
      return state.isClosed ? .some(nil) : nil
    }.flatMap { $0 }
  }
}
