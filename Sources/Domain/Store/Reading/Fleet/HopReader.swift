// How deep handoffs are: as they say themselves, else along their path, which only their neighbours tell.
// So the handoffs of all tasks in question are gone through in the order in which they were sent.
import Model
import Postgres

/// Works out how deep the handoffs of some time were.
struct HopReader {
  let scope: QueryScope
  let since: Timestamp

  /// More handoffs than these are not gone through: then only those count that say it themselves.
  private static let most = 100_000

  /// A handoff on its path.
  private struct Leg {
    var id: String
    var task: String?
    var parent: String?
    var from: String?
    var to: String?
    var sentAt: Timestamp
    var deliveredAt: Timestamp?
    var hop: Int?
    var counts: Bool
  }

  /// The mean and the greatest depth; nil of none.
  func read() throws(PostgresError) -> (mean: Double?, most: Int?) {
    let told = try scope.rows(
      """
      SELECT avg(hop)::float8, max(hop), count(*) FILTER (WHERE hop IS NULL), count(*) FROM handoffd.handoffs
      WHERE first_event_at >= $1 AND initiated_at IS NOT NULL
      """, [.moment(since)])
    let untold = try told.value(0, 2, as: Int64.self)
    let all = try told.value(0, 3, as: Int64.self)
    if untold == 0 || all > Int64(Self.most) {
      return (try told.optional(0, 0), try told.optional(0, 1, as: Int64.self).map(Int.init))
    }
    let depths = Self.depths(of: try legs())
    guard !depths.isEmpty else { return (nil, nil) }
    return (depths.reduce(0) { $0 + Double($1) } / Double(depths.count), depths.max())
  }

  private func legs() throws(PostgresError) -> [Leg] {
    let columns = """
      handoff_id, task_id, parent_handoff_id, from_agent, to_agent, initiated_at,
      coalesce(acknowledged_at, CASE WHEN state = 'completed' THEN ended_at END), hop
      """
    let rows = try scope.rows(
      """
      SELECT * FROM (
        SELECT \(columns), true AS counts FROM handoffd.handoffs
        WHERE first_event_at >= $1 AND initiated_at IS NOT NULL
        UNION ALL
        SELECT \(columns), false FROM handoffd.handoffs
        WHERE first_event_at < $1 AND initiated_at IS NOT NULL AND task_id IN (
          SELECT task_id FROM handoffd.handoffs
          WHERE first_event_at >= $1 AND initiated_at IS NOT NULL AND hop IS NULL)) AS legs
      ORDER BY initiated_at, handoff_id LIMIT $2
      """, [.moment(since), .int8(Int64(2 * Self.most))])
    var legs: [Leg] = []
    for row in 0..<rows.count {
      legs.append(
        Leg(
          id: try rows.value(row, 0), task: try rows.optional(row, 1), parent: try rows.optional(row, 2),
          from: try rows.optional(row, 3), to: try rows.optional(row, 4), sentAt: try rows.moment(row, 5),
          deliveredAt: try rows.optionalMoment(row, 6),
          hop: try rows.optional(row, 7, as: Int64.self).map { Int($0) }, counts: try rows.value(row, 8)))
    }
    return legs
  }

  private struct Stop: Hashable {
    var task: String
    var agent: String
  }

  /// The depths of the legs that count, given in the order in which they were sent.
  private static func depths(of legs: [Leg]) -> [Int] {
    var byID: [String: Int] = [:]
    var stops: [Stop: [(at: Timestamp, hop: Int)]] = [:]
    var depths: [Int] = []
    for leg in legs {
      var arrivals: [(at: Timestamp, hop: Int)] = []
      if let task = leg.task, let from = leg.from { arrivals = stops[Stop(task: task, agent: from)] ?? [] }
      let last = arrivals.filter { $0.at <= leg.sentAt }.max { $0.at < $1.at }
      let before = leg.parent.flatMap { byID[$0] } ?? last?.hop
      let hop = leg.hop ?? (before ?? 0) + 1
      byID[leg.id] = hop
      if let task = leg.task, let to = leg.to, let at = leg.deliveredAt {
        stops[Stop(task: task, agent: to), default: []].append((at, hop))
      }
      if leg.counts { depths.append(hop) }
    }
    return depths
  }
}
