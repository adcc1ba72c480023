// The store: everything between the spool and PostgreSQL.
//
//   one lane drains the spool (Drain/), in transactions that hold the position (Writing/);
//   questions are answered over connections of their own (Reading/).
//
// The spool is the queue and PostgreSQL the only memory of how far it was drained, so nothing here is lost
// with the process.
public import Platform
import Postgres
import Spool

/// Brings what is in the spool into PostgreSQL, and answers questions.
public final class Store: Sendable {
  private let settings: StoreSettings
  private let source: any RecordSource
  private let time: any TimeSource
  private let log: Log
  private let seed: UInt64
  private let onCommit: @Sendable (UInt64) -> Void
  private let onCompletion: @Sendable ([CompletedHandoff], UInt64) -> Void
  private let control = Gate(DrainControl())
  private let interruption = Interruption()
  private let lane = Guarded<Lane?>(nil)
  private let retention: RetentionLane
  /// Questions about what is stored.
  public let queries: StoreQueries
  /// What is shared of alerts.
  public let alerts: AlertLedger

  /// A store that drains `source`, once started.
  ///
  /// `seed` is a random number, for jitter and hashing. `onCommit` is called on the drain's lane with the
  /// sequence below which everything is committed; it must not block. Nor must `onCompletion`, which is given
  /// the handoffs of which a commit completed something while other sidecars were there, and that sequence.
  public init(
    _ settings: StoreSettings, source: any RecordSource, seed: UInt64, time: any TimeSource, log: Log,
    onCommit: @escaping @Sendable (UInt64) -> Void = { _ in },
    onCompletion: @escaping @Sendable ([CompletedHandoff], UInt64) -> Void = { _, _ in }
  ) {
    self.settings = settings
    self.source = source
    self.seed = seed
    self.time = time
    self.log = log
    self.onCommit = onCommit
    self.onCompletion = onCompletion
    alerts = AlertLedger(settings, time: time, log: log)
    retention = RetentionLane(
      settings, isUp: { [control] in control.withLock { $0.status.isUp } }, time: time, log: log)
    queries = StoreQueries(settings, time: time, log: log) { [control] in
      control.withLock { $0.status.horizon }
    }
  }

  /// Starts to drain.
  public func start() throws(SystemError) {
    let lane = try Lane(name: "drain") { [self] in
      DrainLane(
        settings, source, control, interruption, seed: seed, time: time, log: log, onCommit: onCommit,
        onCompletion: onCompletion
      ).run()
    }
    self.lane.withLock { $0 = lane }
    try retention.start()
  }

  /// How it is doing.
  public var status: StoreStatus {
    var status = control.withLock { $0.status }
    status.retention = retention.status
    if retention.failures > 0 { status.errors[.retain] = retention.failures }
    return status
  }

  /// Waits until the record `sequence` is committed; false when `deadline` came first.
  public func waitCommitted(_ sequence: UInt64, until deadline: MonotonicInstant) -> Bool {
    control.wait(until: deadline) { control -> Bool? in
      if control.status.position > sequence { return true }
      return control.isFinished ? false : nil
    } ?? false
  }

  /// Drains what is there as long as that goes well and `deadline` has not come, then ends.
  public func stop(by deadline: MonotonicInstant) {
    control.withLock { $0.stopBy = deadline }
    control.broadcast()
    retention.stop()
    guard let lane = lane.withLock({ $0 }) else { return close() }
    let isFinished = control.wait(until: deadline) { $0.isFinished ? true : nil } ?? false
    if !isFinished { interruption.raise() }
    lane.join()
    control.broadcast()
    close()
  }

  private func close() {
    queries.close()
    alerts.close()
  }
}
