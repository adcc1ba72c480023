import Model
import Platform
import Postgres
import Spool

/// The way to draining.
extension DrainLane {
  func connect() throws(DrainFailure) {
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

  func prepare() throws(DrainFailure) {
    guard let session else { throw .contention }
    let deadline = time.now() + settings.batchDeadline * 2
    try Migrator(connection: session.connection, instance: settings.instance, time: time, log: log)
      .run(until: deadline)
    try makePartitionsAhead(session)
    machine.note(.prepared, time.now(), jitter: 0)
  }

  func takePosition() throws(DrainFailure) {
    guard let session else { throw .contention }
    let deadline = time.now() + settings.batchDeadline
    // Looked at before it is taken, so that a copy of the spool does not fence off the original.
    let found = try inPosition { () throws(PostgresError) in try session.findPosition(until: deadline) }
    if let found, hasDiverged(at: found.next, found.digest) {
      unsettled = nil
      source.renew()
      throw .spoolDiverged(position: found.next, tail: source.tail)
    }
    let position = try inPosition { () throws(PostgresError) in
      try session.takePosition(instance: settings.instance, until: deadline)
    }
    settle(at: position)
    resume(at: position)
  }

  private func inPosition<Result>(
    _ body: () throws(PostgresError) -> Result
  ) throws(DrainFailure) -> Result {
    do throws(PostgresError) { return try body() } catch { throw .postgres(.position, error) }
  }

  /// Whether the database has seen other records than there are.
  private func hasDiverged(at position: UInt64, _ digest: Int64?) -> Bool {
    if position > source.tail { return true }
    // A record that is no longer kept says nothing.
    guard let digest, position > source.first else { return false }
    let last = source.read(from: position - 1, maxBytes: 1, waitUntil: .distantPast).first
    guard let last, last.sequence == position - 1 else { return false }
    return last.digest != digest
  }

  /// Finds out what became of a commit that nobody answered.
  private func settle(at position: UInt64) {
    guard let open = unsettled else { return }
    unsettled = nil
    if position != open.batch.end { return }
    control.withLock { $0.note(open.result, of: open.batch, seconds: open.seconds) }
    report(open.result)
    if !open.completed.isEmpty { onCompletion(open.completed, open.batch.end) }
  }

  private func resume(at position: UInt64) {
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
      ["database": .of(settings.database), "position": .count(position), "tail": .count(source.tail)])
    release(position)
    machine.note(.took(position), time.now(), jitter: 0)
  }
}

/// One batch.
extension DrainLane {
  /// Drains one batch; false where there was nothing to drain.
  func drain(from position: UInt64, _ maxBytes: Int, _ manner: DrainMachine.Manner) throws(DrainFailure)
    -> Bool
  {
    guard let session else { throw .contention }
    if let due = partitionsUntil, time.now() >= due { try makePartitionsAhead(session) }
    if let end = pacing.wait(settings.linger, time.now()) { pause(until: end) }
    let asked = time.wall()
    let isStopping = control.withLock { $0.stopBy != nil }
    let wait = isStopping ? Duration.zero : .milliseconds(250)
    let limit = manner == .careful ? maxBytes / 8 : maxBytes
    guard var batch = readAhead.next(from: position, maxBytes: limit, waitUntil: time.now() + wait) else {
      // Everything that was there when we asked is committed.
      control.withLock { $0.status.horizon = Timestamp(microseconds: asked.microseconds) }
      if !isStopping { try watch(session) }
      return false
    }
    // Where there is more, it is read while this is written.
    if batch.bytes >= limit / 2 { readAhead.begin(from: batch.end, maxBytes: limit) }
    reportGap(batch)
    try ensurePartitions(Set(batch.items.map(\.frame.occurredAt.day)), session)
    try write(&batch, manner, session, limit)
    return true
  }

  private func write(
    _ batch: inout Batch, _ manner: DrainMachine.Manner, _ session: DrainSession, _ limit: Int
  ) throws(DrainFailure) {
    let start = time.now()
    // One record may be much larger than a usual batch, and cannot be written in parts.
    let size = max(1, batch.bytes / DrainMachine.mostBytes)
    let deadline = start + settings.batchDeadline * (manner == .careful ? 4 * size : size)
    let result: BatchResult
    do throws(DrainFailure) {
      result = try writer.write(&batch, manner, session, until: deadline)
    } catch {
      if case .postgres(.commit, let reason) = error, reason.outcomeIsUnknown {
        unsettled = Unsettled(
          batch: batch, result: writer.attempted, completed: writer.completed,
          seconds: (time.now() - start).inSeconds)
      }
      throw error
    }
    let end = time.now()
    let written = batch
    control.withLock { $0.note(result, of: written, seconds: (end - start).inSeconds) }
    session.lastAnswer = end
    pacing.note(start, wasFull: batch.bytes >= limit / 2)
    report(result)
    if !writer.completed.isEmpty { onCompletion(writer.completed, batch.end) }
    release(batch.end)
    machine.note(.committed(batch.end), end, jitter: 0)
  }

  /// Notices a database that is lost while nothing comes: by its last words or its hanging up at the next turn, by
  /// its silence a few seconds later.
  private func watch(_ session: DrainSession) throws(DrainFailure) {
    do throws(PostgresError) {
      try session.watch(every: settings.watchPace, answerWithin: settings.watchDeadline)
    } catch {
      throw .postgres(.watch, error)
    }
  }

  /// Tells the spool and everybody who waits that everything below `position` is committed.
  private func release(_ position: UInt64) {
    source.release(below: position)
    control.broadcast()
    onCommit(position)
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
}
