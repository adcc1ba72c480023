import CPostgres
public import Platform

/// What holds for one transaction.
public struct TransactionSettings: Sendable {
  /// Whether it may write.
  public var readOnly = false
  /// Whether all its statements see the same moment.
  public var oneSnapshot = false
  /// The server gives up a statement that takes longer.
  public var statementTimeout: Duration?
  /// The server gives up waiting for a lock after this.
  public var lockTimeout: Duration?
  /// The server ends the session when we say nothing for this long.
  public var idleTimeout: Duration?

  /// A transaction that writes and has no limits of its own.
  public init(
    readOnly: Bool = false, oneSnapshot: Bool = false, statementTimeout: Duration? = nil,
    lockTimeout: Duration? = nil, idleTimeout: Duration? = nil
  ) {
    self.readOnly = readOnly
    self.oneSnapshot = oneSnapshot
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
    self.idleTimeout = idleTimeout
  }

  /// The statements that begin it.
  ///
  /// Settings are made by one statement, which costs less than one each. Names are found in `pg_catalog`
  /// alone unless they say their schema, so nobody can put an object of the same name in our way. Compiling
  /// a statement takes longer than running any of ours.
  var opening: [Statement] {
    var begin = "BEGIN"
    begin += oneSnapshot ? " ISOLATION LEVEL REPEATABLE READ" : " ISOLATION LEVEL READ COMMITTED"
    begin += readOnly ? " READ ONLY" : " READ WRITE"
    let values = [("TimeZone", "UTC"), ("search_path", "pg_catalog, pg_temp"), ("jit", "off")] + limits
    let settings = values.map { "pg_catalog.set_config('\($0)', '\($1)', true)" }
    return [Statement(begin), Statement("SELECT " + settings.joined(separator: ", "))]
  }

  /// How long what may take, in milliseconds.
  private var limits: [(String, String)] {
    [
      ("statement_timeout", statementTimeout), ("lock_timeout", lockTimeout),
      ("idle_in_transaction_session_timeout", idleTimeout),
    ].compactMap { (name: String, value: Duration?) in
      value.map { (name, "\(min(max($0.clampedNanoseconds / 1_000_000, 1), Int64(Int32.max)))") }
    }
  }
}

extension Connection {
  /// Begins a transaction.
  public func begin(
    _ settings: TransactionSettings = TransactionSettings(), until deadline: MonotonicInstant
  ) throws(PostgresError) {
    try execute(together: settings.opening, until: deadline)
  }

  /// Commits.
  ///
  /// An error after which nobody knows the outcome says so; the connection is then not used again.
  public func commit(until deadline: MonotonicInstant) throws(PostgresError) {
    let rows: Rows
    do throws(PostgresError) {
      rows = try execute("COMMIT", until: deadline)
    } catch {
      var error = error
      error.action = "commit"
      // A refusal while the session goes on means that it was rolled back; all else leaves it open. What
      // a distributed or pooled server says with these classes may come after the fact, too.
      let isOpen =
        !isUsable || ["08", "58", "XX"].contains(error.sqlState.map { String($0.code.prefix(2)) } ?? "08")
      error.outcomeIsUnknown = isOpen
      throw isOpen ? die(error) : error
    }
    if rows.tag != "COMMIT" {
      throw PostgresError(.unexpectedAnswer, "commit", "the transaction had failed and was rolled back")
    }
  }

  /// Rolls back, as far as that is possible; afterwards the connection is usable or dead.
  public func rollback(until deadline: MonotonicInstant) {
    if !isUsable { return }
    do throws(PostgresError) {
      try run("ROLLBACK", until: deadline)
    } catch {
      _ = die(error)
    }
  }

  /// Runs `body` in a transaction, which is rolled back when `body` throws.
  public func transaction<Result>(
    _ settings: TransactionSettings = TransactionSettings(), until deadline: MonotonicInstant,
    _ body: () throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try begin(settings, until: deadline)
    let result: Result
    do throws(PostgresError) {
      result = try body()
    } catch {
      rollback(until: deadline)
      throw error
    }
    try commit(until: deadline)
    return result
  }
}
