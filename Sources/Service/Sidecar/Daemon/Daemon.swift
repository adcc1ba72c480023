import Alerts
import Analytics
import Catalogue
import Configuration
import Decoding
import Delivery
import HTTPServer
import Model
import Platform
import Spool
import Store
import Synchronization

/// The parts of a running sidecar.
final class Daemon: Sendable {
  private let live: LiveSettings
  private let spool: Spool
  private let server: HTTPServer
  private let waiters: CommitWaiters
  private let readers: Readers
  private let exporters: Readers
  private let queue: WorkQueue
  private let scrapes: Scrapes
  private let numbers: Numbers
  private let alerts: AlertKeeper
  private let follower: Follower
  private let database: DatabaseKeeper
  private let lanes: [Lane]
  private let ticker: Ticker
  private let isStopping: StopFlag
  private let time: any TimeSource
  private let log: Log

  init(
    _ settings: Settings, build: BuildLabels, reload: @escaping Sidecar.Reload, time: any TimeSource, log: Log
  ) throws(StartFailure) {
    self.time = time
    self.log = log
    let metrics = SidecarMetrics(startedAt: time.wall(), mostAgents: settings.agentSeries)
    let live = LiveSettings(settings, reload: reload, record: metrics.reloads, time: time, log: log)
    self.live = live
    try DataLayout.prepare(settings)
    let spool = try Self.openSpool(settings, time, log)
    self.spool = spool
    let waiters = CommitWaiters()
    self.waiters = waiters
    queue = WorkQueue()
    readers = Readers(patience: .seconds(5), limit: 64, time: time, log: log)
    exporters = Readers(patience: .seconds(5), limit: 8, time: time, log: log)
    let isStopping = StopFlag()
    self.isStopping = isStopping
    let instance = try InstanceName.of(settings, identity: spool.identity.description)
    let rules = try Self.rules(settings)
    let inbox = AlertInbox()
    let requests = RightOfWay()
    let numbers = Numbers(
      AnalyticsSettings(settings, for: rules), spool: spool, behind: requests, time: time,
      tell: { inbox.put($0) })
    self.numbers = numbers
    let database = DatabaseKeeper(
      settings, instance: instance, spool: spool, waiters: waiters, numbers: numbers, time: time, log: log)
    self.database = database
    let memory = IdentityMemory(rebuiltFrom: spool, time: time)
    let ingest = Ingest(
      Self.ingest(settings, instance: instance), spool: spool, memory: memory, waiters: waiters, queue: queue,
      requests: requests, metrics: metrics, time: time)
    let figures = OwnFigures(
      metrics: metrics, build: build, spool: { spool.status() }, store: { database.storeStatus },
      process: ProcessWatch(time: time), time: time)
    let follower = Follower(
      numbers, spool: spool.identity, store: { database.storeStatus }, FollowerSettings(settings), time: time,
      log: log)
    self.follower = follower
    let sharing = AlertSharing(
      isPrivate: settings.database == nil, instance: instance, spool: spool.identity,
      sources: Self.sharing(database, live, time), time: time, log: log)
    let begun = spool.status().nextSequence
    let alerts = AlertKeeper(
      directory: settings.dataDirectory + "/alerts", inbox: inbox,
      sources: AlertSources(
        numbers: numbers, own: { figures.forAlerts }, knowsPast: { follower.hasPast },
        isReady: { numbers.hasFolded(below: begun) }), sharing: sharing, time: time, log: log)
    self.alerts = alerts
    let receivers = ReceiverMetrics()
    let page = NumbersPage(numbers)
    let scrapes = Scrapes {
      [
        page.source, SampleSource(figures.samples), SampleSource(alerts.view.withLock { $0.figures }.samples),
        SampleSource(receivers.samples(alerts.dispatcher.statuses())),
      ]
    }
    self.scrapes = scrapes
    let routes = RouteTable(
      ingest: ingest, queue: queue, readers: readers, exporters: exporters, live: live, scrapes: scrapes,
      numbers: numbers,
      database: database,
      follower: follower, alerts: alerts, spool: spool, isStopping: isStopping, time: time, log: log)
    server = try Self.listen(settings, routes.router(metrics), time, log)
    let address = server.boundAddresses.first.map { "http://\($0)" } ?? "http://127.0.0.1:9797"
    let judging = try alerts.start(rules, address: address)
    live.onReload { [log] settings in Self.useRules(of: settings, numbers, inbox, log) }
    do throws(SystemError) {
      lanes =
        try [judging, sharing.start(alerts), numbers.start(), follower.start()]
        + queue.start(2, name: "decode") + readers.start(2) + exporters.start(2, name: "export")
        + scrapes.start()
      ticker = try Ticker(every: .milliseconds(50), time: time) { waiters.expire(at: $0) }
      try database.start { [readers, exporters] queries in
        readers.use(queries)
        exporters.use(queries)
        follower.use(queries)
      }
    } catch {
      throw StartFailure(error)
    }
    try DataLayout.announce(server.boundAddresses, settings)
    for address in server.boundAddresses { log(.info, "listening", ["address": .text(address)]) }
  }

