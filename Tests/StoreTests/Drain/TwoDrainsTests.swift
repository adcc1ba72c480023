import Model
import Platform
import Spool
import Store
import TestSupport
import Testing

@Suite struct TwoDrainsTests {
  /// The events of some handoffs, each with an identity of its own.
  private func story(_ handoffs: Int, using random: inout SeededRandom) -> [Occurrence] {
    let types: [EventType] = [
      .prepared, .initiated, .attemptFailed, .acknowledged, .rejected, .completed, .failed, .parked,
      .replayed,
      .rerouted, .escalated, .expired, .resolved, .validated,
    ]
    return (0..<handoffs).flatMap { handoff in
      (0..<Int.random(in: 1...12, using: &random)).map { number in
        Occurrence(
          type: types.randomElement(using: &random) ?? .initiated, id: "e\(number)", handoff: "ho_\(handoff)",
          // Few different moments, so that ranks and identities must decide.
          at: Occurrence.base + Int64.random(in: 0..<4, using: &random),
          facts: facts(using: &random))
      }
    }
  }

  private func facts(using random: inout SeededRandom) -> [(FactID, FactForm, String)] {
    var facts: [(FactID, FactForm, String)] = []
    let word = "w\(Int.random(in: 0..<5, using: &random))"
    if random.once(in: 2) { facts.append((.taskID, .text, word)) }
    if random.once(in: 2) { facts.append((.toAgent, .text, word)) }
    if random.once(in: 3) {
      facts += [(.error, .json, "{\"class\":\"\(word)\"}"), (.errorClass, .text, word)]
    }
    if random.once(in: 3) { facts += [(.tokens, .json, "{\"used\":3}"), (.tokensUsed, .number, "3")] }
    if random.once(in: 4) { facts.append((.envelopePriority, .text, word)) }
    return facts
  }

  /// Deals events to spools, shuffled, in requests of random size, some of them twice.
  private func deal(_ events: [Occurrence], to sources: [ArraySource], using random: inout SeededRandom)
    -> Int
  {
    let repeated = events.filter { _ in random.once(in: 4) }
    var left = (events + repeated).shuffled(using: &random)
    let count = left.count
    while !left.isEmpty {
      let size = min(left.count, Int.random(in: 1...20, using: &random))
      sources.randomElement(using: &random)?.append(Array(left.suffix(size)))
      left.removeLast(size)
    }
    return count
  }

  @Test(arguments: Route.allCases)
  func `shuffled, doubled and split over sidecars, events give the records of one fold`(_ route: Route) throws
  {
    var random = SeededRandom(for: "two drains")
    var rereads: UInt64 = 0
    for _ in 0..<4 {
      let rig = try Rig(route)
      let events = story(150, using: &random)
      let sources = [ArraySource(), ArraySource(), ArraySource()]
      let dealt = deal(events, to: sources, using: &random)
      let stores = try sources.enumerated().map { try rig.store($1, instance: "s\($0)") }
      for (store, source) in zip(stores, sources) { try store.drained(source) }
      stores.forEach { $0.stop() }
      #expect(try rig.records() == events.records)
      #expect(try rig.count("handoff_events") == events.count)
      #expect(stores.reduce(0) { $0 + $1.status.events } == UInt64(events.count))
      #expect(stores.reduce(0) { $0 + $1.status.duplicates } == UInt64(dealt - events.count))
      #expect(stores.allSatisfy { $0.status.conflicts == 0 && $0.status.quarantined == 0 })
      rereads += stores.reduce(0) { $0 + $1.status.reread }
    }
    print("two drains: \(rereads) records were merged again because another sidecar came first")
  }

  @Test func `of two events with one identity the first to be committed stays, and the other is told`() throws
  {
    let rig = try Rig()
    var conflicts: UInt64 = 0
    let sources = [ArraySource(), ArraySource()]
    for number in 0..<300 {
      for (salt, source) in sources.enumerated() {
        source.append([Occurrence(type: .initiated, id: "e", handoff: "ho_\(number)", salt: salt)])
      }
    }
    let stores = try sources.enumerated().map { try rig.store($1, instance: "s\($0)") }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    stores.forEach { $0.stop() }
    conflicts = stores.reduce(0) { $0 + $1.status.conflicts }
    #expect(conflicts == 300)
    #expect(try rig.count("handoff_events") == 300)
    #expect(
      try rig.database.psql(
        "SELECT count(*) FROM handoffd.rejections WHERE acknowledged AND code = 'conflict'") == "300")
  }

  @Test func `events about agents that come to several sidecars are stored once`() throws {
    let rig = try Rig()
    let sources = [ArraySource(), ArraySource()]
    for number in 0..<200 {
      for source in sources {
        source.append([
          Occurrence(type: .agentHealth, id: "h\(number)", facts: [(.agent, .text, "a\(number % 7)")])
        ])
      }
    }
    let stores = try sources.enumerated().map { try rig.store($1, instance: "s\($0)") }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    stores.forEach { $0.stop() }
    #expect(try rig.count("subject_events") == 200)
    #expect(stores.reduce(0) { $0 + $1.status.duplicates } == 200)
    #expect(try rig.count("agents") >= 7)
  }
}
