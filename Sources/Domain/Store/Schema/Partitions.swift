import Platform
import Postgres

/// The days for which the logs have partitions, as far as this session knows.
///
/// Partitions are made in a transaction of their own, before the batch that needs them, and under an
/// advisory lock: twelve sidecars may meet the same new day in the same second.
struct Partitions {
  private var known: Set<Int64> = []

  /// "handoffd" again, but another number: migrations may take long.
  private static let lock: Int64 = 0x6861_6E64_6F66_6670

  /// The days that have none yet, as far as is known.
  func missing(of days: Set<Int64>) -> [Int64] {
    days.subtracting(known).sorted()
  }

  /// Forgets everything, because a partition that was known has gone.
  mutating func forget() { known.removeAll() }

  /// Makes the partitions of those days that have none.
  mutating func ensure(
    _ days: Set<Int64>, _ connection: Connection, until deadline: MonotonicInstant
  ) throws(PostgresError) {
    let wanted = missing(of: days)
    if wanted.isEmpty { return }
    let absent = try Self.absent(wanted, connection, deadline)
    if !absent.isEmpty {
      let settings = TransactionSettings(lockTimeout: .seconds(5), idleTimeout: .seconds(30))
      try connection.transaction(settings, until: deadline) { () throws(PostgresError) in
        try connection.execute("SELECT 1 FROM pg_advisory_xact_lock($1)", [.int8(Self.lock)], until: deadline)
        for (day, table) in try Self.absent(wanted, connection, deadline) {
          for statement in day.statements(for: table) { try connection.execute(statement, until: deadline) }
        }
      }
    }
    known.formUnion(wanted)
  }

  /// Which partitions are not there.
  private static func absent(
    _ days: [Int64], _ connection: Connection, _ deadline: MonotonicInstant
  ) throws(PostgresError) -> [(DayPartition, String)] {
    let all = days.flatMap { day in DayPartition.tables.map { (DayPartition(day: day), $0) } }
    let rows = try connection.execute(
      """
      SELECT n.number FROM unnest($1::text[]) WITH ORDINALITY AS n (name, number)
      WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
        WHERE s.nspname = 'handoffd' AND c.relname = n.name) ORDER BY n.number
      """, [.texts(all.map { $0.name(of: $1) })], until: deadline)
    var absent: [(DayPartition, String)] = []
    for row in 0..<rows.count {
      let number = Int(try rows.value(row, 0, as: Int64.self)) - 1
      if all.indices.contains(number) { absent.append(all[number]) }
    }
    return absent
  }
}
