import Model
import Platform
import Spool
import Store
import TestSupport
import Testing

/// One event, and when and where it was received.
private struct Told {
  var event: Occurrence
  var receivedAt: Int64
  var isHere: Bool
}

@Suite struct HistoryTests {
  private static let second: Int64 = 1_000_000
  private static let hour: Int64 = 3600 * second

  /// The tests' present.
  private static let now = Occurrence.base

  private func moment(_ hoursAgo: Double) -> Timestamp {
    Timestamp(microseconds: Self.now - Int64(hoursAgo * Double(Self.hour)))
  }

  private func bounds(_ spool: SpoolID, hours: Double = 0.5) -> HistoryBounds {
    HistoryBounds(spool: spool, since: moment(hours), idleSince: moment(1), now: moment(0))
  }

  private func event(
    _ type: EventType, _ handoff: String, hoursAgo: Double, _ facts: (FactID, String)...
  ) -> Occurrence {
    Occurrence(
      type: type, id: "\(type)-\(handoff)", handoff: handoff, at: moment(hoursAgo).microseconds,
      facts: facts.map { ($0.0, .text, $0.1) })
  }

  /// Stores what was told, in the order of receipt, by two sidecars; gives the sources of both.
  private func store(_ told: [Told], _ rig: Rig) throws -> (here: ArraySource, store: Store) {
    let sources = [ArraySource(), ArraySource()]
    for one in told.sorted(by: { $0.receivedAt < $1.receivedAt }) {
      sources[one.isHere ? 0 : 1].append([one.event], receivedAt: one.receivedAt)
    }
    let other = try rig.store(sources[1], instance: "other") { $0.retentionDays = nil }
    try other.drained(sources[1])
    other.stop()
    let store = try rig.store(sources[0]) { $0.retentionDays = nil }
    try store.drained(sources[0])
    return (sources[0], store)
  }

  private func told(_ event: Occurrence, here: Bool = true) -> Told {
    Told(event: event, receivedAt: event.at + 2, isHere: here)
  }

