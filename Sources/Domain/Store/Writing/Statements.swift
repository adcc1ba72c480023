/// The statements of the drain; the yardstick of the benchmark runs the very same.
package enum Statements {
  /// Locks the position, and says whether anybody else was there within a day.
  package static let lockPosition = """
    SELECT next_seq, EXISTS (
      SELECT 1 FROM handoffd.spool_positions AS o WHERE o.spool_id <> $1 AND o.updated_at > now() - interval '1 day')
    FROM handoffd.spool_positions WHERE spool_id = $1 AND epoch = $2 FOR UPDATE
    """

  package static let findPosition =
    "SELECT next_seq, last_digest FROM handoffd.spool_positions WHERE spool_id = $1"

  package static let takePosition = """
    INSERT INTO handoffd.spool_positions AS p (spool_id, instance, epoch, next_seq, taken_at, updated_at)
    VALUES ($1, $2, 1, 1, $3, $3)
    ON CONFLICT (spool_id) DO UPDATE
      SET epoch = p.epoch + 1, instance = EXCLUDED.instance, taken_at = EXCLUDED.taken_at
    RETURNING epoch, next_seq
    """

  package static let movePosition = """
    UPDATE handoffd.spool_positions SET next_seq = $4, updated_at = $5, seen_until = $6, last_digest = $7
    WHERE spool_id = $1 AND epoch = $2 AND next_seq = $3
    """

  package static let findHandoffs =
    "SELECT handoff_id, version, merge, rolled FROM handoffd.handoffs WHERE handoff_id = ANY ($1)"

  /// Writes a record only on top of the one it was computed from.
  ///
  /// Rows that are held back by that are
  /// locked all the same, so a second look at them is final.
  package static let writeHandoffs = """
    INSERT INTO handoffd.handoffs AS h (\(HandoffRow.columns))
    SELECT \(HandoffRow.columns) FROM unnest($1::handoffd.handoff_row[])
    ON CONFLICT (handoff_id) DO UPDATE SET \(assignments(HandoffRow.columns, but: "handoff_id"))
      WHERE h.version = EXCLUDED.version - 1
    RETURNING h.handoff_id
    """

  package static let copyHandoffEvents =
    "COPY handoffd.handoff_events (\(EventRow.handoffColumns)) FROM STDIN (FORMAT binary)"

  package static let copySubjectEvents =
    "COPY handoffd.subject_events (\(EventRow.subjectColumns)) FROM STDIN (FORMAT binary)"

  package static let claimIdentities = """
    INSERT INTO handoffd.subject_identities (subject, kind, event_id, content, occurred_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
    ON CONFLICT (subject, kind, event_id) DO NOTHING
    RETURNING subject, kind, event_id
    """

  package static let findIdentities = """
    SELECT i.subject, i.kind, i.event_id, i.content FROM handoffd.subject_identities i
    WHERE i.subject = ANY ($1) AND i.event_id = ANY ($2)
    """

  package static let seeAgents = """
    INSERT INTO handoffd.agents AS a (agent, spool_id, first_seen_at, last_seen_at)
    SELECT n.agent, $1, n.seen_at, n.seen_at FROM unnest($2::text[], $3::timestamptz[]) AS n (agent, seen_at)
    ON CONFLICT (agent, spool_id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
      WHERE a.last_seen_at < EXCLUDED.last_seen_at
    """

  package static let reject = """
    INSERT INTO handoffd.rejections
      (spool_id, sequence, acknowledged, slot, received_at, sender, event_index, code, pointer, message, body)
    SELECT $1, * FROM unnest($2::bigint[], $3::boolean[], $4::integer[], $5::timestamptz[], $6::text[],
      $7::integer[], $8::text[], $9::text[], $10::text[], $11::bytea[])
    ON CONFLICT (spool_id, sequence, acknowledged, slot) DO NOTHING
    """

  package static let quarantine = """
    INSERT INTO handoffd.quarantine (spool_id, sequence, slot, quarantined_at, reason, sqlstate, bytes)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (spool_id, sequence, slot) DO NOTHING
    """

  package static let handoffRowType = "SELECT 'handoffd.handoff_row'::regtype::oid::bigint"

  private static func assignments(_ columns: String, but key: String) -> String {
    columns.split(separator: ", ").filter { $0 != key }.map { "\($0) = EXCLUDED.\($0)" }.joined(
      separator: ", ")
  }
}
