import Model
import Platform
import TestSupport
import Testing

@testable import Store

@Suite struct FleetTests {
  private static let second: Int64 = 1_000_000
  private static let now = Timestamp(microseconds: Occurrence.base)
  private let clock = FleetClock(
    now: FleetTests.now, overdueAfter: .seconds(30), idleAfter: .seconds(3600))

  private func ago(_ seconds: Double) -> Timestamp {
    Timestamp(microseconds: Self.now.microseconds - Int64(seconds * 1e6))
  }

  /// Random lives of three hours, with everything that the figures are made of.
  private func story(_ seed: UInt64, handoffs: Int = 250) -> [Occurrence] {
    var random = SeededRandom(seed: seed)
    let after: [EventType] = [
      .acknowledged, .acknowledged, .acknowledged, .completed, .completed, .failed, .rejected, .parked,
      .replayed, .rerouted, .escalated, .expired, .attemptFailed, .step, .resolved,
    ]
    var events: [Occurrence] = []
    for number in 0..<handoffs {
      let id = "h\(number)"
      var at = Self.now.microseconds - Int64.random(in: 0...10_800, using: &random) * Self.second
      var facts: [(FactID, FactForm, String)] = [
        (.fromAgent, .text, "a\(Int.random(in: 0..<6, using: &random))")
      ]
      if Int.random(in: 0..<10, using: &random) > 0 {
        facts.append((.toAgent, .text, "a\(Int.random(in: 0..<6, using: &random))"))
      }
      if Bool.random(using: &random) {
        facts.append((.taskID, .text, "t\(Int.random(in: 0..<40, using: &random))"))
      }
      if Bool.random(using: &random) {
        facts.append((.kind, .text, ["warm", "cold", "odd"].randomElement(using: &random) ?? ""))
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        facts.append((.hop, .number, "\(Int.random(in: 1...14, using: &random))"))
      }
      if Bool.random(using: &random) {
        let requested = Int.random(in: 0...20, using: &random)
        facts += [
          (.memoryRefs, .json, "{}"), (.memoryRequested, .number, "\(requested)"),
          (.memoryResolved, .number, "\(Int.random(in: 0...requested, using: &random))"),
          (.tokens, .json, "{}"), (.tokensBudget, .number, "\(Int.random(in: 0...4000, using: &random))"),
          (.tokensUsed, .number, "\(Int.random(in: 0...4000, using: &random))"),
        ]
        let strategies = ["full_dump", "lazy_loading", "own"]
        facts.append((.envelopeStrategy, .text, strategies.randomElement(using: &random) ?? ""))
      }
      let types =
        [Int.random(in: 0..<12, using: &random) > 0 ? EventType.initiated : .prepared]
        + (0..<Int.random(in: 0...4, using: &random)).map { _ in after.randomElement(using: &random) ?? .step
        }
      for (place, type) in types.enumerated() {
        var told = place == 0 ? facts : []
        if type == .rerouted {
          told += [
            (.originalToAgent, .text, "a\(Int.random(in: 0..<6, using: &random))"),
            (.toAgent, .text, "a\(Int.random(in: 0..<6, using: &random))"),
          ]
        }
        events.append(Occurrence(type: type, id: "\(id)-\(place)", handoff: id, at: at, facts: told))
        let skew = Int.random(in: 0..<15, using: &random) == 0
        at += skew ? -3 * Self.second : Int64.random(in: 1...900 * Self.second, using: &random)
        at = min(at, Self.now.microseconds)
      }
    }
    for number in 0..<10 {
      events.append(
        Occurrence(
          type: number % 2 == 0 ? .taskCompleted : .taskFailed, id: "end\(number)",
          at: Self.now.microseconds - Int64(number) * 300 * Self.second,
          facts: [(.taskID, .text, "t\(number)"), (.agent, .text, "a1")]))
    }
    return events
  }

