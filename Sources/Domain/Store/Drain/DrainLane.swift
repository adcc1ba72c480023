// The lane that takes records from the spool to PostgreSQL. What to do next is the machine's; this does it.
import Model
import Platform
import Postgres
import Spool

final class DrainLane {
  let settings: StoreSettings
  let source: any RecordSource
  let time: any TimeSource
  let log: Log
  let control: Gate<DrainControl>
  let interruption: Interruption
  let onCommit: @Sendable (UInt64) -> Void
  let onCompletion: @Sendable ([CompletedHandoff], UInt64) -> Void
  var machine: DrainMachine
  var session: DrainSession?
  var writer: BatchWriter
  var random: SplitMix64
  var pacing = Pacing()
  let readAhead: ReadAhead
  var partitionsUntil: MonotonicInstant?
  /// The batch whose commit nobody answered.
  var unsettled: Unsettled?

  init(
    _ settings: StoreSettings, _ source: any RecordSource, _ control: Gate<DrainControl>,
    _ interruption: Interruption, seed: UInt64, time: any TimeSource, log: Log,
    onCommit: @escaping @Sendable (UInt64) -> Void,
    onCompletion: @escaping @Sendable ([CompletedHandoff], UInt64) -> Void
  ) {
    self.settings = settings
    self.source = source
    self.control = control
    self.interruption = interruption
    self.time = time
    self.log = log
    self.onCommit = onCommit
    self.onCompletion = onCompletion
    machine = DrainMachine(patience: settings.longestPause)
    random = SplitMix64(seed: seed)
    writer = BatchWriter(seed: random.next(), settings)
    readAhead = ReadAhead(
      Reading(source: source, retentionDays: settings.retentionDays, time: time, seed: random.next()))
  }

  /// Drains until told to stop.
  func run() {
    while true {
      let now = time.now()
      let stopBy = control.withLock { $0.stopBy }
      if let stopBy, stopBy <= now || !machine.isHealthy { break }
      do throws(DrainFailure) {
        switch machine.next(now) {
        case .connect: try connect()
        case .prepare: try prepare()
        case .takePosition: try takePosition()
        case .drain(let position, let maxBytes, let manner):
          if try !drain(from: position, maxBytes, manner) && stopBy != nil { return finish() }
        case .pause(let end): pause(until: end)
        case .halt: pause(until: .distantFuture)
        }
      } catch {
        fail(error)
      }
    }
    finish()
  }

  func finish() {
    session?.connection.close()
    session = nil
    readAhead.stop()
    control.withLock { $0.isFinished = true }
    control.broadcast()
  }

  /// Waits, but not longer than until the order to stop.
  func pause(until end: MonotonicInstant) {
    _ = control.wait(until: end) { $0.stopBy }
  }
}

/// A batch that was sent to be committed, and of which nobody knows whether it was.
struct Unsettled {
  var batch: Batch
  var result: BatchResult
  var completed: [CompletedHandoff]
  var seconds: Double
}