  /// Random lives: each handoff's events come to one sidecar or the other, some of them long after they occurred.
  private func story(_ seed: UInt64) -> [Told] {
    var random = SeededRandom(seed: seed)
    var all: [Told] = []
    let types: [EventType] = [
      .initiated, .acknowledged, .completed, .failed, .parked, .replayed, .resolved, .attemptFailed,
      .rejected,
    ]
    for number in 0..<120 {
      var hours = Double.random(in: 0...60, using: &random)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        var one = event(
          types.randomElement(using: &random) ?? .step, "h\(number)", hoursAgo: hours,
          (.taskID, "t\(number / 3)"), (.toAgent, "b\(number % 7)"))
        one.id += "-\(all.count)"
        let delay = Bool.random(using: &random) ? 3 : Int64.random(in: 0...Self.hour, using: &random)
        all.append(
          Told(event: one, receivedAt: min(one.at + delay, Self.now), isHere: Bool.random(using: &random)))
        hours = max(0, hours - Double.random(in: 0...2, using: &random))
      }
    }
    return all
  }

  @Test(arguments: Route.allCases, UInt64(1)...3)
  func `a history holds each record with the receipts of its events`(_ route: Route, _ seed: UInt64) throws {
    let rig = try Rig(route)
    let all = story(seed)
    let (here, store) = try store(all, rig)
    defer { store.stop() }
    let history = try store.queries.history(bounds(here.identity, hours: 100))
    #expect(history.position == here.tail)
    #expect(history.seenUntil?.microseconds == all.filter(\.isHere).map(\.receivedAt).max())
    let known = Set(all.filter(\.isHere).map(\.event.handoff))
    // Late events alone bring no handoff back, unless it is open, parked, or belongs to one that comes back.
    let onTime = Set(
      all.filter { $0.isHere && $0.receivedAt - $0.event.at <= 300 * Self.second }.map(\.event.handoff))
    let found = Set(history.handoffs.map { String(decoding: $0.id, as: UTF8.self) })
    #expect(found.isSubset(of: known))
    #expect(onTime.isSubset(of: found))
    let records = try rig.records()
    for handoff in history.handoffs {
      let id = String(decoding: handoff.id, as: UTF8.self)
      #expect(handoff.record.coded == records[id])
      let expected = handoff.record.moments.map { moment -> [Int64] in
        let event = String(decoding: handoff.record.bytes[moment.identity], as: UTF8.self)
        let one = all.first { $0.event.handoff == id && $0.event.id == event }
        return [one?.receivedAt ?? 0, one?.isHere == true ? 1 : 0]
      }
      #expect(handoff.receipts.map { [$0.receivedAt.microseconds, $0.isHere ? 1 : 0] } == expected)
    }
  }

  @Test(arguments: UInt64(1)...4)
  func `of what is long past, all that still matters is in a history`(_ seed: UInt64) throws {
    let rig = try Rig()
    let all = story(seed)
    let (here, store) = try store(all, rig)
    defer { store.stop() }
    let history = try store.queries.history(bounds(here.identity))
    let found = Set(history.handoffs.map { String(decoding: $0.id, as: UTF8.self) })
    var handled = 0
    for (id, coded) in try rig.records() {
      let record = try #require(HandoffRecord(coded: coded))
      let mine = all.filter { $0.event.handoff == id && $0.isHere }
      if mine.isEmpty {
        #expect(!found.contains(id))
        continue
      }
      let life = record.life
      let isIdle = life.state == .acknowledged && (life.lastEventAt ?? moment(0)) < moment(1)
      if life.endedAt == nil, !isIdle { #expect(found.contains(id), "\(id) is open") }
      let isParkedHere = mine.contains { $0.event.type == .parked }
      let isDealtWith = life.state.map { [.resolved, .completed, .acknowledged].contains($0) } ?? false
      if isParkedHere, !isDealtWith { #expect(found.contains(id), "\(id) is parked") }
      if isParkedHere, isDealtWith { handled += 1 }
      let isRecent = mine.contains {
        $0.receivedAt >= moment(0.5).microseconds
          && $0.event.at >= moment(0.5).microseconds - 300 * Self.second
      }
      if isRecent { #expect(found.contains(id), "\(id) is recent") }
    }
    let within = history.handoffs.filter { handoff in
      let state = handoff.record.life.state
      return handoff.record.hasSeen(.parked)
        && (state.map { [.resolved, .completed, .acknowledged].contains($0) } ?? false)
        && all.contains {
          $0.isHere && $0.event.type == .parked && Array($0.event.handoff.utf8) == handoff.id
        }
    }
    #expect(history.handledDeadLetters + within.count == handled)
  }

  @Test func `the row of an agent in trouble comes with it, and an agent that is well brings nothing`() throws
  {
    let rig = try Rig()
    var all: [Told] = []
    for number in 0..<4 {
      let hours = 20 - Double(number)
      for agent in ["well", "ill"] {
        let id = "\(agent)\(number)"
        all.append(told(event(.initiated, id, hoursAgo: hours, (.toAgent, agent), (.fromAgent, "a"))))
        let type = agent == "ill" && number > 1 ? EventType.failed : .completed
        all.append(told(event(type, id, hoursAgo: hours - 0.1)))
      }
    }
    let (here, store) = try store(all, rig)
    defer { store.stop() }
    let history = try store.queries.history(bounds(here.identity))
    #expect(
      Set(history.handoffs.map { String(decoding: $0.id, as: UTF8.self) }) == [
        "ill0", "ill1", "ill2", "ill3",
      ])
    #expect(history.agents.map(\.name).sorted() == ["a", "ill", "well"])
    let well = try #require(history.agents.first { $0.name == "well" })
    #expect(well.receivesHere)
    #expect(well.lastSeen == moment(16.9))
    #expect(history.agents.first { $0.name == "a" }?.receivesHere == false)
  }

  @Test func `of events about something else, those come that still matter`() throws {
    let rig = try Rig()
    func agent(_ type: EventType, _ name: String, _ hoursAgo: Double, _ task: String? = nil) -> Occurrence {
      Occurrence(
        type: type, id: "\(name) \(type) \(hoursAgo)", at: moment(hoursAgo).microseconds,
        facts: [(.agent, .text, name)] + (task.map { [(.taskID, .text, $0)] } ?? []))
    }
    let kept = [
      agent(.agentHealth, "b", 0.1), agent(.agentHealth, "b", 0.4), agent(.agentHealth, "c", 90),
      agent(.circuitOpened, "b", 20), agent(.taskCompleted, "b", 0.6, "t"),
      agent(.taskCreated, "b", 0.2, "u"),
    ]
    let dropped = [
      agent(.agentHealth, "c", 91), agent(.circuitOpened, "b", 30), agent(.taskCompleted, "b", 0.6, "nobody"),
      agent(.agentHealth, "d", 300),
    ]
    let open = event(.acknowledged, "h", hoursAgo: 0.7, (.taskID, "t"), (.toAgent, "b"))
    let (here, store) = try store(
      ([open] + kept + dropped).map { told($0) } + [told(agent(.agentHealth, "e", 0.1), here: false)], rig)
    defer { store.stop() }
    let history = try store.queries.history(bounds(here.identity))
    let found = history.events.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(found.sorted() == kept.map { String(decoding: $0.body, as: UTF8.self) }.sorted())
    #expect(history.events.allSatisfy { $0.receipt.isHere })
  }

  @Test func `where there is too much, the newest is taken`() throws {
    let rig = try Rig()
    let all = (0..<40).map {
      told(event(.initiated, "h\($0)", hoursAgo: Double(40 - $0) / 100, (.toAgent, "b")))
    }
    let (here, store) = try store(all, rig)
    defer { store.stop() }
    var bounds = bounds(here.identity)
    (bounds.open, bounds.recent, bounds.relatives) = (10, 10, 5)
    let history = try store.queries.history(bounds)
    #expect(
      Set(history.handoffs.map { String(decoding: $0.id, as: UTF8.self) }) == Set((30..<40).map { "h\($0)" }))
    bounds.halve()
    #expect(try store.queries.history(bounds).handoffs.count == 5)
  }

  @Test func `a spool that the database does not know has no past`() throws {
    let rig = try Rig()
    let (_, store) = try store([told(event(.initiated, "h", hoursAgo: 0.1))], rig)
    defer { store.stop() }
    let history = try store.queries.history(bounds(.random))
    #expect(history.position == 1)
    #expect(history.handoffs.isEmpty && history.seenUntil == nil)
  }
}
