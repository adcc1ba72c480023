// The lane that takes records from the spool to PostgreSQL. What to do next is the machine's; this does it.
import Model
import Platform
import Postgres
import Spool

final class DrainLane {
  private let settings: StoreSettings
  private let source: any RecordSource
  private let time: any TimeSource
  private let log: Log
  private let control: Gate<DrainControl>
  private let interruption: Interruption
  private let onCommit: @Sendable (UInt64) -> Void
  private var machine: DrainMachine
  private var session: DrainSession?
  private var writer: BatchWriter
  private var random: SplitMix64
  private var pacing = Pacing()
  private var partitionsUntil: MonotonicInstant?

  init(
    _ settings: StoreSettings, _ source: any RecordSource, _ control: Gate<DrainControl>,
    _ interruption: Interruption, seed: UInt64, time: any TimeSource, log: Log,
    onCommit: @escaping @Sendable (UInt64) -> Void
  ) {
    self.settings = settings
    self.source = source
    self.control = control
    self.interruption = interruption
    self.time = time
    self.log = log
    self.onCommit = onCommit
    machine = DrainMachine(patience: settings.longestPause)
    random = SplitMix64(seed: seed)
    writer = BatchWriter(seed: random.next())
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

  private func finish() {
    session?.connection.close()
    session = nil
    control.withLock { $0.isFinished = true }
    control.broadcast()
  }

  /// Waits, but not longer than until the order to stop.
  private func pause(until end: MonotonicInstant) {
    _ = control.wait(until: end) { $0.stopBy }
  }
}

// MARK: the steps

extension DrainLane {
  private func connect() throws(DrainFailure) {
    let options = SessionOptions(
      applicationName: "handoffd/\(settings.instance)", readWrite: true, interruption: interruption)
    let deadline = time.now() + settings.connectDeadline
    do throws(PostgresError) {
      let connection = try Connection.open(settings.database, options, until: deadline, time: time, log: log)
      session = DrainSession(connection, spool: source.identity, time: time)
    } catch {
      throw .postgres(.connect, error)
    }
    control.withLock { $0.status.connections &+= 1 }
    machine.note(.connected, time.now(), jitter: 0)
  }

  private func prepare() throws(DrainFailure) {
    guard let session else { throw .contention }
    let deadline = time.now() + settings.batchDeadline * 2
    try Migrator(connection: session.connection, instance: settings.instance, time: time, log: log)
      .run(until: deadline)
    try makePartitionsAhead(session)
    machine.note(.prepared, time.now(), jitter: 0)
  }

  private func takePosition() throws(DrainFailure) {
    guard let session else { throw .contention }
    let position: UInt64
    do throws(PostgresError) {
      position = try session.takePosition(
        instance: settings.instance, until: time.now() + settings.batchDeadline)
    } catch {
      throw .postgres(.position, error)
    }
    let tail = source.tail
    if position > tail { throw .spoolRolledBack(position: position, tail: tail) }
    let wasDown = control.withLock { control in
      defer {
        control.status.isUp = true
        control.status.fault = nil
        control.status.position = position
      }
      return control.status.fault != nil
    }
    log(
      .info, wasDown ? "the database is back; draining goes on" : "draining",
      ["database": .of(settings.database), "position": .count(position), "tail": .count(tail)])
    release(position)
    machine.note(.took(position), time.now(), jitter: 0)
  }

  private func makePartitionsAhead(_ session: DrainSession) throws(DrainFailure) {
    let today = Timestamp(microseconds: time.wall().microseconds).day
    try ensurePartitions(Set(today...(today &+ Int64(settings.daysAhead))), session)
    partitionsUntil = time.now() + .seconds(3600)
  }

  private func ensurePartitions(_ days: Set<Int64>, _ session: DrainSession) throws(DrainFailure) {
    do throws(PostgresError) {
      try session.partitions.ensure(days, session.connection, until: time.now() + settings.batchDeadline)
    } catch {
      throw .postgres(.partition, error)
    }
  }

