import Glibc
import Platform
import Synchronization

/// The lane that keeps the deadlines.
///
/// The library's timeouts are of inactivity: a byte a second keeps a connection for ever. So a lane of ours looks at
/// every connection a few times a second and shuts the sockets of the slow ones; the library sees the end of the
/// stream and does the rest.
final class Reaper: Sendable {
  private let isStopped = Gate(false)
  private let lane: Lane

  init(_ core: ServerCore) throws(SystemError) {
    let isStopped = isStopped
    lane = try Lane(name: "http-reaper") {
      while isStopped.wait(until: core.time.now() + core.limits.reaping, { $0 ? true : nil }) == nil {
        core.reap()
      }
    }
  }

  deinit { stop() }

  func stop() {
    isStopped.withLock { $0 = true }
    isStopped.broadcast()
    lane.join()
  }
}

extension ServerCore {
  /// Cuts what is too slow and answers what waits too long.
  func reap() {
    let now = time.now()
    let (cut, resume) = connections.sweep { $0.expire(now) }
    for connection in resume { connection.resume() }
    counters.cut.add(cut, ordering: .relaxed)
    if cut > 0 { log(.debug, "cut connections that were too slow", ["connections": .count(cut)]) }
    if !resume.isEmpty {
      log(
        .warning,
        "cannot answer requests in time: the handler has not replied; they get status 503 and may be retried",
        ["requests": .count(resume.count)])
    }
  }

  /// Waits until no request is to be expected any more from clients that do not know of the end.
  func awaitLastRequests(until deadline: MonotonicInstant) {
    let never = Gate(false)
    while time.now() < deadline, connections.isExpectant(time.now(), patience: .milliseconds(200)) {
      _ = never.wait(until: time.now() + .milliseconds(2)) { $0 ? true : nil }
    }
  }

  /// Ends every exchange, so that the library may be stopped: what waits is answered and has a second to be
  /// sent, then the connections are cut.
  ///
  /// False where a handler does not return.
  func endExchanges() -> Bool {
    requests.close()
    isEnding.store(true, ordering: .sequentiallyConsistent)
    for connection in connections.sweep({ $0.end() }).resume { connection.resume() }
    if !requests.closeWhenEmpty(deadline: time.now() + .seconds(1)) {
      for connection in connections.sweep({ $0.expire(.distantFuture) }).resume { connection.resume() }
      guard requests.closeWhenEmpty(deadline: time.now() + .seconds(5)) else { return false }
    }
    while resumers.load(ordering: .sequentiallyConsistent) > 0 { sched_yield() }
    return true
  }
}
