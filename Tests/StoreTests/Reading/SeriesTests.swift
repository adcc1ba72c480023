import Model
import Platform
import TestSupport
import Testing

@testable import Store

@Suite struct SeriesTests {
  private static let start = Timestamp(microseconds: Occurrence.base - 6 * 3_600_000_000)

  private func question(
    step: Duration, now: Int64 = Occurrence.base + 86_400_000_000, measure: SeriesMeasure? = nil
  ) -> SeriesQuestion {
    var question = SeriesQuestion(
      since: Self.start, until: Timestamp(microseconds: Occurrence.base + 6 * 3_600_000_000), step: step,
      now: Timestamp(microseconds: now))
    question.measure = measure
    return question
  }

  /// Handoffs between four agents, over some hours, some of which nobody answers.
  private func story(_ count: Int, using random: inout SeededRandom) -> [Occurrence] {
    (0..<count).flatMap { number -> [Occurrence] in
      let at = Occurrence.base + Int64.random(in: -300...300, using: &random) * 60_000_000
      let requested = Int.random(in: 1...40, using: &random)
      let resolved = Int.random(in: 0...requested, using: &random)
      var events = [
        Occurrence(
          type: .initiated, id: "a", handoff: "ho_\(number)", at: at,
          facts: [
            (.fromAgent, .text, "a\(Int.random(in: 0..<3, using: &random))"),
            (.toAgent, .text, "b\(Int.random(in: 0..<3, using: &random))"), (.memoryRefs, .json, "{}"),
            (.memoryRequested, .number, "\(requested)"), (.memoryResolved, .number, "\(resolved)"),
          ])
      ]
      let answer: EventType = random.once(in: 4) ? .failed : .acknowledged
      if !random.once(in: 5) {
        let wait = Int64.random(in: 1_000...5_000_000, using: &random)
        events.append(Occurrence(type: answer, id: "b", handoff: "ho_\(number)", at: at + wait))
      }
      return events
    }
  }

  private func stored(_ events: [Occurrence], _ rig: Rig) throws -> [Store] {
    let sources = [ArraySource(), ArraySource()]
    for start in stride(from: 0, to: events.count, by: 9) {
      sources[start % 2].append(Array(events[start..<min(start + 9, events.count)]))
    }
    let stores = try sources.enumerated().map { number, source in
      try rig.store(SmallBatches(source), instance: "s\(number)", time: WanderingWall(step: 20_000_000))
    }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    return stores
  }

  /// Naive figures by point.
  private func points(
    _ naive: NaiveRollups, _ question: SeriesQuestion, where isWanted: (NaiveRollups.Place) -> Bool
  ) -> [Int: NaiveRollups.Figures] {
    var points: [Int: NaiveRollups.Figures] = [:]
    for (place, figures) in naive.figures where isWanted(place) {
      let step = question.step / .seconds(1) * 1e6
      let moment = Double(place.minute * 60_000_000 - question.since.microseconds)
      points[Int((moment / step).rounded(.down)), default: NaiveRollups.Figures()].add(figures)
    }
    return points
  }

  private func expect(_ series: Series, _ naive: [Int: NaiveRollups.Figures], _ measure: SeriesMeasure?) {
    #expect(Set(series.points.filter { $0.value.started + $0.value.concluded > 0 }.keys) == Set(naive.keys))
    for (point, figures) in naive {
      let found = series.points[point] ?? SeriesFigures()
      #expect(found.started == figures.counts["started"] ?? 0)
      #expect(found.delivered == figures.counts["delivered"] ?? 0)
      #expect(found.failed == figures.counts["failed"] ?? 0)
      #expect(found.timeout == figures.counts["timeout"] ?? 0)
      guard let measure else { continue }
      let values = (figures.values[measure.rolled] ?? []).sorted()
      #expect(found.count(measure) == Int64(values.count))
      for share in [0.5, 0.95, 0.99] where !values.isEmpty {
        let exact = values[max(1, Int((share * Double(values.count)).rounded(.up))) - 1]
        #expect(abs((found.quantile(share, measure) ?? -1) - exact) <= exact * 0.01)
      }
    }
  }

  @Test func `points of every step hold what the records say, percentiles within 1 percent`() throws {
    var random = SeededRandom(for: "series")
    let rig = try Rig()
    let events = story(400, using: &random)
    let naive = NaiveRollups(events)
    let stores = try stored(events, rig)
    defer { stores.forEach { $0.stop() } }
    for step in [60, 900, 3_600, 10_800, 86_400].map({ Duration.seconds($0) }) {
      for measure in [nil, SeriesMeasure.acknowledgement, .completeness] {
        let question = question(step: step, measure: measure)
        let answer = try stores[0].queries.series(question)
        #expect(!answer.isPartial)
        #expect(answer.series.count == 1)
        try expect(#require(answer.series.first), points(naive, question) { _ in true }, measure)
      }
    }
  }

  @Test func `series are told apart, and narrowed, by who sent and who received`() throws {
    var random = SeededRandom(for: "series of pairs")
    let rig = try Rig()
    let events = story(200, using: &random)
    let naive = NaiveRollups(events)
    let stores = try stored(events, rig)
    defer { stores.forEach { $0.stop() } }
    var question = question(step: .seconds(3_600), measure: .acknowledgement)
    question.grouping = .pair
    let pairs = try stores[0].queries.series(question)
    #expect(Set(pairs.series.map { "\($0.fromAgent ?? "?")\($0.toAgent ?? "?")" }).count == 9)
    for one in pairs.series {
      expect(
        one, points(naive, question) { $0.from == one.fromAgent && $0.to == one.toAgent }, .acknowledgement)
    }
    question.grouping = .toAgent
    question.fromAgent = "a1"
    let receivers = try stores[1].queries.series(question)
    #expect(receivers.series.compactMap(\.toAgent).sorted() == ["b0", "b1", "b2"])
    for one in receivers.series {
      #expect(one.fromAgent == "a1")
      expect(one, points(naive, question) { $0.from == "a1" && $0.to == one.toAgent }, .acknowledgement)
    }
    question.grouping = nil
    question.fromAgent = nil
    question.agent = "b2"
    let one = try stores[1].queries.series(question)
    try expect(#require(one.series.first), points(naive, question) { $0.to == "b2" }, .acknowledgement)
    question.agent = nil
    question.grouping = .fromAgent
    question.limit = 2
    let most = try stores[0].queries.series(question)
    #expect(most.series.count == 2)
    #expect(most.isPartial)
    question.agent = "nobody"
    #expect(try stores[0].queries.series(question).series.isEmpty)
  }

  @Test func `silence is counted once it has lasted, and not before`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let minute: Int64 = 60_000_000
    let sent = Occurrence.base / minute * minute + 30_000_000
    source.append([
      Occurrence(
        type: .initiated, id: "a", at: sent, facts: [(.fromAgent, .text, "a"), (.toAgent, .text, "b")])
    ])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    for step in [Duration.seconds(60), .seconds(3_600), .seconds(86_400)] {
      for (wait, expected) in [(5 * minute, 0), (10 * minute + 1, 0), (11 * minute, 1)] {
        let answer = try store.queries.series(question(step: step, now: sent + wait))
        let series = try #require(answer.series.first)
        #expect(series.points.values.reduce(0) { $0 + $1.timeout } == Int64(expected), "\(step) \(wait)")
        #expect(series.points.values.reduce(0) { $0 + $1.started } == 1)
      }
    }
  }
}
