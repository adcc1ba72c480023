// The yardstick of the whole way from a socket into the database: the same rows, encoded beforehand, read
// from a file and brought in by the same statements in the same transactions, and nothing else.
import Platform
import Postgres
import Spool
import Store

/// Brings prepared rows into a database.
struct BareLoad {
  let database: DatabaseAddress
  let spool: SpoolID
  let time: any TimeSource
  let log: Log

  /// What it came to.
  struct Outcome {
    var events = 0
    var seconds = 0.0

    var eventsPerSecond: Double { seconds > 0 ? Double(events) / seconds : 0 }
  }

  /// Brings in every batch of a file, from the first BEGIN to the answer to the last COMMIT.
  ///
  /// The schema and its partitions must be there, and the spool's position unknown.
  func run(_ file: PreparedFile) throws -> Outcome {
    let connection = try Connection.open(
      database, SessionOptions(applicationName: "handoffd/bare", readWrite: true), until: deadline,
      time: time, log: log)
    let key = Parameter.uuid(spool.high, spool.low)
    let taken = try connection.execute(
      Statements.takePosition, [key, .text("bare"), .timestamptz(time.wall())], until: deadline)
    let epoch = Parameter.int8(try taken.value(0, 0))
    let rowType = UInt32(
      clamping: try connection.execute(Statements.handoffRowType, until: deadline).single(as: Int64.self))
    var outcome = Outcome()
    let start = time.now()
    while let batch = try file.next() {
      try write(batch, rowType, key, epoch, connection)
      outcome.events += batch.events
    }
    outcome.seconds = (time.now() - start).inSeconds
    return outcome
  }

  private var deadline: MonotonicInstant { time.now() + .seconds(60) }

  private func write(
    _ batch: PreparedBatch, _ rowType: UInt32, _ key: Parameter, _ epoch: Parameter, _ connection: Connection
  ) throws {
    let end = deadline
    try connection.begin(
      TransactionSettings(
        statementTimeout: .seconds(60), lockTimeout: .seconds(5), idleTimeout: .seconds(60)),
      until: end)
    try connection.execute(Statements.lockPosition, [key, epoch], until: end)
    try connection.execute(Statements.findHandoffs, [Parameter(.text.array, batch.ids)], until: end)
    try connection.execute(
      Statements.writeHandoffs, [Parameter(.unspecified, rows(of: batch, rowType))], until: end)
    try connection.copyIn(Statements.copyHandoffEvents, until: end) { sink throws(PostgresError) in
      try sink.send(bytes: batch.log)
    }
    if !batch.sightings.isEmpty {
      try connection.execute(Statements.seeAgents, [key] + batch.sightings, until: end)
    }
    let (from, to) = (Int64(bitPattern: batch.start), Int64(bitPattern: batch.end))
    try connection.execute(
      Statements.movePosition,
      [key, epoch, .int8(from), .int8(to), .timestamptz(time.wall()), .timestamptz(time.wall()), .int8(nil)],
      until: end)
    try connection.commit(until: end)
  }

  /// The rows with the number that this database gave their type.
  private func rows(of batch: PreparedBatch, _ rowType: UInt32) -> [UInt8] {
    var rows = batch.rows
    let offset = PreparedBatch.rowTypeOffset
    guard rows.count >= offset + 4 else { return rows }
    for byte in 0..<4 { rows[offset + byte] = UInt8(truncatingIfNeeded: rowType >> UInt32(24 - 8 * byte)) }
    return rows
  }
}
