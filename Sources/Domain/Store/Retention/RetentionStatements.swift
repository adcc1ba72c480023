/// The statements that remove what is past its time: each at most `$2` rows, and none that somebody else holds.
enum RetentionStatements {
  /// "handoffd" once more, with a number of its own.
  static let lock: Int64 = 0x6861_6E64_6F66_6672

  static let tryLock = "SELECT pg_try_advisory_xact_lock($1)"

  static let partitions = """
    SELECT c.relname::text FROM pg_inherits AS i
      JOIN pg_class AS c ON c.oid = i.inhrelid
      JOIN pg_class AS p ON p.oid = i.inhparent
      JOIN pg_namespace AS n ON n.oid = p.relnamespace AND n.oid = c.relnamespace
    WHERE n.nspname = 'handoffd' AND p.relname = ANY ($1) AND right(c.relname::text, 8) ~ '^[0-9]{8}$'
      AND c.relname::text = p.relname::text || '_' || right(c.relname::text, 8) AND right(c.relname::text, 8) < $2
    ORDER BY right(c.relname::text, 8), 1
    """

  /// Whatever goes by a moment, `$1`, with how.
  static let old: [(RetentionKind, String)] = [
    (
      .handoffs,
      remove("handoffs", "handoff_id", "first_event_at < $1 AND last_event_at < $1", "first_event_at")
    ),
    (.identities, remove("subject_identities", "subject, kind, event_id", "occurred_at < $1", "occurred_at")),
    (.agents, remove("agents", "agent, spool_id", "last_seen_at < $1", "last_seen_at")),
    (
      .rejections,
      remove("rejections", "spool_id, sequence, acknowledged, slot", "received_at < $1", "received_at")
    ),
    (.quarantine, remove("quarantine", "spool_id, sequence, slot", "quarantined_at < $1", "quarantined_at")),
    (.alerts, remove("alert_transitions", "fingerprint, journal_id, number", "at < $1", "at")),
    (.alerts, remove("alert_episodes", "fingerprint", "state <> 'firing' AND seen_at < $1", "seen_at")),
  ]

  /// All rows of history before `$1`.
  static let rollups = remove(
    "rollups", "spool_id, minutes, start, kind, from_agent, to_agent",
    "spool_id = ANY (SELECT m.spool_id FROM handoffd.rollup_marks AS m) AND start < $1", "start")

  /// Minutes before `$1` that are in hours and days.
  static let rollupMinutes = """
    DELETE FROM handoffd.rollups AS r USING (
      SELECT o.spool_id, o.minutes, o.start, o.kind, o.from_agent, o.to_agent
      FROM handoffd.rollup_marks AS m JOIN handoffd.rollups AS o ON o.spool_id = m.spool_id
      WHERE o.minutes = 1 AND o.start < least($1, m.folded_until) LIMIT $2 FOR UPDATE OF o SKIP LOCKED) AS k
    WHERE (r.spool_id, r.minutes, r.start, r.kind, r.from_agent, r.to_agent)
      = (k.spool_id, k.minutes, k.start, k.kind, k.from_agent, k.to_agent)
    """

  /// Marks of sidecars that have no history any more.
  static let rollupMarks = """
    DELETE FROM handoffd.rollup_marks AS m WHERE m.folded_until < $1
      AND NOT EXISTS (SELECT FROM handoffd.rollups AS r WHERE r.spool_id = m.spool_id)
    """

  private static func remove(_ table: String, _ key: String, _ condition: String, _ order: String) -> String {
    """
    DELETE FROM handoffd.\(table) WHERE (\(key)) IN (
      SELECT \(key) FROM handoffd.\(table) WHERE \(condition) ORDER BY \(order) LIMIT $2 FOR UPDATE SKIP LOCKED)
    """
  }
}
