import Model
import Platform
import Postgres
import Spool
import TestSupport
import Testing

@testable import Store

@Suite struct RollupTests {
  /// What a row says, by column.
  private struct Row {
    var spool: String
    var span: Int64
    var start: Int64
    var kind: Int64
    var from: String
    var to: String
    var figures: RollupFigures

    var minute: Int64 { start / 60_000_000 }
  }

  private func rows(_ rig: Rig) throws -> [Row] {
    let found = try rig.connection(DatabaseAddress(rig.database.adminConnectionString)).execute(
      """
      SELECT spool_id::text, minutes, start, kind, from_agent, to_agent, \(RollupStatements.counts),
        \(RollupStatements.measures) FROM handoffd.rollups
      """, until: rig.soon)
    return try (0..<found.count).map { row in
      Row(
        spool: try found.value(row, 0), span: try found.value(row, 1),
        start: try found.moment(row, 2).microseconds, kind: try found.value(row, 3),
        from: try found.value(row, 4), to: try found.value(row, 5), figures: try found.figures(row, 6))
    }
  }

  private func marks(_ rig: Rig) throws -> [String: Int64] {
    let found = try rig.connection(DatabaseAddress(rig.database.adminConnectionString)).execute(
      "SELECT spool_id::text, folded_until FROM handoffd.rollup_marks", until: rig.soon)
    return Dictionary(
      uniqueKeysWithValues: try (0..<found.count).map {
        (try found.value($0, 0), try found.moment($0, 1).minute)
      })
  }

  private func sum<Key: Hashable>(_ rows: [Row], by key: (Row) -> Key) -> [Key: RollupFigures] {
    var sums: [Key: RollupFigures] = [:]
    for row in rows { sums[key(row), default: RollupFigures()].add(row.figures) }
    return sums.filter { !$0.value.isZero }
  }

  /// The same as the naive figures, as the rollups would hold it.
  private func figures(_ naive: NaiveRollups.Figures) -> RollupFigures {
    RollupFigures(
      counts: RollupCount.allCases.map { naive.counts[$0.column] ?? 0 },
      sketches: RollupMeasure.allCases.map { measure in
        RollupSketch(
          (naive.values[measure] ?? []).map { RollupSketch.observation(of: $0, isTakenBack: false) })
      })
  }

  /// Minutes are what the records say; hours and days are the minutes before the mark.
  private func check(_ rig: Rig, _ events: [Occurrence], arePairsKept: Bool = true) throws {
    let rows = try rows(rig)
    let minutes = rows.filter { $0.span == 1 }
    let naive = NaiveRollups(events)
    #expect(sum(minutes.filter { $0.kind == 0 }, by: \.minute) == naive.all.mapValues(figures))
    if arePairsKept {
      let pairs = sum(minutes.filter { $0.kind == 1 }) {
        NaiveRollups.Place(minute: $0.minute, from: $0.from, to: $0.to)
      }
      #expect(pairs == naive.figures.mapValues(figures))
      #expect(!rows.contains { $0.kind == 2 })
    }
    let marks = try marks(rig)
    let folded = minutes.filter { $0.minute < marks[$0.spool] ?? 0 }
    for span in [RollupSpan.hour, .day] {
      func key(_ row: Row) -> [String] {
        [row.spool, "\(span.start(of: row.minute))", "\(row.kind)", row.from, row.to]
      }
      #expect(sum(rows.filter { $0.span == Int64(span.rawValue) }, by: key) == sum(folded, by: key))
    }
  }

  // MARK: stories

  private func story(_ handoffs: Int, using random: inout SeededRandom) -> [Occurrence] {
    let types: [EventType] = [
      .prepared, .initiated, .initiated, .attemptFailed, .acknowledged, .acknowledged, .rejected, .completed,
      .failed, .parked, .replayed, .rerouted, .escalated, .expired, .resolved, .cancelled, .rolledBack,
      .validated,
    ]
    return (0..<handoffs).flatMap { handoff in
      (0..<Int.random(in: 1...7, using: &random)).map { number in
        let type = types.randomElement(using: &random) ?? .initiated
        return Occurrence(
          type: type, id: "e\(number)", handoff: "ho_\(handoff)",
          at: Occurrence.base + Int64.random(in: -5_400...5_400, using: &random) * 1_000_003,
          facts: facts(type, using: &random))
      }
    }
  }

