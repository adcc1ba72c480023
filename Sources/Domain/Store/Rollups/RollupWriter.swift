// Writes the rollups, in the transaction of the batch that changes them.
//
// The rows of a sidecar are its own: it alone writes them, under the lock of its position, so nothing is waited for and
// what was read stays true. Each batch reads the rows it changes, adds, and writes them back, in two statements.
//
// Most of what comes in belongs to the present minute or the one before. So that hours and days, whose sketches are
// large, are not written with every batch, they take up minutes once these are over: everything before the mark is in
// them, nothing from the mark on. The mark moves in the transaction that folds; what changes behind it later is
// written to all three. Whoever reads adds minutes from the mark on.
import Model
import Platform
import Postgres

struct RollupWriter {
  let job: Job
  /// This minute.
  let now: Int64
  /// The first minute whose history is kept.
  var oldest = Int64.min

  /// So many rows are written by one statement.
  private static let most = 1_000

  /// Writes what a batch changes.
  func write(_ changes: RollupChanges, _ pairs: PairTable) throws(DrainFailure) {
    if changes.isEmpty { return }
    var rows: [RollupKey: RollupFigures] = [:]
    let mark = try fold(into: &rows)
    changes.forEach { minute, place, figures in
      if figures.isZero || minute < oldest { return }
      for (key, figures) in Self.keyed(minute, place, figures, pairs) {
        rows[key, default: RollupFigures()].add(figures)
        if minute < mark { Self.widen(key, figures, into: &rows) }
      }
    }
    let keys = rows.keys.filter { rows[$0]?.isZero == false }.sorted()
    for start in stride(from: 0, to: keys.count, by: Self.most) {
      try add(keys[start..<min(start + Self.most, keys.count)], of: &rows)
    }
  }

  /// The rows that count a pair's handoffs of a minute.
  private static func keyed(
    _ minute: Int64, _ place: Int, _ figures: RollupFigures, _ pairs: PairTable
  ) -> [(RollupKey, RollupFigures)] {
    let (from, to) = pairs.names(at: place)
    let kind = place == PairTable.rest ? RollupKind.rest : .pair
    // Of all together a handoff is concluded once; towards receivers, it counts for the one it was taken from, too.
    var all = figures
    all[.diverted] = 0
    return [
      (RollupKey(span: .minute, start: minute, kind: kind, from: from, to: to), figures),
      (RollupKey(span: .minute, start: minute, kind: .all), all),
    ]
  }

  private static func widen(
    _ key: RollupKey, _ figures: RollupFigures, into rows: inout [RollupKey: RollupFigures]
  ) {
    for span in [RollupSpan.hour, .day] { rows[key.widened(to: span), default: RollupFigures()].add(figures) }
  }

  /// Adds to rows what was changed, and writes them.
  private func add(
    _ keys: ArraySlice<RollupKey>, of rows: inout [RollupKey: RollupFigures]
  ) throws(DrainFailure) {
    let keyed: [Parameter] = [
      job.session.spoolKey, .array(of: .int2, keys) { $1.field($0.span.rawValue) },
      .array(of: .timestamptz, keys) { $1.field(microsecondsSince1970: $0.startsAt.microseconds) },
      .array(of: .int2, keys) { $1.field($0.kind.rawValue) }, .array(of: .text, keys) { $1.field($0.from) },
      .array(of: .text, keys) { $1.field($0.to) },
    ]
    var figures = keys.map { rows[$0] ?? RollupFigures() }
    let found = try job.execute(RollupStatements.find, keyed)
    for row in 0..<found.count {
      let number = try inWrite { () throws(PostgresError) in Int(try found.value(row, 0, as: Int64.self)) }
      guard figures.indices.contains(number - 1) else { continue }
      let there = try inWrite { () throws(PostgresError) in try found.figures(row, 1) }
      figures[number - 1].add(there)
    }
    let counts = RollupCount.allCases.map { count in Parameter.int8s(figures.map { $0[count] }) }
    let sketches = RollupMeasure.allCases.map { measure in
      Parameter.array(of: .bytea, figures) { $1.field($0[measure].coded) }
    }
    try job.execute(RollupStatements.write, keyed + counts + sketches)
  }
}

// MARK: folding

extension RollupWriter {
  /// Takes minutes that are over up into hours and days; gives the mark.
  private func fold(into rows: inout [RollupKey: RollupFigures]) throws(DrainFailure) -> Int64 {
    let due = now - 1
    let mark = try mark()
    if let mark, mark >= due { return mark }
    if let mark { try fold(mark..<due, into: &rows) }
    try job.execute(RollupStatements.setMark, [job.session.spoolKey, .minute(due)])
    job.session.foldedUntil = due
    return due
  }

  /// Up to which minute hours and days hold what minutes do; nil where there is nothing yet.
  private func mark() throws(DrainFailure) -> Int64? {
    if let known = job.session.foldedUntil { return known }
    let rows = try job.execute(RollupStatements.findMark, [job.session.spoolKey])
    if rows.isEmpty { return nil }
    let mark = try inWrite { () throws(PostgresError) in try rows.moment(0, 0) }.minute
    job.session.foldedUntil = mark
    return mark
  }

  private func fold(
    _ minutes: Range<Int64>, into rows: inout [RollupKey: RollupFigures]
  ) throws(DrainFailure) {
    let found = try job.execute(
      RollupStatements.findMinutes,
      [job.session.spoolKey, .minute(minutes.lowerBound), .minute(minutes.upperBound)])
    for row in 0..<found.count {
      let (key, figures) = try inWrite { () throws(PostgresError) -> (RollupKey, RollupFigures) in
        try found.keyed(row)
      }
      if !figures.isZero { Self.widen(key, figures, into: &rows) }
    }
  }
}

extension Parameter {
  fileprivate static func minute(_ minute: Int64) -> Parameter {
    .moment(Timestamp(microseconds: minute &* Timestamp.microsecondsPerMinute))
  }
}

extension Rows {
  /// A row of `RollupStatements.findMinutes`.
  fileprivate func keyed(_ row: Int) throws(PostgresError) -> (RollupKey, RollupFigures) {
    let kind = RollupKind(rawValue: try value(row, 1)) ?? .rest
    let key = RollupKey(
      span: .minute, start: try moment(row, 0).minute, kind: kind, from: try value(row, 2),
      to: try value(row, 3))
    return (key, try figures(row, 4))
  }

  /// Counts and sketches, from `column` on, in the order of the columns.
  func figures(_ row: Int, _ column: Int) throws(PostgresError) -> RollupFigures {
    var counts: [Int64] = []
    for place in RollupCount.allCases.indices { counts.append(try value(row, column + place)) }
    var sketches: [RollupSketch] = []
    for place in RollupMeasure.allCases.indices {
      sketches.append(RollupSketch(coded: try optional(row, column + counts.count + place) ?? []))
    }
    return RollupFigures(counts: counts, sketches: sketches)
  }
}
