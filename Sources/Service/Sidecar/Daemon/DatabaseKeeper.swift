// The database, from the sidecar's point of view: named by the user, or a private one that has to be
// made first. Either way it comes up in the background, and the drain finds it when it is there.
import Configuration
import Platform
import Postgres
import PrivateCluster
import Spool
import Store

/// Keeps the database and the store that drains into it.
final class DatabaseKeeper: Sendable {
  private struct State: Sendable {
    var store: Store?
    var cluster: PrivateCluster?
    var isStopping = false
    var hasFailed = false
  }

  private let settings: Settings
  private let instance: String
  private let spool: Spool
  private let waiters: CommitWaiters
  private let numbers: Numbers
  private let time: any TimeSource
  private let log: Log
  private let state = Gate(State())
  private let lane = Guarded<Lane?>(nil)

  init(
    _ settings: Settings, instance: String, spool: Spool, waiters: CommitWaiters, numbers: Numbers,
    time: any TimeSource, log: Log
  ) {
    self.settings = settings
    self.instance = instance
    self.spool = spool
    self.waiters = waiters
    self.numbers = numbers
    self.time = time
    self.log = log
  }

  /// Brings the database up on a lane of its own, then starts the drain and lets whoever asks questions in.
  func start(_ letIn: @escaping @Sendable (StoreQueries) -> Void) throws(SystemError) {
    let lane = try Lane(name: "database") { self.bringUp(letIn) }
    self.lane.withLock { $0 = lane }
  }

  /// How the store is doing; nil while there is none yet.
  var storeStatus: StoreStatus? { state.withLock { $0.store }?.status }

  /// What sidecars share of alerts; nil while there is no store yet.
  var alertLedger: AlertLedger? { state.withLock { $0.store }?.alerts }

  /// How the handoffs of all sidecars stand; nil while there is no store yet.
  func standing(_ clock: FleetClock) throws(StoreError) -> StoredStanding? {
    try state.withLock { $0.store }?.queries.standing(clock)
  }

  /// Whether the sidecar ends because there will never be a database.
  var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// Drains what goes in time, then stops the store and the private PostgreSQL.
  func stop(by deadline: StopDeadline) {
    state.withLock { $0.isStopping = true }
    lane.withLock { $0 }?.join()
    let (store, cluster) = state.withLock { ($0.store, $0.cluster) }
    store?.stop(by: deadline.share(of: .seconds(3)))
    cluster?.stop(within: max(.seconds(1), deadline.end - time.now()))
  }

  private func bringUp(_ letIn: (StoreQueries) -> Void) {
    do {
      let store = try makeStore(at: try address())
      try store.start()
      state.withLock { $0.store = store }
      letIn(store.queries)
    } catch {
      if state.withLock({ $0.isStopping }) { return }
      log(.error, "cannot bring up a database; the sidecar ends", ["error": .text("\(error)")])
      state.withLock { $0.hasFailed = true }
      Signals.send(.terminate, to: Identity.pid)
    }
  }

  private func address() throws -> DatabaseAddress {
    if let url = settings.database { return try DatabaseAddress(url.secret) }
    let cluster = try PrivateCluster.start(dataDirectory: settings.dataDirectory, time: time, log: log)
    state.withLock { $0.cluster = cluster }
    return try DatabaseAddress(cluster.connectionString)
  }

  private func makeStore(at address: DatabaseAddress) throws -> Store {
    var store = StoreSettings(
      database: address, instance: instance, retentionDays: settings.retention.wholeDays)
    store.rollupDays = settings.rollupRetention.wholeDays
    store.setDeadlines(settings.databaseTimeout)
    return Store(
      store, source: spool, seed: SystemRandomNumberGenerator.word(), time: time, log: log,
      onCommit: { [waiters] position in waiters.committed(below: position) },
      onCompletion: { [numbers] handoffs, position in
        numbers.complete(handoffs.map { Completion($0, at: position) })
      })
  }
}

extension Duration {
  /// Days of 24 hours, rounded up: nothing goes before its time.
  fileprivate var wholeDays: Int {
    Int(clamping: components.seconds / 86_400)
      + (components.seconds % 86_400 > 0 || components.attoseconds > 0 ? 1 : 0)
  }
}
