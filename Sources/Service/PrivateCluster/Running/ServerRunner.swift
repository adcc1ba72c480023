import Platform

/// Carries out what the supervision decides; it lives on one lane, from the first launch to the stop.
struct ServerRunner {
  private let plan: ServerPlan
  private let time: any TimeSource
  private let log: Log
  private let report: (ClusterState, Int32?) -> Void
  private let probe: Probe
  private var machine: Supervision
  private var server: RunningServer?
  private var serverLog: ServerLog
  private var reason = ""
  private var lastLook = MonotonicInstant.distantPast

  /// How often in a row the server could not be started.
  var failures: Int { machine.failures }
  /// Why the last attempt failed, as far as known.
  var lastReason: String { serverLog.lastFatal ?? reason }

  /// Takes over what an earlier sidecar left, or begins with nothing; every change is told to `report`.
  init(
    _ plan: ServerPlan, time: any TimeSource, log: Log, report: @escaping (ClusterState, Int32?) -> Void
  ) {
    self.plan = plan
    self.time = time
    self.log = log
    self.report = report
    probe = Probe(connectionString: plan.connectionString, time: time)
    serverLog = ServerLog(plan.layout.log)
    machine = Supervision(now: time.now())
    adopt()
  }

  private mutating func adopt() {
    switch LeftServer.find(plan) {
    case .none: return
    case .fitting(let process):
      server = .adopted(process)
      machine = Supervision(adoptedAt: time.now())
      log(
        .info, "the private PostgreSQL of an earlier run is still there; it is taken over",
        ["pid": .count(process.pid)])
    case .unfit(let process, let why):
      log(
        .info, "the private PostgreSQL of an earlier run is still there; it is stopped and started anew",
        ["pid": .count(process.pid), "because": .text(why)])
      _ = RunningServer.adopted(process).end(within: .seconds(30), time: time)
    }
  }

  /// Looks, does what is to be done, and returns how long nothing needs to be looked at.
  mutating func round() -> Duration {
    let action = machine.step(sight(), now: time.now())
    perform(action)
    followLog()
    if case .ready = machine.phase { return .milliseconds(100) }
    return action == .wait ? .milliseconds(20) : .zero
  }

  private mutating func sight() -> Supervision.Sight {
    var sight = Supervision.Sight(isRunning: server?.isRunning ?? false, leftovers: 0, answer: .silence)
    switch machine.phase {
    case .down: sight.leftovers = plan.workers().count
    case .launching where sight.isRunning:
      let found = probe.run()
      sight.answer = found.answer
      if let words = found.reason { reason = words }
    case .launching, .ready: break
    }
    return sight
  }

  private mutating func perform(_ action: Supervision.Action) {
    switch action {
    case .wait: break
    case .clear(let signal): clear(signal)
    case .launch: launch()
    case .announce: announce()
    case .mourn(let wasReady): mourn(wasReady)
    case .replace: replace()
    case .provide(let part): provide(part)
    }
  }

  private func clear(_ signal: Signal) {
    let workers = plan.workers()
    log(
      .warning, "processes of a dead private PostgreSQL still work in its directory; they are ended",
      ["processes": .count(workers.count), "signal": .of(signal.rawValue)])
    workers.forEach { $0.signal(signal) }
    let deadline = time.now() + .milliseconds(500)
    workers.forEach { _ = $0.wait(until: deadline) }
  }

  private mutating func launch() {
    serverLog.startAnew()
    plan.removeStaleLocks()
    report(.starting, nil)
    do throws(SystemError) {
      server = .child(try ChildProcess.spawn(try plan.command()))
    } catch {
      server = nil
      reason = error.description
    }
  }

  private func announce() {
    log(
      .info, "the private PostgreSQL takes connections",
      [
        "version": .of(plan.commands.binaries.version), "pid": .count(server?.pid ?? 0),
        "socket": .text(plan.socketDirectory),
      ])
    report(.running, server?.pid)
  }

  private mutating func mourn(_ wasReady: Bool) {
    // What it said last is the best reason there is.
    followLog()
    server = nil
    log(
      .warning,
      wasReady
        ? "the private PostgreSQL ended; it is started again"
        : "the private PostgreSQL did not start; it is tried again",
      ["reason": .text(lastReason), "attempts": .count(machine.failures)])
    report(.restarting(reason: lastReason), nil)
  }

  private mutating func replace() {
    log(
      .warning, "the private PostgreSQL does not answer; it is stopped and started again",
      ["reason": .text(lastReason)])
    report(.restarting(reason: lastReason), nil)
    _ = server?.end(within: .seconds(10), time: time)
    server = nil
  }

  private mutating func provide(_ part: Provision.Part) {
    log(
      .warning, "the private PostgreSQL refuses handoffd; it is stopped, set up again and started",
      ["reason": .text(reason), "missing": part == .passwords ? "role or password" : "database"])
    _ = server?.end(within: .seconds(30), time: time)
    server = nil
    do throws(ClusterError) {
      let passwords = Passwords.random()
      if part == .passwords {
        try system { () throws(SystemError) in try passwords.write(to: plan.layout.passwords) }
      }
      try Provision(commands: plan.commands, time: time).run(
        [part], passwords: passwords, on: plan.layout.cluster)
    } catch {
      reason = error.description
      log(.error, "the private PostgreSQL could not be set up again", ["reason": .of(error)])
    }
  }

  private mutating func followLog() {
    let now = time.now()
    if now - lastLook < .milliseconds(500), server?.isRunning == true { return }
    lastLook = now
    for line in serverLog.follow() {
      log(.warning, "the private PostgreSQL says", ["fatal": .text(line)])
    }
  }

  /// Ends the server for good.
  mutating func stop(within limit: Duration) {
    defer { report(.stopped, nil) }
    guard let server, server.isRunning else { return }
    let signal = server.end(within: limit, time: time)
    if signal == .kill { plan.workers().forEach { $0.signal(.kill) } }
    let isGentle = signal == .interrupt
    log(
      isGentle ? .info : .warning,
      isGentle
        ? "the private PostgreSQL is stopped"
        : "the private PostgreSQL had to be stopped by force; it will recover at the next start",
      ["signal": .of(signal.rawValue)])
    self.server = nil
    plan.removeForeignSocketDirectory()
  }
}