  /// Stores events through two sidecars, in any order.
  private func store(_ events: [Occurrence], _ rig: Rig, _ seed: UInt64) throws -> Store {
    var random = SeededRandom(seed: seed)
    let sources = [ArraySource(), ArraySource()]
    for event in events.shuffled(using: &random) {
      sources[Int.random(in: 0...1, using: &random)].append([event])
    }
    let other = try rig.store(sources[1], instance: "other")
    try other.drained(sources[1])
    other.stop()
    let store = try rig.store(sources[0])
    try store.drained(sources[0])
    return store
  }

  private func expectClose(_ found: Double?, _ expected: Double?, _ what: String) {
    guard let found, let expected else {
      #expect(found == nil && expected == nil, "\(what)")
      return
    }
    #expect(abs(found - expected) <= 0.01 * expected, "\(what): \(found) for \(expected)")
  }

  /// The same but for where the times lie in between, which is compared by quantiles.
  private func plain(_ share: FleetShare) -> FleetShare {
    var share = share
    share.acknowledgement.buckets = [:]
    share.duration.buckets = [:]
    return share
  }

  @Test(arguments: [Route.direct, .bouncer], UInt64(1)...4)
  func `a summary is what its handoffs come to, one by one`(_ route: Route, _ seed: UInt64) throws {
    let rig = try Rig(route)
    let events = story(seed)
    let store = try store(events, rig, seed)
    defer { store.stop() }
    let naive = NaiveFleet(events, clock)
    for window in [60.0, 1800, 7200, 86_400] {
      let lives = naive.lives.filter { ($0.life.firstEventAt ?? .earliest) >= ago(window) }
      let summary = try store.queries.summary(since: ago(window), clock)
      #expect(plain(summary.all) == naive.share(lives))
      for quantile in [0.5, 0.95, 0.99] {
        expectClose(
          summary.all.acknowledgement.quantile(quantile),
          NaiveFleet.quantile(quantile, of: lives.compactMap(\.life.acknowledgementLatency)), "latency")
        expectClose(
          summary.all.duration.quantile(quantile),
          NaiveFleet.quantile(quantile, of: lives.compactMap(\.life.duration)), "duration")
      }
      #expect(Set(summary.agents.keys) == Set(lives.compactMap(\.to)))
      for (name, share) in summary.agents {
        let mine = lives.filter { $0.to == name }
        #expect(plain(share) == naive.share(mine), "\(name)")
        expectClose(
          share.acknowledgement.quantile(0.5),
          NaiveFleet.quantile(0.5, of: mine.compactMap(\.life.acknowledgementLatency)), "latency of \(name)")
      }
      for (kind, share) in summary.kinds {
        #expect(plain(share) == naive.share(lives.filter { $0.kind == kind }), "\(kind)")
      }
      for (strategy, share) in summary.strategies {
        #expect(plain(share) == naive.share(lives.filter { $0.strategy == strategy }), "\(strategy)")
      }
      #expect(Set(summary.kinds.keys) == Set(lives.map(\.kind)))
      #expect(Set(summary.strategies.keys) == Set(lives.map(\.strategy)))
      let hops = lives.filter { $0.life.initiatedAt != nil }.map(naive.hop)
      #expect(summary.mostHops == hops.max())
      let mean = hops.isEmpty ? nil : Double(hops.reduce(0, +)) / Double(hops.count)
      #expect(summary.meanHops.map { ($0 * 1e9).rounded() } == mean.map { ($0 * 1e9).rounded() })
    }
  }