  private func facts(_ type: EventType, using random: inout SeededRandom) -> [(FactID, FactForm, String)] {
    func agent() -> String { "a\(Int.random(in: 0..<4, using: &random))" }
    var facts: [(FactID, FactForm, String)] = []
    if random.once(in: 2) { facts.append((.fromAgent, .text, agent())) }
    if random.once(in: 2) { facts.append((.toAgent, .text, agent())) }
    if type == .rerouted { facts.append((.originalToAgent, .text, agent())) }
    if random.once(in: 2) {
      let resolved = Int.random(in: 0...20, using: &random)
      facts += [
        (.memoryRefs, .json, "{}"), (.memoryRequested, .number, random.once(in: 5) ? "0" : "20"),
        (.memoryResolved, .number, "\(resolved)"),
      ]
    }
    if random.once(in: 2) {
      facts += [
        (.tokens, .json, "{}"), (.tokensBudget, .number, "4000"),
        (.tokensUsed, .number, "\(Int.random(in: 0...5_000, using: &random))"),
      ]
    }
    return facts
  }

  /// Deals events to spools, shuffled, some of them twice, some of them with another that has the same identity.
  private func deal(_ events: [Occurrence], to sources: [ArraySource], using random: inout SeededRandom) {
    var left = (events + events.filter { _ in random.once(in: 3) }).shuffled(using: &random)
    while !left.isEmpty {
      let size = min(left.count, Int.random(in: 1...12, using: &random))
      sources.randomElement(using: &random)?.append(Array(left.suffix(size)))
      left.removeLast(size)
    }
  }

  // MARK: tests

  @Test(arguments: Route.allCases)
  func `whatever comes in at two sidecars, the rollups are what the records say`(_ route: Route) throws {
    var random = SeededRandom(for: "rollups")
    for _ in 0..<4 {
      let rig = try Rig(route)
      let events = story(120, using: &random)
      let sources = [ArraySource(), ArraySource()]
      deal(events, to: sources, using: &random)
      let walls = [WanderingWall(step: 700_000), WanderingWall(step: 9_000_000)]
      let stores = try sources.indices.map { number in
        try rig.store(SmallBatches(sources[number]), instance: "s\(number)", time: walls[number])
      }
      for (store, source) in zip(stores, sources) { try store.drained(source) }
      stores.forEach { $0.stop() }
      #expect(try rig.records() == events.records)
      try check(rig, events)
    }
  }

  @Test func `pairs without rows of their own are counted together, and taken back from there`() throws {
    var random = SeededRandom(for: "rollups of few pairs")
    let rig = try Rig()
    let events = story(150, using: &random)
    let sources = [ArraySource(), ArraySource()]
    deal(events, to: sources, using: &random)
    let stores = try sources.enumerated().map { number, source in
      try rig.store(SmallBatches(source), instance: "s\(number)") { $0.pairs = 3 }
    }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    stores.forEach { $0.stop() }
    try check(rig, events, arePairsKept: false)
    let minutes = try rows(rig).filter { $0.span == 1 }
    let apart = sum(minutes.filter { $0.kind != 0 }, by: \.minute)
    var naive: [Int64: RollupFigures] = [:]
    for (place, figures) in NaiveRollups(events).figures {
      naive[place.minute, default: RollupFigures()].add(self.figures(figures))
    }
    #expect(apart == naive)
    #expect(
      Set(minutes.filter { $0.kind == 1 && !$0.figures.isZero }.map { $0.from + ">" + $0.to }).count <= 20)
    #expect(minutes.contains { $0.kind == 2 && !$0.figures.isZero })
  }

  @Test func `an event that cannot be stored leaves nothing in the rollups`() throws {
    let rig = try Rig()
    var random = SeededRandom(for: "rollups of a poisoned batch")
    let events = story(40, using: &random)
    let source = ArraySource()
    let poison = Occurrence(
      type: .initiated, id: "x", handoff: "bad",
      facts: [(.toAgent, .text, "a\0b"), (.fromAgent, .text, "a1")])
    source.append(Array(events[..<(events.count / 2)]) + [poison] + Array(events[(events.count / 2)...]))
    let store = try rig.store(source)
    try store.drained(source)
    store.stop()
    #expect(store.status.quarantined == 1)
    try check(rig, events)
  }
}
