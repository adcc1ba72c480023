import Model

/// One day of a partitioned log, in UTC.
struct DayPartition: Hashable, Sendable {
  /// The partitioned tables.
  static let tables = ["handoff_events", "subject_events"]

  /// Days since 1970.
  var day: Int64

  private var start: String { Self.date(day) }
  private var end: String { Self.date(day + 1) }

  /// The name of the partition of `table`.
  func name(of table: String) -> String {
    table + "_" + start.split(separator: "-").joined()
  }

  /// The statements that make the partition of `table`.
  ///
  /// Attaching takes a weaker lock than `CREATE TABLE … PARTITION OF`, so nobody who reads or writes the log
  /// has to wait.
  func statements(for table: String) -> [String] {
    let name = "handoffd." + name(of: table)
    return [
      "CREATE TABLE \(name) (LIKE handoffd.\(table) INCLUDING DEFAULTS)",
      """
      ALTER TABLE handoffd.\(table) ATTACH PARTITION \(name)
        FOR VALUES FROM ('\(start) 00:00:00+00') TO ('\(end) 00:00:00+00')
      """,
    ]
  }

  private static func date(_ day: Int64) -> String {
    String(Timestamp(microseconds: day &* 86_400_000_000).text.prefix(10))
  }
}
