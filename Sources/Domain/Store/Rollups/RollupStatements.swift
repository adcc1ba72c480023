/// The statements that read and write rollups.
enum RollupStatements {
  static let counts = RollupCount.allCases.map(\.column).joined(separator: ", ")
  static let measures = RollupMeasure.allCases.map(\.column).joined(separator: ", ")
  private static let keys = "minutes, start, kind, from_agent, to_agent"

  static let findMark = "SELECT folded_until FROM handoffd.rollup_marks WHERE spool_id = $1"

  static let setMark = """
    INSERT INTO handoffd.rollup_marks (spool_id, folded_until) VALUES ($1, $2)
    ON CONFLICT (spool_id) DO UPDATE SET folded_until = EXCLUDED.folded_until
    """

  /// The minutes of a sidecar from one moment to another.
  static let findMinutes = """
    SELECT start, kind, from_agent, to_agent, \(counts), \(measures) FROM handoffd.rollups
    WHERE spool_id = $1 AND minutes = 1 AND start >= $2 AND start < $3
    """

  /// Looks every key up by itself: how many rows there are makes no difference to how they are found.
  static let find = """
    SELECT k.number, \(counts), \(measures)
    FROM unnest($2::smallint[], $3::timestamptz[], $4::smallint[], $5::text[], $6::text[])
        WITH ORDINALITY AS k (\(keys), number)
      CROSS JOIN LATERAL (
        SELECT * FROM handoffd.rollups AS r
        WHERE r.spool_id = $1 AND r.minutes = k.minutes AND r.start = k.start AND r.kind = k.kind
          AND r.from_agent = k.from_agent COLLATE "C" AND r.to_agent = k.to_agent COLLATE "C" LIMIT 1) AS r
    """

  static let write: String = {
    let counts = RollupCount.allCases.indices.map { "$\(7 + $0)::bigint[]" }
    let measures = RollupMeasure.allCases.indices.map { "$\(7 + counts.count + $0)::bytea[]" }
    let arrays =
      ["$2::smallint[]", "$3::timestamptz[]", "$4::smallint[]", "$5::text[]", "$6::text[]"] + counts
      + measures
    let values = RollupCount.allCases.map(\.column) + RollupMeasure.allCases.map(\.column)
    return """
      INSERT INTO handoffd.rollups (spool_id, \(keys), \(values.joined(separator: ", ")))
      SELECT $1, * FROM unnest(\(arrays.joined(separator: ", ")))
      ON CONFLICT (spool_id, \(keys)) DO UPDATE SET
      \(values.map { "\($0) = EXCLUDED.\($0)" }.joined(separator: ", "))
      """
  }()
}
