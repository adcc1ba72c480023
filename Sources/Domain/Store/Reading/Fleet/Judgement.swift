// What became of a handoff, in SQL, by its record and where that does not tell by its events:
//
//   delivered   it was acknowledged or completed, whatever followed
//   exhausted   it was not delivered, and failed, was parked, expired or was rerouted, or the last sending
//               had no end for `exhaustedAfter`
//   completed   it stands completed              work failed   it was delivered and stands failed
//
// So, other than a counter, this is corrected: what was exhausted first and delivered then is delivered.
// Most handoffs are acknowledged or stand completed: for them the record tells. Only for the others the log
// is read, through its key.
import Analytics
import Model
import Postgres

/// Handoffs of some time with what became of them, for `FROM`.
enum Judgement {
  private static let columns = """
    h.to_agent, h.kind, h.strategy, h.state, h.initiated_at, h.acknowledged_at, h.ended_at, h.ack_latency_us, h.duration_us,
    h.refs_requested, h.refs_resolved, h.tokens_budget, h.tokens_used
    """

  /// The handoffs `h` that pass a condition, as rows with the columns of the record that are counted.
  ///
  /// `$2` is the moment of the question, `$3` after how many microseconds a handoff is exhausted.
  static func rows(where condition: String) -> String {
    """
    (SELECT \(columns), true AS is_delivered, false AS is_exhausted FROM handoffd.handoffs AS h
     WHERE \(condition) AND (h.acknowledged_at IS NOT NULL OR h.state = 'completed')
     UNION ALL
     SELECT \(columns), coalesce(log.is_completed, false) AS is_delivered,
       NOT coalesce(log.is_completed, false) AND (
         coalesce(log.is_given_up, false)
         OR coalesce(coalesce(h.ended_at, $2) - log.sent_at > $3 * interval '1 microsecond', false))
         AS is_exhausted
     FROM handoffd.handoffs AS h
     LEFT JOIN LATERAL (
       SELECT bool_or(e.type = 'handoff.completed') AS is_completed,
         bool_or(e.type IN ('handoff.failed', 'handoff.parked', 'handoff.expired', 'handoff.rerouted'))
           AS is_given_up,
         max(e.occurred_at) FILTER (
           WHERE e.type IN ('handoff.initiated', 'handoff.replayed', 'handoff.rerouted')) AS sent_at
       FROM handoffd.handoff_events AS e
       WHERE e.handoff_id = h.handoff_id
         AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at) AS log ON true
     WHERE \(condition) AND h.acknowledged_at IS NULL AND h.state IS DISTINCT FROM 'completed') AS h
    """
  }

  /// What is counted of them, in the order in which `FleetShare` is read.
  static let aggregates = """
    count(*) FILTER (WHERE h.initiated_at IS NOT NULL), count(*) FILTER (WHERE h.is_delivered),
    count(*) FILTER (WHERE h.is_exhausted), count(*) FILTER (WHERE h.state = 'completed'),
    count(*) FILTER (WHERE h.is_delivered AND h.state = 'failed'),
    count(h.ack_latency_us), coalesce(sum(h.ack_latency_us)::float8, 0), min(h.ack_latency_us),
    max(h.ack_latency_us),
    count(h.duration_us), coalesce(sum(h.duration_us)::float8, 0), min(h.duration_us), max(h.duration_us),
    coalesce(sum(h.refs_requested) FILTER (WHERE h.refs_requested > 0 AND h.refs_resolved IS NOT NULL), 0)::float8,
    coalesce(sum(h.refs_resolved) FILTER (WHERE h.refs_requested > 0 AND h.refs_resolved IS NOT NULL), 0)::float8,
    coalesce(sum(h.tokens_used) FILTER (WHERE h.tokens_budget > 0 AND h.tokens_used IS NOT NULL), 0)::float8,
    coalesce(sum(h.tokens_budget) FILTER (WHERE h.tokens_budget > 0 AND h.tokens_used IS NOT NULL), 0)::float8
    """
}

extension Rows {
  func count(_ row: Int, _ column: Int) throws(PostgresError) -> UInt64 {
    UInt64(clamping: try value(row, column, as: Int64.self))
  }

  private func sum(_ row: Int, _ column: Int) throws(PostgresError) -> UInt64 {
    UInt64(exactly: try value(row, column, as: Double.self).rounded()) ?? .max
  }

  private func spread(_ row: Int, _ column: Int) throws(PostgresError) -> FleetSpread {
    FleetSpread(
      count: try count(row, column), total: try value(row, column + 1), least: try optional(row, column + 2),
      greatest: try optional(row, column + 3))
  }

  /// The word of a closed list that a column has; `other` where it has none of them.
  func word<Word: ClosedWord>(_ row: Int, _ column: Int) throws(PostgresError) -> Word {
    let name: String? = try optional(row, column)
    return Word.allCases.first { $0.name == name } ?? .other
  }

  /// What `Judgement.aggregates` gave, from `column` on.
  func share(_ row: Int, _ column: Int) throws(PostgresError) -> FleetShare {
    FleetShare(
      started: try count(row, column), delivered: try count(row, column + 1),
      exhausted: try count(row, column + 2), completed: try count(row, column + 3),
      workFailed: try count(row, column + 4), acknowledgement: try spread(row, column + 5),
      duration: try spread(row, column + 9), requested: try sum(row, column + 13),
      resolved: try sum(row, column + 14), tokensUsed: try sum(row, column + 15),
      tokensBudgeted: try sum(row, column + 16))
  }
}
