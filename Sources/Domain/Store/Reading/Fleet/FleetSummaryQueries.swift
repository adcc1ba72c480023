public import Model
import Postgres

/// How the whole fleet is judged.
public struct FleetClock: Sendable {
  /// The moment of the question.
  public var now: Timestamp
  /// Unacknowledged for longer, a handoff is overdue.
  public var overdueAfter: Duration
  /// Unacknowledged for longer, a handoff is exhausted.
  public var exhaustedAfter = Duration.seconds(600)
  /// An acknowledged handoff of which nothing is heard for longer has ended.
  public var idleAfter: Duration

  /// A clock that stands at `now`.
  public init(now: Timestamp, overdueAfter: Duration, idleAfter: Duration) {
    self.now = now
    self.overdueAfter = overdueAfter
    self.idleAfter = idleAfter
  }

  /// That long before the question.
  func ago(_ length: Duration) -> Timestamp {
    Timestamp(microseconds: now.microseconds &- length.inMicroseconds)
  }
}

extension StoreQueries {
  /// So many receivers are told of for themselves.
  public static let mostAgents = 1_000

  /// What the handoffs whose first event occurred from `since` on have come to.
  public func summary(since: Timestamp, _ clock: FleetClock) throws(StoreError) -> FleetSummary {
    let asOf = asOf
    var summary = try ask("sum up handoffs") { scope throws(PostgresError) in
      try FleetReader(scope: scope, since: since, clock: clock).summary()
    }
    summary.asOf = asOf
    return summary
  }
}

/// Reads what all sidecars together know of the handoffs of some time.
struct FleetReader {
  let scope: QueryScope
  let since: Timestamp
  let clock: FleetClock

  /// The parameters of `Judgement.rows(where:)`; `$1` is since when.
  var judging: [Parameter] {
    [.moment(since), .moment(clock.now), .int8(clock.exhaustedAfter.inMicroseconds)]
  }

  func summary() throws(PostgresError) -> FleetSummary {
    var summary = FleetSummary()
    var agents: [String: FleetShare] = [:]
    let rows = try scope.rows(
      """
      SELECT h.to_agent, h.kind, h.strategy, \(Judgement.aggregates)
      FROM \(Judgement.rows(where: "h.first_event_at >= $1")) GROUP BY h.to_agent, h.kind, h.strategy
      """, judging)
    for row in 0..<rows.count {
      let share = try rows.share(row, 3)
      summary.all.add(share)
      if let name: String = try rows.optional(row, 0) { agents[name, default: FleetShare()].add(share) }
      summary.kinds[try rows.word(row, 1), default: FleetShare()].add(share)
      summary.strategies[try rows.word(row, 2), default: FleetShare()].add(share)
    }
    let most = agents.sorted { ($1.value.started, $0.key) < ($0.value.started, $1.key) }
      .prefix(StoreQueries.mostAgents)
    summary.agents = Dictionary(uniqueKeysWithValues: Array(most))
    try readBuckets(&summary)
    (summary.meanHops, summary.mostHops) = try HopReader(scope: scope, since: since).read()
    summary.validationErrors = try validationErrors()
    return summary
  }

  /// Where the times lie, for quantiles.
  private func readBuckets(_ summary: inout FleetSummary) throws(PostgresError) {
    let acknowledgements = try scope.rows(
      """
      SELECT \(LogBuckets.middle(of: "ack_latency_us")) AS middle,
        CASE WHEN to_agent = ANY ($2) THEN to_agent END AS agent, count(*)
      FROM handoffd.handoffs WHERE first_event_at >= $1 AND ack_latency_us IS NOT NULL GROUP BY middle, agent
      """, [.moment(since), .texts(summary.agents.keys)])
    for row in 0..<acknowledgements.count {
      let middle: Double = try acknowledgements.value(row, 0)
      let number = try acknowledgements.count(row, 2)
      summary.all.acknowledgement.buckets[middle, default: 0] += number
      if let name: String = try acknowledgements.optional(row, 1) {
        summary.agents[name]?.acknowledgement.buckets[middle] = number
      }
    }
    let durations = try scope.rows(
      """
      SELECT \(LogBuckets.middle(of: "duration_us")) AS middle, count(*) FROM handoffd.handoffs
      WHERE first_event_at >= $1 AND duration_us IS NOT NULL GROUP BY middle
      """, [.moment(since)])
    for row in 0..<durations.count {
      summary.all.duration.buckets[try durations.value(row, 0)] = try durations.count(row, 1)
    }
  }

  /// Results of validations that did not pass; one where a validation only says that it is not valid.
  private func validationErrors() throws(PostgresError) -> UInt64 {
    let rows = try scope.rows(
      """
      SELECT coalesce(sum(CASE WHEN v.failed = 0 AND v.is_invalid THEN 1 ELSE v.failed END), 0)::bigint FROM (
        SELECT e.body->'validation'->>'valid' = 'false' AS is_invalid, (
            SELECT count(*) FROM json_array_elements(
              CASE json_typeof(e.body->'validation'->'results') WHEN 'array' THEN e.body->'validation'->'results'
              ELSE '[]' END) AS r
            WHERE json_typeof(r) = 'object' AND r->>'passed' = 'false') AS failed
        FROM handoffd.handoff_events AS e WHERE e.type = 'handoff.validated' AND e.occurred_at >= $1) AS v
      """, [.moment(since)])
    return try rows.count(0, 0)
  }
}