  /// Waits for signals until one says to end.
  func run() -> Int32 {
    while true {
      switch Signals.wait() {
      case .hangUp: _ = live.reload()
      case .terminate, .interrupt: return stop()
      default: continue
      }
    }
  }

  /// Ends everything in order; a second signal shortens the wait.
  private func stop() -> Int32 {
    log(.info, "stopping: requests are answered, then the spool is drained as far as time allows")
    isStopping.raise()
    let deadline = StopDeadline(time.now() + .seconds(8), time: time)
    let listener = try? deadline.shortenOnSignal()
    if !server.drain(deadline: deadline.share(of: .seconds(4))) {
      log(.warning, "some requests were not answered in time and were told to try again")
    }
    waiters.expireAll()
    server.stop()
    queue.close()
    scrapes.close()
    readers.close()
    exporters.close()
    follower.close()
    numbers.close()
    alerts.stop()
    spool.close()
    database.stop(by: deadline)
    ticker.stop()
    for lane in lanes { lane.join() }
    deadline.finish()
    listener?.join()
    DataLayout.withdraw(live.current)
    let left = spool.status().events
    log(.info, "stopped", ["undrained_events": .count(left)])
    return database.hasFailed ? 1 : 0
  }
}

extension Daemon {
  private static func sharing(
    _ database: DatabaseKeeper, _ live: LiveSettings, _ time: any TimeSource
  ) -> AlertSharing.Sources {
    AlertSharing.Sources(
      ledger: { database.alertLedger }, isUp: { database.storeStatus?.isUp ?? false },
      standing: { () throws(StoreError) in
        let settings = live.current
        let clock = FleetClock(
          now: Timestamp(microseconds: time.wall().microseconds),
          overdueAfter: settings.acknowledgementTimeout,
          idleAfter: settings.idleAfter)
        return try database.standing(clock).map { FleetStanding($0) }
      })
  }

  private static func rules(_ settings: Settings) throws(StartFailure) -> RuleSet {
    do throws(RulesUnreadable) {
      return try RuleSet.named(by: settings).get()
    } catch {
      throw StartFailure(error)
    }
  }

  /// Hands new rules over; faulty ones change nothing.
  private static func useRules(of settings: Settings, _ numbers: Numbers, _ inbox: AlertInbox, _ log: Log) {
    switch RuleSet.named(by: settings) {
    case .success(let rules):
      numbers.update { analytics, _ in analytics.keepWindows(as: rules.windows(in: analytics.settings)) }
      inbox.put(rules)
    case .failure(let reason):
      log(.error, "cannot use the new rules; the old ones stay in force", ["error": .of(reason)])
    }
  }

  private static func openSpool(
    _ settings: Settings, _ time: any TimeSource, _ log: Log
  ) throws(StartFailure) -> Spool {
    do throws(SpoolError) {
      return try Spool.open(
        directory: settings.dataDirectory + "/spool", disk: RealDisk(),
        limits: SpoolLimits(capacityBytes: settings.spoolCapacity), time: time, log: log)
    } catch {
      throw StartFailure(error)
    }
  }

  private static func ingest(_ settings: Settings, instance: String) -> Ingest.Settings {
    var decoding = DecodingSettings()
    decoding.mostEvents = settings.maxEvents
    decoding.largestBody = settings.maxBody
    decoding.largestUnpackedBody = settings.maxUnpackedBody
    decoding.retention = settings.retention
    decoding.salt = SystemRandomNumberGenerator.word()
    return Ingest.Settings(
      decoding: decoding, waitsForCommit: settings.acknowledgement == .postgres,
      commitPatience: settings.commitPatience)
  }

  private static func listen(
    _ settings: Settings, _ router: Router, _ time: any TimeSource, _ log: Log
  ) throws(StartFailure) -> HTTPServer {
    var limits = HTTPLimits()
    limits.threads = settings.httpThreads
    limits.connections = settings.maxConnections
    limits.bytesInFlight = settings.maxInFlight
    limits.head = settings.headTimeout
    limits.body = settings.bodyTimeout
    limits.idle = settings.idleTimeout
    limits.answer = .seconds(30)
    do throws(HTTPServerError) {
      return try HTTPServer(
        addresses: settings.listen.map(\.description), limits: limits, handler: router, time: time, log: log)
    } catch {
      throw StartFailure(error)
    }
  }
}

extension SystemRandomNumberGenerator {
  static func word() -> UInt64 {
    var generator = Self()
    return generator.next()
  }
}
