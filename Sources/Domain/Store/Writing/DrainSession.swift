// One connection of the drain, with what was found out through it: the epoch under which the position is
// held, the partitions that exist, the number of the row type. All of it goes with the connection.
import Model
import Platform
import Postgres
import Spool

final class DrainSession {
  let connection: Connection
  let spool: SpoolID
  let time: any TimeSource
  var partitions = Partitions()
  /// Up to which minute this spool's rollups are in hours and days; nil while that was not looked up.
  var foldedUntil: Int64?
  /// When the server last answered, as far as that is kept.
  var lastAnswer: MonotonicInstant
  private(set) var epoch: Int64 = 0
  private(set) var rowType = TypeID.unspecified

  init(_ connection: Connection, spool: SpoolID, time: any TimeSource) {
    self.connection = connection
    self.spool = spool
    self.time = time
    lastAnswer = time.now()
  }

  /// Makes sure that the server is still there, where it has given a sign or been silent for `pace`.
  ///
  /// A question outside of a transaction, so that PgBouncer has to ask a server too, and none is held.
  func watch(every pace: Duration, answerWithin patience: Duration) throws(PostgresError) {
    let now = time.now()
    if !connection.hasSign, now - lastAnswer < pace { return }
    try connection.run("SELECT 1", until: now + patience)
    lastAnswer = time.now()
  }

  var spoolKey: Parameter { .uuid(spool.high, spool.low) }

  /// The position of the spool, and what the last record before it is known by; nil where it has none yet.
  func findPosition(until deadline: MonotonicInstant) throws(PostgresError) -> (next: UInt64, digest: Int64?)?
  {
    let rows = try connection.execute(Statements.findPosition, [spoolKey], until: deadline)
    if rows.isEmpty { return nil }
    return (UInt64(bitPattern: try rows.value(0, 0, as: Int64.self)), try rows.optional(0, 1))
  }

  /// Takes the position of the spool from whoever held it, and gives the sequence to go on with.
  func takePosition(instance: String, until deadline: MonotonicInstant) throws(PostgresError) -> UInt64 {
    // The server gives up before we do, so that no backend is left behind that waits for the lock.
    let patience = min(.seconds(5), (deadline - time.now()) * 0.9)
    let settings = TransactionSettings(
      lockTimeout: max(patience, .milliseconds(10)), idleTimeout: .seconds(10))
    let rows = try connection.transaction(settings, until: deadline) { () throws(PostgresError) in
      try connection.execute(
        Statements.takePosition, [spoolKey, .text(instance), .timestamptz(time.wall())], until: deadline)
    }
    epoch = try rows.value(0, 0)
    rowType = TypeID(
      rawValue: UInt32(
        clamping: try connection.execute(Statements.handoffRowType, until: deadline).single(as: Int64.self)))
    return UInt64(bitPattern: try rows.value(0, 1, as: Int64.self))
  }

  /// Locks the position for this transaction, and makes sure that it is ours and where we left it; true where
  /// others share the database.
  func lockPosition(at expected: UInt64, until deadline: MonotonicInstant) throws(DrainFailure) -> Bool {
    let found: (position: Int64, isShared: Bool)? = try inWrite { () throws(PostgresError) in
      let rows = try connection.execute(Statements.lockPosition, [spoolKey, .int8(epoch)], until: deadline)
      return rows.isEmpty ? nil : (try rows.value(0, 0), try rows.value(0, 1))
    }
    guard let found else { throw .fenced }
    let position = UInt64(bitPattern: found.position)
    if position != expected { throw .moved(to: position) }
    return found.isShared
  }

  /// Moves the position behind the batch.
  func movePosition(
    behind batch: Batch, until deadline: MonotonicInstant
  ) throws(DrainFailure) {
    let seen = batch.seenUntil.map { WallTime(microseconds: $0.microseconds) }
    let moved = try inWrite { () throws(PostgresError) in
      try connection.execute(
        Statements.movePosition,
        [
          spoolKey, .int8(epoch), .int8(Int64(bitPattern: batch.start)), .int8(Int64(bitPattern: batch.end)),
          .timestamptz(time.wall()), .timestamptz(seen), .int8(batch.digest),
        ], until: deadline
      ).affected
    }
    if moved != 1 { throw .fenced }
  }
}

/// Calls PostgreSQL for a batch.
func inWrite<Result>(_ body: () throws(PostgresError) -> Result) throws(DrainFailure) -> Result {
  do throws(PostgresError) { return try body() } catch { throw .postgres(.write, error) }
}
