// A transaction that costs no more round trips than what is asked in it: what begins it goes along with the first
// statements, and the COMMIT of one that only reads with the last.
public import Platform

/// A transaction that begins with its first statements.
public final class Transaction {
  private enum Stage {
    case ahead
    case open
    case over
  }

  private let connection: Connection
  private let settings: TransactionSettings
  private let deadline: MonotonicInstant
  private var stage = Stage.ahead

  fileprivate init(
    _ connection: Connection, _ settings: TransactionSettings, until deadline: MonotonicInstant
  ) {
    self.connection = connection
    self.settings = settings
    self.deadline = deadline
  }

  /// Runs statements in one round trip, and gives the rows of each.
  ///
  /// The last of a transaction that only reads may end it. One that writes always ends by a COMMIT of its own, because
  /// its error must tell whether the outcome is known.
  public func rows(of statements: [Statement], isLast: Bool = false) throws(PostgresError) -> [Rows] {
    if stage == .over {
      throw PostgresError(.unexpectedAnswer, "go on with a transaction", "it has ended")
    }
    let opening = stage == .ahead ? settings.opening : []
    let isEnding = isLast && settings.readOnly
    stage = .open
    let all = opening + statements + (isEnding ? [Statement("COMMIT")] : [])
    let rows = try connection.execute(together: all, until: deadline)
    if isEnding { stage = .over }
    return Array(rows[opening.count..<(opening.count + statements.count)])
  }

  fileprivate func commit() throws(PostgresError) {
    if stage == .open { try connection.commit(until: deadline) }
  }

  fileprivate func rollback() {
    if connection.isInTransaction { connection.rollback(until: deadline) }
  }
}

extension Connection {
  /// Runs `body` in a transaction that begins when something is asked in it, and is rolled back when `body` throws.
  public func withTransaction<Result>(
    _ settings: TransactionSettings, until deadline: MonotonicInstant,
    _ body: (Transaction) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    let transaction = Transaction(self, settings, until: deadline)
    let result: Result
    do throws(PostgresError) {
      result = try body(transaction)
    } catch {
      transaction.rollback()
      throw error
    }
    try transaction.commit()
    return result
  }
}