  /// Drains one batch; false where there was nothing to drain.
  private func drain(
    from position: UInt64, _ maxBytes: Int, _ manner: DrainMachine.Manner
  ) throws(DrainFailure) -> Bool {
    guard let session else { throw .contention }
    if let due = partitionsUntil, time.now() >= due { try makePartitionsAhead(session) }
    if let end = pacing.wait(settings.linger, time.now()) { pause(until: end) }
    let asked = time.wall()
    let wait = control.withLock { $0.stopBy == nil } ? Duration.milliseconds(250) : .zero
    let limit = manner == .careful ? maxBytes / 8 : maxBytes
    let records = source.read(from: position, maxBytes: limit, waitUntil: time.now() + wait)
    if records.isEmpty {
      // Everything that was there when we asked is committed.
      control.withLock { $0.status.horizon = Timestamp(microseconds: asked.microseconds) }
      return false
    }
    try write(Batch(start: position, records: records), manner, session, isFull: limit)
    return true
  }

  private func write(
    _ read: Batch, _ manner: DrainMachine.Manner, _ session: DrainSession, isFull limit: Int
  ) throws(DrainFailure) {
    var batch = read
    reportGap(batch)
    let today = Timestamp(microseconds: time.wall().microseconds).day
    batch.setAside(before: settings.retentionDays.map { today &- Int64($0) &- 1 }, after: today &+ 2)
    try ensurePartitions(Set(batch.items.map(\.frame.occurredAt.day)), session)
    let start = time.now()
    let deadline = start + (manner == .careful ? settings.batchDeadline * 4 : settings.batchDeadline)
    let result = try writer.write(batch, manner, session, until: deadline)
    let end = time.now()
    control.withLock { $0.note(result, of: batch, seconds: (end - start).inSeconds) }
    pacing.note(start, wasFull: batch.bytes >= limit / 2)
    report(result)
    release(batch.end)
    machine.note(.committed(batch.end), end, jitter: 0)
  }

  /// Tells the spool and everybody who waits that everything below `position` is committed.
  private func release(_ position: UInt64) {
    source.release(below: position)
    control.broadcast()
    onCommit(position)
  }
}

// MARK: telling

extension DrainLane {
  private func reportGap(_ batch: Batch) {
    if batch.firstFound <= batch.start { return }
    log(
      .error, "records of the spool are gone before they were stored; the drain goes on behind them",
      ["first": .count(batch.start), "last": .count(batch.firstFound &- 1)])
  }

  private func report(_ result: BatchResult) {
    if result.quarantined > 0 {
      log(
        .error, "events could not be stored as they are; they were set aside in handoffd.quarantine",
        ["events": .count(result.quarantined)])
    }
    if result.conflicts > 0 {
      log(
        .warning, "acknowledged events have the identity of others; they are kept as rejections",
        ["events": .count(result.conflicts)])
    }
  }

  /// Gives up the connection, and lets the machine decide how to go on.
  private func fail(_ failure: DrainFailure) {
    session?.connection.close()
    session = nil
    let jitter = Double.random(in: 0...1, using: &random)
    var isUnique = false
    if case .postgres(_, let error) = failure { isUnique = error.sqlState == .uniqueViolation }
    let now = time.now()
    machine.note(
      .failed(failure.faultClass, isFinal: failure.isFinal, isUnique: isUnique, wantsLess: failure.wantsLess),
      now, jitter: jitter)
    let isQuiet = [.collision, .poison].contains(failure.faultClass) || isUnique
    control.withLock { control in
      control.status.errors[failure.operation, default: 0] &+= 1
      control.status.isHalted = failure.isFinal
      if !isQuiet {
        control.status.isUp = failure.faultClass == .configuration && failure.operation != .connect
        control.status.fault = failure.text
      }
    }
    log(
      isQuiet ? .info : .warning, "the drain stopped; events stay in the spool, and it is tried again",
      [
        "doing": .text(failure.operation.rawValue), "class": .text(failure.faultClass.rawValue),
        "reason": .text(failure.text),
      ])
  }
}
