// Questions about what is stored. Each is one read-only transaction over one snapshot, on a connection that
// the drain never uses, with a deadline here and a slightly shorter one in the server.
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
  /// Is told every statement with its parameters: a yardstick asks the server the very same.
  package var onStatement: (@Sendable (String, [Parameter]) -> Void)?

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
    let deadline = time.now() + settings.queryDeadline * share
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
      return try connection.transaction(settings, until: deadline) { () throws(PostgresError) in
        try body(QueryScope(connection: connection, deadline: deadline, onStatement: onStatement))
      }
    }
  }
}

/// A transaction in which questions are asked.
struct QueryScope {
  let connection: Connection
  let deadline: MonotonicInstant
  var onStatement: (@Sendable (String, [Parameter]) -> Void)?

  func rows(_ sql: String, _ parameters: [Parameter]) throws(PostgresError) -> Rows {
    onStatement?(sql, parameters)
    return try connection.execute(sql, parameters, until: deadline)
  }

  /// Runs statements without parameters.
  func run(_ sql: String) throws(PostgresError) {
    try connection.run(sql, until: deadline)
  }

  /// The handoffs in rows of `HandoffQuery.columns`.
  func handoffs(_ sql: String, _ parameters: [Parameter]) throws(PostgresError) -> [StoredHandoff] {
    let rows = try rows(sql, parameters)
    var handoffs: [StoredHandoff] = []
    for row in 0..<rows.count { handoffs.append(try rows.handoff(row)) }
    return handoffs
  }
}

extension Rows {
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