  @Test(arguments: UInt64(1)...4)
  func `agents are what their handoffs come to, all together and one by one`(_ seed: UInt64) throws {
    let rig = try Rig()
    let events = story(seed)
    let store = try store(events, rig, seed)
    defer { store.stop() }
    let naive = NaiveFleet(events, clock)
    for window in [1800.0, 86_400] {
      let lives = naive.lives.filter { ($0.life.firstEventAt ?? .earliest) >= ago(window) }
      let found = try store.queries.agents(since: ago(window), clock)
      #expect(found.total == found.agents.count)
      #expect(Set(found.agents.map(\.name)).isSuperset(of: lives.compactMap(\.to) + lives.compactMap(\.from)))
      for agent in found.agents {
        let mine = lives.filter { $0.to == agent.name }
        #expect(plain(agent.share) == naive.share(mine))
        #expect(agent.sent == UInt64(lives.count { $0.from == agent.name && $0.life.initiatedAt != nil }))
        let taken = lives.count { $0.record.text(of: .originalToAgent) == agent.name && $0.to != agent.name }
        #expect(agent.rerouted == UInt64(taken))
        let open = naive.lives.filter { $0.to == agent.name && naive.isOpen($0) }
        #expect(agent.active == UInt64(open.count))
        #expect(agent.overdue == UInt64(open.count(where: naive.isOverdue)))
        let alone = try #require(try store.queries.agent(named: agent.name, since: ago(window), clock))
        #expect(plain(alone.share) == plain(agent.share))
        #expect(alone.sent == agent.sent && alone.active == agent.active && alone.rerouted == agent.rerouted)
        #expect(alone.lastSeen == agent.lastSeen)
      }
    }
    #expect(try store.queries.agent(named: "nobody", since: ago(9e4), clock) == nil)
    #expect(try store.queries.agents(since: ago(9e4), clock, limit: 2).agents.count == 2)
  }

  @Test(arguments: UInt64(1)...4)
  func `open handoffs come oldest first, page by page`(_ seed: UInt64) throws {
    let rig = try Rig()
    let events = story(seed)
    let store = try store(events, rig, seed)
    defer { store.stop() }
    let naive = NaiveFleet(events, clock)
    let open = naive.lives.filter(naive.isOpen).sorted {
      ($0.life.firstEventAt ?? .earliest, $0.id) < ($1.life.firstEventAt ?? .earliest, $1.id)
    }
    #expect(open.contains { $0.life.state == .acknowledged })
    var seen: [String] = []
    var cursor: String?
    repeat {
      let page = try store.queries.openHandoffs(clock, limit: 7, cursor: cursor)
      #expect(page.total == open.count)
      seen += page.handoffs.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(seen == open.map(\.id))
  }

  @Test func `reports of health come newest first, page by page`() throws {
    let rig = try Rig()
    let source = ArraySource()
    for number in 0..<23 {
      let report = Occurrence(
        type: .agentHealth, id: "r\(number)", at: Occurrence.base + Int64(number / 2),
        facts: [(.agent, .text, "b")])
      source.append([report])
    }
    source.append([Occurrence(type: .circuitOpened, id: "c", facts: [(.agent, .text, "b")])])
    source.append([Occurrence(type: .agentHealth, id: "o", facts: [(.agent, .text, "other")])])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let all = try store.queries.reports(.health, of: "b", limit: 1000).reports
    #expect(all.count == 23)
    #expect(all.map(\.occurredAt) == all.map(\.occurredAt).sorted(by: >))
    var seen = 0
    var cursor: String?
    repeat {
      let page = try store.queries.reports(.health, of: "b", limit: 5, cursor: cursor)
      #expect(
        page.reports.map(\.occurredAt) == all[seen..<(seen + page.reports.count)].map(\.occurredAt))
      seen += page.reports.count
      cursor = page.next
    } while cursor != nil
    #expect(seen == 23)
    #expect(try store.queries.reports(.health, of: "nobody").reports.isEmpty)
  }

  @Test func `where nothing is stored there is nothing to sum up`() throws {
    let rig = try Rig()
    let store = try rig.store(ArraySource())
    defer { store.stop() }
    try eventually { store.queries.asOf != nil }
    let summary = try store.queries.summary(since: ago(60), clock)
    #expect(summary.all == FleetShare())
    #expect(summary.meanHops == nil && summary.mostHops == nil)
    #expect(summary.all.acknowledgement.quantile(0.5) == nil)
    #expect(try store.queries.openHandoffs(clock).handoffs.isEmpty)
    #expect(try store.queries.agents(since: ago(60), clock).agents.isEmpty)
  }
}
