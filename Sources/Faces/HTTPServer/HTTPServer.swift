// The bridge between libmicrohttpd and everybody else.
//
// A request is born on one of two serving lanes, each of which runs a daemon of the library; a lane serves thousands of
// connections over epoll and so must never wait. When a body is whole, the handler gets it with a `Reply`. If the reply
// is sent before the handler returns, the answer is queued at once. If not, the connection is suspended: the library
// forgets it until the reply, from any thread, stores the response and resumes it; then the library calls again and the
// answer is queued. Responses are queued on the serving lanes only.
//
//   acceptor         accept ─► one of the serving lanes, in turn
//   serving lane     first call ─► policy, admission     body ─► collected     whole ─► handle ─► queue, or suspend
//   any thread                                                              reply.send ─► store, resume
//   serving lane                                                                          called again ─► queue
//   reaper           every 100 ms: too slow ─► shutdown(fd); suspended too long ─► 503, resume
//
// Rules that the library's version 0.9.75 teaches:
//   - its framing is lenient, so the policy here decides first, and whatever is odd ends the connection;
//   - upload data is always taken whole, else the connection hangs;
//   - it does not notice that the client of a suspended connection left, so every suspension has a deadline;
//   - stopping it with one suspended connection aborts the process, and stopping it right after resuming loses
//     answers. So: accept no more, wait until every exchange is over, answer the rest ourselves, wait again, stop;
//   - its own threads can wait for ever, and cannot be told to stop listening without a race that aborts the process;
//     so the threads and the listening are ours (see `Daemon`);
//   - a socket is only ever shut down by us, never closed, and under the lock its closing is told under.
//
// Some requests never come to the first call, because the library cannot make one of them. It answers these itself, in
// HTML, closes the connection, and has no option by which the words could be ours:
//   - a request line (414) or a head (431) that does not fit into the connection's memory; ours speaks first up to
//     about 60 KiB, and `HTTPLimits.connectionMemory` tells why not further;
//   - a version other than HTTP/1.x (505), and a request line, field or chunk that is none (400);
//   - a Content-Length that is no number (400), or one beyond 64 bits (413). There it forgets that it has answered, and
//     writes the head a second time: a client takes it for the beginning of the body, whose length counts the rest only.
// The callback for the target comes too early to see any of this, the one for the log too late and without saying for
// which connection. None of these requests reaches a handler, and nothing that follows on the connection is read.
//
// Locks: one per connection around its state machine (`Exchange`), held for a few instructions; one around the table
// of connections, taken when a connection comes or goes and by the reaper, which takes the connections' locks inside.
// No call leaves the module with either held. They are `Gate`s: the standard library's Mutex hands itself over to the next
// in line on Linux, so that once two lanes meet at it each step costs a change of thread, and on a busy machine a wait.
public import Platform
import Synchronization

/// An HTTP server on one or more addresses.
public final class HTTPServer: Sendable {
  /// Where it listens, with the ports the system chose.
  public let boundAddresses: [String]

  private let core: ServerCore
  private let lanes: [ServingLane]
  private let acceptor: Acceptor
  private let reaper: Reaper
  private let isStopped = Gate(false)

  /// Listens on `addresses` (`host:port`, port 0 for any) and serves from now on.
  ///
  /// Raises the process's limit of open files as far as the system allows.
  public init(
    addresses: [String], limits: HTTPLimits = HTTPLimits(), handler: any RequestHandler,
    time: any TimeSource = SystemTime(), log: Log
  ) throws(HTTPServerError) {
    var listeners: [ListenSocket] = []
    for address in addresses { listeners += try ListenSocket.open(address) }
    core = ServerCore(
      handler: handler, limits: limits, openFiles: OpenFileLimit.raise(), time: time, log: log)
    boundAddresses = listeners.map(\.address)
    lanes = try Self.lanes(core)
    do throws(SystemError) {
      reaper = try Reaper(core)
      acceptor = try Acceptor(listeners, lanes, core)
    } catch {
      for lane in lanes { lane.stop() }
      throw HTTPServerError(
        code: .start, subject: addresses.joined(separator: ", "), cause: error.description, hint: "")
    }
  }

  deinit { stop() }

  /// What it has done and holds.
  public var statistics: HTTPStatistics { core.statistics }

  /// Takes no more connections, then waits until every request that came has its answer.
  ///
  /// From here on every answer ends its connection; connections that were at work a moment ago get the time for one
  /// more request, so that a client under load hears of the end instead of running into it. Returns whether all was
  /// answered before `deadline`; what was not is still waited for, until `stop`.
  @discardableResult
  public func drain(deadline: MonotonicInstant) -> Bool {
    core.isDraining.store(true, ordering: .relaxed)
    acceptor.stop()
    core.awaitLastRequests(until: min(deadline, core.time.now() + .seconds(1)))
    return core.requests.closeWhenEmpty(deadline: deadline)
  }

  /// Ends it: whatever is still unanswered gets 503 and a second to be sent.
  public func stop() {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    guard isFirst else { return }
    drain(deadline: core.time.now())
    guard core.endExchanges() else {
      return core.log(
        .error, "cannot stop the HTTP server: a handler does not return; its threads are left behind")
    }
    for lane in lanes { lane.stop() }
    reaper.stop()
  }

  private static func lanes(_ core: ServerCore) throws(HTTPServerError) -> [ServingLane] {
    var lanes: [ServingLane] = []
    for index in 1...max(1, core.limits.threads) {
      do throws(HTTPServerError) {
        let lane = try ServingLane(core)
        lanes.append(lane)
        try lane.start(index)
      } catch {
        for lane in lanes { lane.stop() }
        throw error
      }
    }
    return lanes
  }
}
