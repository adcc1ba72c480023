// Questions about what is stored. Each is one read-only transaction over one snapshot, on a connection that
// the drain never uses, with a deadline here and a slightly shorter one in the server. On a busy machine a round trip
// takes longer than most statements: those that need nothing of each other's answers go together.
public import Model
import Platform
package import Postgres

/// Questions about what is stored, for any lane; each has a deadline and a limit.
public struct StoreQueries: Sendable {
  /// The most entries a page may have.
  public static let largestPage = 1_000

  let settings: StoreSettings
  let time: any TimeSource
  private let pool: ConnectionPool
  private let horizon: @Sendable () -> Timestamp?
  /// Is told every statement: a yardstick asks the server the very same.
  package var onStatement: (@Sendable (Statement) -> Void)?

  init(
    _ settings: StoreSettings, time: any TimeSource, log: Log, horizon: @escaping @Sendable () -> Timestamp?
  ) {
    self.settings = settings
    self.time = time
    self.horizon = horizon
    pool = ConnectionPool(
      settings.database,
      SessionOptions(applicationName: "handoffd/\(settings.instance)/read", readWrite: false),
      limit: settings.readers, time: time, log: log)
  }

  /// Everything this sidecar received before this moment is in an answer given now; nil while nothing is known.
  public var asOf: Timestamp? { horizon() }

  func close() { pool.close() }

  /// Asks in one read-only transaction; a connection that turns out to be stale is replaced once.
  ///
  /// `share` is how much of the usual time it may take.
  func ask<Result>(
    _ question: String, share: Double = 1, _ body: (QueryScope) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    try ask(question, until: time.now() + settings.queryDeadline * share, body)
  }

  /// Asks in one read-only transaction that ends before `deadline`.
  func ask<Result>(
    _ question: String, until deadline: MonotonicInstant, _ body: (QueryScope) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    do throws(PostgresError) {
      do throws(PostgresError) {
        return try attempt(deadline, body)
      } catch {
        guard error.faultClass == .transient, error.code != .deadline, error.sqlState != .queryCanceled,
          error.code != .decoding
        else { throw error }
        return try attempt(deadline, body)
      }
    } catch {
      throw StoreError(question, error)
    }
  }

  private func attempt<Result>(
    _ deadline: MonotonicInstant, _ body: (QueryScope) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try pool.withConnection(until: deadline) { connection throws(PostgresError) in
      let left = deadline - time.now()
      let settings = TransactionSettings(
        readOnly: true, oneSnapshot: true, statementTimeout: max(left * 0.9, .milliseconds(10)),
        lockTimeout: .seconds(1), idleTimeout: max(left, .seconds(1)))
      return try connection.withTransaction(settings, until: deadline) { transaction throws(PostgresError) in
        try body(QueryScope(transaction: transaction, onStatement: onStatement))
      }
    }
  }
}

/// A transaction in which questions are asked.
struct QueryScope {
  let transaction: Transaction
  var onStatement: (@Sendable (Statement) -> Void)?

  /// Asks one thing; the last thing is asked, answered and committed at once.
  func rows(_ sql: String, _ parameters: [Parameter], isLast: Bool = false) throws(PostgresError) -> Rows {
    try rows(of: [Statement(sql, parameters)], isLast: isLast)[0]
  }

  /// Asks things together, and gives the rows of each.
  func rows(of statements: [Statement], isLast: Bool = false) throws(PostgresError) -> [Rows] {
    if let onStatement { statements.forEach(onStatement) }
    return try transaction.rows(of: statements, isLast: isLast)
  }

  /// Asks together what there is to ask, and gives the rows of each, nil where nothing was asked.
  func rows(ofAny statements: [Statement?], isLast: Bool) throws(PostgresError) -> [Rows?] {
    var answers = try rows(of: statements.compactMap(\.self), isLast: isLast)[...]
    return statements.map { $0 == nil ? nil : answers.popFirst() }
  }

  /// The handoffs in rows of `HandoffQuery.columns`.
  func handoffs(
    _ sql: String, _ parameters: [Parameter], isLast: Bool = false
  ) throws(PostgresError) -> [StoredHandoff] {
    try rows(sql, parameters, isLast: isLast).handoffs()
  }
}

extension Statement {
  /// Makes every join of a transaction go from few rows to an index; without statistics the planner may think otherwise.
  static let joiningByIndex = Statement(
    "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
}

extension Rows {
  /// The handoffs in rows of `HandoffQuery.columns`.
  func handoffs() throws(PostgresError) -> [StoredHandoff] {
    var handoffs: [StoredHandoff] = []
    for row in 0..<count { handoffs.append(try handoff(row)) }
    return handoffs
  }

  /// The handoff in a row of `HandoffQuery.columns`.
  func handoff(_ row: Int) throws(PostgresError) -> StoredHandoff {
    // A record of a later form is shown by its id alone rather than not at all.
    let record = HandoffRecord(coded: try value(row, 1)) ?? HandoffRecord()
    return StoredHandoff(id: try value(row, 0), record: record, firstEventAt: try moment(row, 2))
  }

  func moment(_ row: Int, _ column: Int) throws(PostgresError) -> Timestamp {
    Timestamp(microseconds: try value(row, column, as: WallTime.self).microseconds)
  }
}

extension StoreError {
  /// Why a question was not answered.
  init(_ question: String, _ error: PostgresError) {
    let isSlow = error.code == .deadline || error.sqlState == .queryCanceled
    switch error.faultClass {
    case _ where isSlow: self.init(.tooSlow, question, cause: "the database did not answer in time")
    case .poison: self.init(.question, question, cause: error.message, hint: error.hint)
    case .configuration: self.init(.configuration, question, cause: error.message, hint: error.hint)
    default:
      self.init(.unavailable, question, cause: error.message, hint: "it is tried again when asked again")
    }
  }
}
