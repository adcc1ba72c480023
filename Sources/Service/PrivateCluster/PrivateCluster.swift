// The private PostgreSQL.
//
// With no database URL the sidecar brings its own server: a cluster in <data-dir>/postgres, made once, reached by a Unix
// socket in a directory that only the server's user can enter, with a password that only a file knows.
//
//   start    find programs ─▶ lock ─▶ cluster (made beside its place, then renamed) ─▶ socket directory ─▶ lane
//   lane     adopt or launch ─▶ watch, follow its log, launch again ─▶ stop
//
// The lane alone touches the server; `Supervision` decides what it does next. The server is in a session of its own and
// outlives a sidecar that is killed: the next one finds it by the directory it works in, and takes it over if it is just
// as it would have started it; else stops and starts it. No file descriptor of ours reaches it but its log and, where the
// cluster's path is closed to its user, the cluster itself.
public import Platform

/// A PostgreSQL server of the sidecar's own.
public final class PrivateCluster: Sendable {
  /// How libpq reaches it; holds no secret.
  public let connectionString: String
  /// The server's version.
  public let version: String

  private let shared: Gate<Shared>
  private let lane: Lane
  private let lock: Guarded<FileLock?>

  private struct Shared: Sendable {
    var state = ClusterState.starting
    var pid: Int32?
    var failures = 0
    var reason = ""
    var stop: Stop?
  }

  private enum Stop: Sendable {
    case server(within: Duration)
    case supervisionOnly
  }

  /// Finds or makes the cluster under `dataDirectory`, starts its server and waits until it takes connections.
  ///
  /// What only a person can change is thrown: no programs, another major version, files of the wrong owner, a server that
  /// refuses to start. A server that takes long to recover is not an error: it is returned while `state` is `.starting`,
  /// as it is when `isLeaving` says that there is no use in waiting. `time` must go with the machine's clock.
  public static func start(
    dataDirectory: String, time: any TimeSource = SystemTime(), log: Log,
    isLeaving: () -> Bool = { false }
  ) throws(ClusterError) -> PrivateCluster {
    let (plan, lock) = try Preparation(time: time, log: log).run(dataDirectory)
    let cluster = try PrivateCluster(plan, lock, time: time, log: log)
    try cluster.waitForStart(time, isLeaving)
    return cluster
  }

  private init(_ plan: ServerPlan, _ lock: FileLock, time: any TimeSource, log: Log) throws(ClusterError) {
    let shared = Gate(Shared())
    self.shared = shared
    self.lock = Guarded(lock)
    connectionString = plan.connectionString
    version = plan.commands.binaries.version.description
    lane = try system { () throws(SystemError) in
      try Lane(name: "pg-supervisor") { Self.supervise(plan, shared, time, log) }
    }
  }

  deinit {
    stop(within: .seconds(5))
  }

  /// How it is doing.
  public var state: ClusterState { shared.withLock { $0.state } }

  /// The postmaster's process id, while it takes connections.
  public var processID: Int32? { shared.withLock { $0.pid } }

  /// Stops the server, gently as long as `limit` allows, and returns when it is gone.
  ///
  /// Later calls do nothing.
  public func stop(within limit: Duration) {
    end(.server(within: limit))
  }

  /// Ends the supervision and leaves the server, as a sidecar does that is killed.
  package func abandon() {
    end(.supervisionOnly)
  }

  private func end(_ stop: Stop) {
    shared.withLock { if $0.stop == nil { $0.stop = stop } }
    shared.broadcast()
    lane.join()
    lock.withLock { $0 = nil }
  }

  private static func supervise(
    _ plan: ServerPlan, _ shared: Gate<Shared>, _ time: any TimeSource, _ log: Log
  ) {
    var runner = ServerRunner(plan, time: time, log: log) { state, pid in
      shared.withLock { ($0.state, $0.pid) = (state, pid) }
      shared.broadcast()
    }
    while true {
      let pause = runner.round()
      shared.withLock { ($0.failures, $0.reason) = (runner.failures, runner.lastReason) }
      shared.broadcast()
      switch shared.wait(until: time.now() + pause, { $0.stop }) {
      case nil: continue
      case .supervisionOnly: return
      case .server(let limit): return runner.stop(within: limit)
      }
    }
  }

  private enum Outcome {
    case running
    case failed(String)
  }

  /// A server that is held up by the remains of another is given this long.
  private static let startLimit = Duration.seconds(60)
  private static let hopeless = 5

  private func waitForStart(_ time: any TimeSource, _ isLeaving: () -> Bool) throws(ClusterError) {
    let deadline = time.now() + Self.startLimit
    var outcome: Outcome?
    while outcome == nil, time.now() < deadline, !isLeaving() {
      outcome = shared.wait(until: time.now() + .milliseconds(100)) { shared in
        if shared.state == .running { return .running }
        let isHopeless = shared.failures >= Self.hopeless && !Self.isPassing(shared.reason)
        return isHopeless ? .failed(shared.reason) : nil
      }
    }
    guard case .failed(let reason) = outcome else { return }
    stop(within: .seconds(5))
    throw ClusterError(
      .start, "start the private PostgreSQL", reason,
      hint: "its log is postgres.log in the data directory; --database-url uses another database")
  }

  /// What time cures: a dead server's processes are still there.
  private static func isPassing(_ reason: String) -> Bool {
    reason.contains("lock file") || reason.contains("shared memory block is still in use")
  }
}
