// History is read from the longest rows that fit the step, and from the minutes that are not in those yet: a year by
// days is some hundred rows a sidecar, each with a sketch, and the sketches are merged here.
//
// A handoff that is not answered is counted ten minutes after its sending, when it is sent: what lies in the future is
// left out, and so are unanswered handoffs of this very minute.
import Model
import Postgres

extension StoreQueries {
  /// The most points an answer has for a series.
  public static let mostPoints = 1_500
  /// The most series an answer has.
  public static let mostSeries = 50
  /// The most points of all series together.
  public static let mostPointsOfAll = 20_000

  /// The history of figures.
  public func series(_ question: SeriesQuestion) throws(StoreError) -> SeriesAnswer {
    let asOf = asOf
    var answer = try ask("read history") { scope throws(PostgresError) in
      try SeriesReader(scope: scope, question: question).read()
    }
    answer.asOf = asOf
    return answer
  }
}

/// Reads the history that a question asks for.
private struct SeriesReader {
  let scope: QueryScope
  let question: SeriesQuestion
  private var filters: [String] = []
  private var parameters: [Parameter]

  init(scope: QueryScope, question: SeriesQuestion) {
    self.scope = scope
    self.question = question
    let end = min(question.until, Timestamp(microseconds: question.now.microseconds &+ 1))
    parameters = [
      .int2(question.span.rawValue), .moment(question.since), .moment(question.until), .moment(end),
      .int8(question.step.inMicroseconds),
      .moment(Timestamp(microseconds: question.now.minute &* Timestamp.microsecondsPerMinute)),
      .int2((question.wantsPairs ? RollupKind.pair : .all).rawValue),
    ]
    for (columns, name) in [
      (["from_agent", "to_agent"], question.agent), (["from_agent"], question.fromAgent),
      (["to_agent"], question.toAgent),
    ] {
      guard let name else { continue }
      parameters.append(.text(name))
      let value = "$\(parameters.count) COLLATE \"C\""
      filters.append("(" + columns.map { "r.\($0) = \(value)" }.joined(separator: " OR ") + ")")
    }
  }

  func read() throws(PostgresError) -> SeriesAnswer {
    guard question.wantsPairs else {
      var series = Series()
      try read("", []) { _, _, point, figures in series.points[point] = figures }
      return SeriesAnswer(question: question, series: [series], isPartial: false)
    }
    let hasRest = try hasRest()
    guard question.grouping != nil else {
      var series = Series(fromAgent: question.fromAgent, toAgent: question.toAgent)
      try read("", []) { _, _, point, figures in series.points[point] = figures }
      return SeriesAnswer(question: question, series: [series], isPartial: hasRest)
    }
    let (series, hasMore) = try groups()
    return SeriesAnswer(question: question, series: series, isPartial: hasRest || hasMore)
  }

  // MARK: rows

  /// The rows of the time that was asked for, as `x`; `more` narrows them.
  private func rows(_ more: String) -> String {
    let conditions = (["r.kind = $7"] + filters).joined(separator: " AND ") + more
    let long = """
      SELECT r.* FROM handoffd.rollups AS r
      WHERE r.spool_id = m.spool_id AND r.minutes = $1 AND r.start >= $2
        AND r.start < CASE $1 WHEN 1 THEN $4 ELSE $3 END AND \(conditions)
      """
    let unfolded = """
      SELECT r.* FROM handoffd.rollups AS r
      WHERE $1 > 1 AND r.spool_id = m.spool_id AND r.minutes = 1 AND r.start >= greatest($2, m.folded_until)
        AND r.start < $4 AND \(conditions)
      """
    return "handoffd.rollup_marks AS m CROSS JOIN LATERAL (\(long) UNION ALL \(unfolded)) AS x"
  }

  /// The columns that tell series apart.
  private var names: (from: String, to: String) {
    switch question.grouping {
    case nil: ("''::text", "''::text")
    case .fromAgent: ("x.from_agent", "''::text")
    case .toAgent: ("''::text", "x.to_agent")
    case .pair: ("x.from_agent", "x.to_agent")
    }
  }

