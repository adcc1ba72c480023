public import Model
import Platform
import Postgres
public import Spool

/// A few seconds of one sidecar's windows, as it is stored.
public struct StoredSlice: Sendable {
  /// Whose it is.
  public var source: String
  /// When it begins.
  public var start: Timestamp
  /// What it holds, in whatever form the writer chose.
  public var figures: [UInt8]
}

extension AlertLedger {
  /// Tells other sidecars what the last seconds held here; false, and nothing is written, while there are none.
  public func publish(
    _ slices: [(start: Timestamp, figures: [UInt8])], of spool: SpoolID, othersSince: Timestamp,
    within limit: Duration
  ) throws(StoreError) -> Bool {
    try write("tell others of the last seconds", limit) { scope throws(PostgresError) in
      let hasOthers = try scope.rows(
        "SELECT EXISTS (SELECT 1 FROM handoffd.spool_positions WHERE spool_id <> $1 AND updated_at >= $2)",
        [.uuid(spool.high, spool.low), .moment(othersSince)]
      ).single(as: Bool.self)
      guard hasOthers, !slices.isEmpty else { return hasOthers }
      _ = try scope.rows(
        """
        INSERT INTO handoffd.window_slices (spool_id, slice, figures, updated_at)
        SELECT $1, s.slice, s.figures, clock_timestamp()
        FROM unnest($2::bigint[], $3::bytea[]) AS s (slice, figures)
        ON CONFLICT (spool_id, slice) DO UPDATE SET figures = EXCLUDED.figures, updated_at = EXCLUDED.updated_at
        """,
        [
          .uuid(spool.high, spool.low), .int8s(slices.map(\.start.microseconds)),
          .array(of: .bytea, slices) { $1.field($0.figures) },
        ])
      return true
    }
  }

  /// What others have written since `changed`, of the time from `start` on; and when the latest of it was written.
  public func slices(
    besides spool: SpoolID, from start: Timestamp, changedSince changed: Timestamp, within limit: Duration
  ) throws(StoreError) -> (slices: [StoredSlice], latest: Timestamp?) {
    try write("read the last seconds of others", limit) { scope throws(PostgresError) in
      let rows = try scope.rows(
        """
        SELECT spool_id::text, slice, figures, updated_at FROM handoffd.window_slices
        WHERE spool_id <> $1 AND slice >= $2 AND updated_at >= $3
        """, [.uuid(spool.high, spool.low), .int8(start.microseconds), .moment(changed)])
      var slices: [StoredSlice] = []
      var latest: Timestamp?
      for row in 0..<rows.count {
        slices.append(
          StoredSlice(
            source: try rows.value(row, 0), start: Timestamp(microseconds: try rows.value(row, 1)),
            figures: try rows.value(row, 2)))
        let written = try rows.moment(row, 3)
        latest = max(latest ?? written, written)
      }
      return (slices, latest)
    }
  }

  /// Deletes slices that no window reaches any more, whoever wrote them.
  public func forgetSlices(before start: Timestamp, within limit: Duration) throws(StoreError) {
    try write("delete slices of windows", limit) { scope throws(PostgresError) in
      _ = try scope.rows("DELETE FROM handoffd.window_slices WHERE slice < $1", [.int8(start.microseconds)])
    }
  }
}
