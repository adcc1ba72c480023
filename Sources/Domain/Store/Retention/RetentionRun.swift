// One run of the retention: days of the logs are dropped, all else is deleted some rows at a time.
//
// Each step is a transaction of its own that first tries for an advisory lock, so that one sidecar at a time is at it,
// whoever it is; nothing is held in between (PgBouncer may stand in between). A partition is dropped only if its lock is
// to be had at once: whoever writes would otherwise queue behind us as long as an export reads. Rows that somebody holds
// are left for the next run, so nobody is waited for and nobody can wait for us in a circle.
import Model
import Platform
import Postgres

struct RetentionRun {
  let pool: ConnectionPool
  let limits: RetentionLimits
  let time: any TimeSource
  /// Waits between two steps; true where the run is to end.
  let pause: (Duration) -> Bool

  /// Rows removed by one transaction.
  static let most = 1_000
  /// Whoever writes waits this long at most.
  private static let lockPatience = Duration.milliseconds(200)

  /// What a run came to.
  struct Outcome {
    var removed: [RetentionKind: UInt64] = [:]
    /// Whether everything was done that there was to do.
    var isComplete = true
  }

  /// Removes what is past its time, and tells of each step.
  func run(_ tell: (RetentionKind, UInt64) -> Void) throws(PostgresError) -> Outcome {
    var outcome = Outcome()
    if let day = limits.firstDay { try dropPartitions(before: day, &outcome, tell) }
    if let moment = limits.moment {
      for (kind, statement) in RetentionStatements.old {
        try remove(kind, statement, before: moment, &outcome, tell)
      }
    }
    if let moment = limits.minuteMoment {
      try remove(.rollups, RetentionStatements.rollupMinutes, before: moment, &outcome, tell)
    }
    if let moment = limits.rollupMoment {
      try remove(.rollups, RetentionStatements.rollups, before: moment, &outcome, tell)
      _ = try alone { connection, deadline throws(PostgresError) in
        try connection.execute(RetentionStatements.rollupMarks, [.moment(moment)], until: deadline).affected
      }
    }
    return outcome
  }

  /// Runs one step unless somebody else is at it: then nil.
  private func alone<Result>(
    _ body: (Connection, MonotonicInstant) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result? {
    let deadline = time.now() + .seconds(30)
    return try pool.withConnection(until: deadline) { connection throws(PostgresError) -> Result? in
      let settings = TransactionSettings(
        statementTimeout: .seconds(25), lockTimeout: Self.lockPatience, idleTimeout: .seconds(10))
      return try connection.transaction(settings, until: deadline) { () throws(PostgresError) -> Result? in
        let isOurs: Bool = try connection.execute(
          RetentionStatements.tryLock, [.int8(RetentionStatements.lock)], until: deadline
        ).single()
        return isOurs ? try body(connection, deadline) : nil
      }
    }
  }

  private func dropPartitions(
    before day: Int64, _ outcome: inout Outcome, _ tell: (RetentionKind, UInt64) -> Void
  ) throws(PostgresError) {
    let first = DayPartition(day: day).name(of: "").dropFirst()
    let names: [String]? = try alone { connection, deadline throws(PostgresError) in
      let rows = try connection.execute(
        RetentionStatements.partitions, [.texts(DayPartition.tables), .text(String(first))], until: deadline)
      var names: [String] = []
      for row in 0..<rows.count { names.append(try rows.value(row, 0)) }
      return names
    }
    guard let names else {
      outcome.isComplete = false
      return
    }
    for name in names {
      if try !drop(name) {
        outcome.isComplete = false
        continue
      }
      tell(.partitions, 1)
      outcome.removed[.partitions, default: 0] += 1
      if pause(.milliseconds(20)) { return outcome.isComplete = false }
    }
  }

  /// Drops a partition if its lock is to be had at once.
  private func drop(_ name: String) throws(PostgresError) -> Bool {
    do throws(PostgresError) {
      let dropped: Bool? = try alone { connection, deadline throws(PostgresError) -> Bool in
        // The name was found by its form: a table's and eight digits.
        try connection.execute("DROP TABLE IF EXISTS handoffd.\(name)", until: deadline)
        return true
      }
      return dropped == true
    } catch {
      if error.sqlState == .lockNotAvailable || error.sqlState == .deadlock { return false }
      throw error
    }
  }

  private func remove(
    _ kind: RetentionKind, _ statement: String, before moment: Timestamp, _ outcome: inout Outcome,
    _ tell: (RetentionKind, UInt64) -> Void
  ) throws(PostgresError) {
    while true {
      let start = time.now()
      let removed = try alone { connection, deadline throws(PostgresError) in
        try connection.execute(statement, [.moment(moment), .int8(Int64(Self.most))], until: deadline)
          .affected
      }
      guard let removed else { return outcome.isComplete = false }
      if removed > 0 {
        tell(kind, UInt64(removed))
        outcome.removed[kind, default: 0] += UInt64(removed)
      }
      if removed < Self.most { return }
      // Half of the time belongs to those who write.
      if pause(max(.milliseconds(5), time.now() - start)) { return outcome.isComplete = false }
    }
  }
}
