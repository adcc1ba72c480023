// Named statements, for yardsticks alone: they belong to a session, and behind PgBouncer in transaction mode the next
// transaction may run in another one. The sidecar has none.
import CPostgres
package import Platform

extension Connection {
  /// Prepares a statement under a name, for parameters like these.
  package func prepare(
    _ name: String, _ sql: String, like parameters: [Parameter], until deadline: MonotonicInstant
  ) throws(PostgresError) {
    let action = "prepare \(Self.summary(sql))"
    let types = parameters.map { Oid($0.type.rawValue) }
    if unsafe PQsendPrepare(try live(action), name, sql, Int32(types.count), types) != 1 {
      throw lost(action)
    }
    try flush(action, until: deadline)
    try finish(action, until: deadline)
  }

  /// Runs a prepared statement, whose rows come in binary form.
  @discardableResult
  package func execute(
    prepared name: String, _ parameters: [Parameter], until deadline: MonotonicInstant
  ) throws(PostgresError) -> Rows {
    let action = "run \(name)"
    let handle = try unsafe live(action)
    let sent = unsafe Self.withPointers(parameters) { pointers, lengths in
      let formats = [Int32](repeating: 1, count: parameters.count)
      return unsafe PQsendQueryPrepared(handle, name, Int32(parameters.count), pointers, lengths, formats, 1)
    }
    if sent != 1 { throw lost(action) }
    try flush(action, until: deadline)
    return try onlyRows(action, until: deadline)
  }
}