  private func read(
    _ more: String, _ values: [Parameter], _ take: (String, String, Int, SeriesFigures) -> Void
  ) throws(PostgresError) {
    let counts = RollupCount.allCases.map { count in
      count == .timeout
        ? "sum(CASE WHEN x.start >= $6 THEN 0 ELSE x.timeout END)::bigint" : "sum(x.\(count.column))::bigint"
    }
    let sketch = question.measure.map { "string_agg(x.\($0.rolled.column), ''::bytea)" } ?? "NULL::bytea"
    let rows = try scope.rows(
      """
      SELECT floor(extract(epoch FROM x.start - $2) * 1000000 / $5)::bigint AS point, \(names.from), \(names.to),
        \(sketch), \(counts.joined(separator: ", "))
      FROM \(rows(more)) GROUP BY 1, 2, 3
      """, parameters + values, isLast: true)
    for row in 0..<rows.count {
      let point = Int(try rows.value(row, 0, as: Int64.self))
      take(try rows.value(row, 1), try rows.value(row, 2), point, try figures(rows, row))
    }
  }

  private func figures(_ rows: Rows, _ row: Int) throws(PostgresError) -> SeriesFigures {
    var counts: [Int64] = []
    for place in RollupCount.allCases.indices { counts.append(try rows.value(row, 4 + place)) }
    var sketches = [RollupSketch](repeating: RollupSketch(), count: RollupMeasure.allCases.count)
    if let measure = question.measure, let coded: [UInt8] = try rows.optional(row, 3) {
      sketches[measure.rolled.rawValue] = RollupSketch(coded: coded)
    }
    return SeriesFigures(rolled: RollupFigures(counts: counts, sketches: sketches))
  }

  // MARK: groups

  /// How many handoffs rows count; those that were corrected away leave rows that come to nothing.
  private static func handoffs(_ rows: String) -> String {
    let counts: [RollupCount] = [
      .started, .delivered, .failed, .rejected, .cancelled, .expired, .parked, .rerouted, .timeout, .diverted,
    ]
    return "sum(\(counts.map { "\(rows).\($0.column)" }.joined(separator: " + ")))"
  }

  /// Whether there are handoffs of pairs that have no rows of their own.
  private func hasRest() throws(PostgresError) -> Bool {
    let rows = try scope.rows(
      """
      SELECT coalesce(\(Self.handoffs("r")) > 0, false) FROM handoffd.rollup_marks AS m
        JOIN handoffd.rollups AS r ON r.spool_id = m.spool_id
      WHERE r.minutes = $1 AND r.start >= $2 AND r.start < $3 AND r.kind = 2
      """, Array(parameters.prefix(3)))
    return try rows.single()
  }

  /// The series with the most handoffs, and whether there are others.
  private func groups() throws(PostgresError) -> ([Series], hasMore: Bool) {
    let limit = parameters.count + 1
    let found = try scope.rows(
      """
      SELECT \(names.from), \(names.to) FROM \(rows("")) GROUP BY 1, 2
      HAVING \(Self.handoffs("x")) > 0 ORDER BY \(Self.handoffs("x")) DESC, 1, 2 LIMIT $\(limit)
      """, parameters + [.int8(Int64(question.limit) + 1)])
    var series: [Series] = []
    var places: [[String]: Int] = [:]
    for row in 0..<min(found.count, question.limit) {
      let (from, to): (String, String) = (try found.value(row, 0), try found.value(row, 1))
      places[[from, to]] = series.count
      series.append(
        Series(
          fromAgent: question.grouping == .toAgent ? question.fromAgent : from,
          toAgent: question.grouping == .fromAgent ? question.toAgent : to))
    }
    if !series.isEmpty {
      let keys = places.keys.sorted { $0.lexicographicallyPrecedes($1) }
      try read(narrowed(limit), [.texts(keys.map { $0[0] }), .texts(keys.map { $0[1] })]) {
        from, to, point, figures in
        if let place = places[[from, to]] { series[place].points[point] = figures }
      }
    }
    return (series, found.count > question.limit)
  }

  /// The condition that a row belongs to one of the groups named by two parameters.
  private func narrowed(_ first: Int) -> String {
    let from = "$\(first)::text[]"
    let to = "$\(first + 1)::text[]"
    switch question.grouping {
    case .fromAgent: return " AND r.from_agent = ANY (\(from)) AND \(to) IS NOT NULL"
    case .toAgent: return " AND r.to_agent = ANY (\(to)) AND \(from) IS NOT NULL"
    default: return " AND (r.from_agent, r.to_agent) IN (SELECT f, t FROM unnest(\(from), \(to)) AS g (f, t))"
    }
  }
}
