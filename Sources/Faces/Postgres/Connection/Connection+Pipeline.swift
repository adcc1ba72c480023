// Statements that are sent together, in libpq's pipeline mode: the server runs one after another and answers all at once,
// so that they cost one round trip, and each side wakes up once.
//
// On the wire they are what they are otherwise, with one Sync behind them all instead of one behind each; a pooler in
// transaction mode waits for that Sync as for any other. What stands behind a statement that fails, the server passes
// over up to the Sync. When this returns, the pipeline is over, or the connection is dead.
import CPostgres
public import Platform

extension Connection {
  /// Runs statements in one round trip, and gives the rows of each, which come in binary form.
  ///
  /// Behind a statement that fails none is run; its error is thrown.
  @discardableResult
  public func execute(
    together statements: [Statement], until deadline: MonotonicInstant
  ) throws(PostgresError) -> [Rows] {
    if statements.isEmpty { return [] }
    let actions = statements.map { Self.action($0.sql) }
    for (statement, action) in zip(statements, actions) { try Self.check(statement, action) }
    try send(statements, actions, until: deadline)
    var answers: [Rows] = []
    var failure: PostgresError?
    for action in actions {
      do throws(PostgresError) {
        answers.append(try onlyRows(action, until: deadline))
      } catch {
        // Only the first says what happened: those behind it were not run.
        if failure == nil { failure = error }
        if !isUsable { break }
      }
    }
    if isUsable {
      do throws(PostgresError) { try endPipeline(until: deadline) } catch {
        if failure == nil { failure = error }
      }
    }
    if let failure { throw failure }
    return answers
  }

  private func send(
    _ statements: [Statement], _ actions: [String], until deadline: MonotonicInstant
  ) throws(PostgresError) {
    let handle = try unsafe live(actions[0])
    if unsafe PQenterPipelineMode(handle) != 1 { throw lost(actions[0]) }
    for (statement, action) in zip(statements, actions) { try start(statement, action) }
    if unsafe PQpipelineSync(handle) != 1 { throw lost(actions[0]) }
    try flush(actions[0], until: deadline)
  }

  /// Takes the answer to the Sync, which says how the transaction stands.
  private func endPipeline(until deadline: MonotonicInstant) throws(PostgresError) {
    let action = "end a pipeline"
    guard let result = try unsafe nextResult(action, until: deadline) else { throw lost(action) }
    let status = unsafe PQresultStatus(result)
    unsafe PQclear(result)
    if status != PGRES_PIPELINE_SYNC {
      throw die(PostgresError(.unexpectedAnswer, action, "the server goes on answering"))
    }
    if unsafe PQexitPipelineMode(try live(action)) != 1 { throw lost(action) }
  }
}
