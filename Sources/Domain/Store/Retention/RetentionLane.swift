import Model
import Platform
import Postgres

/// The lane that removes what is past its time, a few minutes apart; any number of sidecars may have one.
final class RetentionLane: Sendable {
  private struct State: Sendable {
    var status = RetentionStatus()
    var failures: UInt64 = 0
    var isStopping = false
    /// Whether it was told that the role may not remove anything.
    var isBarred = false
  }

  private let settings: StoreSettings
  private let isUp: @Sendable () -> Bool
  private let time: any TimeSource
  private let log: Log
  private let gate = Gate(State())
  private let interruption = Interruption()
  private let pool: ConnectionPool
  private let lane = Guarded<Lane?>(nil)

  init(_ settings: StoreSettings, isUp: @escaping @Sendable () -> Bool, time: any TimeSource, log: Log) {
    self.settings = settings
    self.isUp = isUp
    self.time = time
    self.log = log
    pool = ConnectionPool(
      settings.database,
      SessionOptions(
        applicationName: "handoffd/\(settings.instance)/retain", readWrite: true, interruption: interruption),
      limit: 1, time: time, log: log)
  }

  /// What was done.
  var status: RetentionStatus { gate.withLock { $0.status } }

  /// Runs that failed.
  var failures: UInt64 { gate.withLock { $0.failures } }

  func start() throws(SystemError) {
    let lane = try Lane(name: "retention") { [self] in work() }
    self.lane.withLock { $0 = lane }
  }

  func stop() {
    gate.withLock { $0.isStopping = true }
    gate.broadcast()
    interruption.raise()
    lane.withLock { $0 }?.join()
    pool.close()
  }

  private func work() {
    var next = settings.retentionPace / 60
    while !pause(next) { next = isUp() ? run() : settings.retentionPace / 60 }
  }

  /// Waits; true where the lane is to end.
  private func pause(_ length: Duration) -> Bool {
    gate.wait(until: time.now() + length) { $0.isStopping ? true : nil } ?? false
  }

  /// Runs once; gives when to run again.
  private func run() -> Duration {
    let today = Timestamp(microseconds: time.wall().microseconds).day
    let limits = RetentionLimits(
      today: today, retentionDays: settings.retentionDays, rollupDays: settings.rollupDays)
    do throws(PostgresError) {
      let outcome = try RetentionRun(pool: pool, limits: limits, time: time, pause: pause).run {
        kind, count in
        gate.withLock { $0.status.removed[kind, default: 0] += count }
      }
      tell(outcome)
      guard outcome.isComplete else { return settings.retentionPace / 20 }
      let now = Timestamp(microseconds: time.wall().microseconds)
      gate.withLock { $0.status.lastRun = now }
      return settings.retentionPace
    } catch {
      if gate.withLock({ $0.isStopping }) { return .zero }
      tell(error)
      return settings.retentionPace
    }
  }

  private func tell(_ error: PostgresError) {
    if error.sqlState == .insufficientPrivilege {
      if gate.withLock({ state in
        defer { state.isBarred = true }
        return state.isBarred
      }) {
        return
      }
      log(
        .info, "this role may not remove what is past its retention; a sidecar with the owner's role does it",
        ["reason": .text(error.description)])
      return
    }
    gate.withLock { $0.failures += 1 }
    log(
      .warning, "cannot remove what is past its retention; it stays, and is tried again",
      ["reason": .text(error.description)])
  }

  private func tell(_ outcome: RetentionRun.Outcome) {
    if outcome.removed.isEmpty { return }
    let removed = RetentionKind.allCases.compactMap { kind in
      outcome.removed[kind].map { "\($0) \(kind.rawValue)" }
    }
    log(.info, "removed what is past its retention", ["removed": .text(removed.joined(separator: ", "))])
  }
}
