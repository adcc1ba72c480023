import Store
import TestSupport

extension Rig {
  /// A store on a database with many handoffs that are all alike but for two.
  func crowd() throws -> Store {
    let store = try store(ArraySource())
    try eventually { store.status.isUp }
    try database.psql(
      """
      INSERT INTO handoffd.handoffs (handoff_id, version, task_id, conversation_id, from_agent, to_agent, kind, pattern,
        reason, state, troubled_state, error_class, error_type, inferred, attempts, event_count, first_event_at,
        last_event_at, acknowledged_at, ended_at, ack_latency_us, completeness, merge, rolled, user_id, holds)
      SELECT 'h' || n, 1, odd || n / 4, odd || n / 40, odd || n % 20, odd || n % 19, odd || 'word', odd || 'word',
        odd || 'word', CASE odd WHEN '' THEN 'completed' ELSE 'failed' END,
        CASE odd WHEN '' THEN NULL ELSE 'failed' END, nullif(odd, ''), nullif(odd, ''), odd <> '', 1, 1, at, at, at, at,
        CASE odd WHEN '' THEN 300000 ELSE 45000000 END, CASE odd WHEN '' THEN 0.96 ELSE 0.4 END,
        decode(repeat('00', 100), 'hex'), 0, nullif(odd, ''), false
      FROM (SELECT n, CASE WHEN n IN (11, 20011) THEN 'odd' ELSE '' END AS odd,
          timestamptz '2026-11-01 00:00Z' + n * interval '1 second' AS at
        FROM generate_series(1, 40000) AS n) AS numbered
      """)
    try database.psql("VACUUM ANALYZE handoffd.handoffs")
    return store
  }
}
