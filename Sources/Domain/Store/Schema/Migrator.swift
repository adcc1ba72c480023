// Brings the schema to the version this program knows; any number of sidecars may try at once.
//
// One look without a lock settles the usual case. Otherwise each migration is one transaction under an
// advisory lock of that transaction (PgBouncer may stand in between, so no session locks): whoever comes
// second finds it done. The version's row is written in the same transaction, so a migration that died
// half-way never was. A schema of a later version is left as it is, and worked with if it says so.
import Platform
import Postgres

struct Migrator {
  let connection: Connection
  let instance: String
  let time: any TimeSource
  let log: Log

  /// What all sidecars lock while they change the schema: "handoffd" as a number.
  private static let lock: Int64 = 0x6861_6E64_6F66_6664

  /// Makes sure that the schema is one this program can work with.
  func run(until deadline: MonotonicInstant) throws(DrainFailure) {
    try checkEncoding()
    if try judge(postgres { () throws(PostgresError) in try found(deadline) }) { return }
    for migration in Migration.all { try apply(migration, deadline) }
  }

  private struct Found {
    var version: Int
    var oldestReader: Int
  }

  /// Whether the schema needs nothing; throws where it is beyond this program.
  private func judge(_ found: Found?) throws(DrainFailure) -> Bool {
    guard let found else { return false }
    if found.oldestReader > Migration.current {
      throw .schemaTooNew(found: found.version, oldestReader: found.oldestReader)
    }
    if found.version > Migration.current {
      log(
        .info, "the schema is newer than this program, which can work with it",
        ["schema": .count(found.version), "known": .count(Migration.current)])
    }
    return found.version >= Migration.current
  }

  private func checkEncoding() throws(DrainFailure) {
    let encoding = connection.serverSetting("server_encoding") ?? "UTF8"
    if encoding != "UTF8" { throw .encoding(encoding) }
  }

  /// What the database holds.
  ///
  /// The catalogues are read as tables: `to_regclass` may answer from a cache
  /// that is older than the lock.
  private func found(_ deadline: MonotonicInstant) throws(PostgresError) -> Found? {
    let tables = try connection.execute(
      """
      SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'handoffd' AND c.relname = 'schema_version'
      """, until: deadline)
    if tables.isEmpty { return nil }
    let rows = try connection.execute(
      "SELECT version, oldest_reader FROM handoffd.schema_version ORDER BY version DESC LIMIT 1",
      until: deadline)
    if rows.isEmpty { return nil }
    return Found(
      version: Int(try rows.value(0, 0, as: Int64.self)),
      oldestReader: Int(try rows.value(0, 1, as: Int64.self)))
  }

  private func apply(_ migration: Migration, _ deadline: MonotonicInstant) throws(DrainFailure) {
    let settings = TransactionSettings(idleTimeout: .seconds(60))
    let isDone: Bool = try postgres { () throws(PostgresError) in
      try connection.transaction(settings, until: deadline) { () throws(PostgresError) in
        try connection.execute(
          "SELECT 1 FROM pg_advisory_xact_lock($1)", [.int8(Self.lock)], until: deadline)
        if let found = try found(deadline), found.version >= migration.version { return true }
        if migration.version == 1, try !hasSchema(deadline) {
          try connection.execute("CREATE SCHEMA handoffd", until: deadline)
        }
        for statement in migration.statements { try connection.execute(statement, until: deadline) }
        try record(migration, deadline)
        return false
      }
    }
    if !isDone { log(.info, "migrated the schema", ["version": .count(migration.version)]) }
  }

  /// Asked first, because `IF NOT EXISTS` wants the right to create even where there is nothing to do.
  private func hasSchema(_ deadline: MonotonicInstant) throws(PostgresError) -> Bool {
    try !connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'handoffd'", until: deadline).isEmpty
  }

  private func record(_ migration: Migration, _ deadline: MonotonicInstant) throws(PostgresError) {
    try connection.execute(
      "INSERT INTO handoffd.schema_version (version, oldest_reader, applied_at, applied_by) VALUES ($1, $2, $3, $4)",
      [
        .int4(Int32(migration.version)), .int4(Int32(migration.oldestReader)), .timestamptz(time.wall()),
        .text(instance),
      ], until: deadline)
  }

  private func postgres<Result>(
    _ body: () throws(PostgresError) -> Result
  ) throws(DrainFailure) -> Result {
    do throws(PostgresError) { return try body() } catch { throw .postgres(.migrate, error) }
  }
}
