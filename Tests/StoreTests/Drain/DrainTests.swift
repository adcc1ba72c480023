import Model
import Platform
import Postgres
import Spool
import Store
import TestSupport
import Testing

@Suite struct DrainTests {
  @Test(arguments: Route.allCases)
  func `what is in the spool comes into the database once`(_ route: Route) throws {
    let rig = try Rig(route)
    let source = ArraySource()
    let events = (0..<50).flatMap { number in
      [
        Occurrence(type: .initiated, id: "a\(number)", handoff: "ho_\(number)", facts: Self.facts),
        Occurrence(
          type: .acknowledged, id: "b\(number)", handoff: "ho_\(number)", at: Occurrence.base + 5_000_000),
      ]
    }
    for start in stride(from: 0, to: 100, by: 7) { source.append(Array(events[start..<min(start + 7, 100)])) }
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.count("handoff_events") == 100)
    #expect(try rig.records() == events.records)
    #expect(store.status.events == 100)
    #expect(store.status.isUp)
    try eventually { source.released == source.tail }
  }

  static let facts: [(FactID, FactForm, String)] = [
    (.taskID, .text, "t-1"), (.fromAgent, .text, "researcher"), (.toAgent, .text, "coder"),
    (.hop, .number, "2"),
    (.memoryRefs, .json, "{\"requested\":20,\"resolved\":19}"), (.memoryRequested, .number, "20"),
    (.memoryResolved, .number, "19"), (.tokens, .json, "{}"), (.tokensBudget, .number, "4000"),
    (.tokensUsed, .number, "3247"),
  ]

  @Test func `the columns of a handoff say what its events say`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([
      Occurrence(type: .initiated, id: "a", facts: Self.facts),
      Occurrence(type: .acknowledged, id: "b", at: Occurrence.base + 5_000_000),
      Occurrence(type: .completed, id: "c", at: Occurrence.base + 9_000_000),
    ])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let row = try rig.database.psql(
      """
      SELECT version, task_id, from_agent, to_agent, state, troubled_state, hop, attempts, event_count,
        ack_latency_us, duration_us, refs_requested, refs_resolved, completeness, tokens_budget, tokens_used,
        first_event_at = initiated_at, ended_at - initiated_at FROM handoffd.handoffs
      """)
    #expect(row == "1|t-1|researcher|coder|completed||2|1|3|5000000|9000000|20|19|0.95|4000|3247|t|00:00:09")
    let body = try rig.database.psql(
      "SELECT body->>'type', body->>'f13' FROM handoffd.handoff_events WHERE event_id = 'a'")
    #expect(body == "handoff.initiated|researcher")
    #expect(try rig.database.psql("SELECT agent FROM handoffd.agents ORDER BY agent") == "coder\nresearcher")
  }

  @Test func `duplicates are counted, conflicts are kept as acknowledged rejections`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let first = Occurrence(type: .initiated, id: "a")
    var other = first
    other.salt = 1
    source.append([first, first])
    source.append([first, other])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(store.status.events == 1)
    #expect(store.status.duplicates == 2)
    #expect(store.status.conflicts == 1)
    #expect(try rig.count("handoff_events") == 1)
    let page = try store.queries.rejections()
    let rejection = try #require(page.rejections.first)
    #expect(rejection.isAcknowledged)
    #expect(rejection.code == "conflict")
    #expect(rejection.body == other.body)
  }

  @Test func `what was refused at the door is kept`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let refusal = Refusal(index: 3, pointer: "/hop\0", code: .outOfRange, message: "negative")
    source.append(
      [Occurrence]().payload(
        from: "10.0.0.1", rejections: [Rejection(refusal: refusal, body: [0x7B, 0xFF, 0])]))
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let kept = try #require(try store.queries.rejections().rejections.first)
    #expect(kept.from == "10.0.0.1")
    #expect(kept.index == 3)
    #expect(kept.code == "out_of_range")
    #expect(kept.pointer == "/hop\u{FFFD}")
    #expect(kept.body == [0x7B, 0xFF, 0])
    #expect(!kept.isAcknowledged)
    #expect(kept.instance == "test")
  }

  @Test func `events about agents, tasks and conversations are stored once, whatever their time`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let health = Occurrence(type: .agentHealth, id: "h", facts: [(.agent, .text, "coder")])
    let turn = Occurrence(
      type: .conversationTurn, id: "h", facts: [(.conversationID, .text, "coder"), (.agent, .text, "coder")])
    let task = Occurrence(type: .taskCompleted, id: "t", facts: [(.taskID, .text, "t-1")])
    var other = health
    other.at += 1_000_000
    source.append([health, turn, task, health])
    source.append([health, other])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(
      try rig.database.psql("SELECT kind, subject, event_id FROM handoffd.subject_events ORDER BY 1")
        == "agent|coder|h\nconversation|coder|h\ntask|t-1|t")
    #expect(store.status.events == 3)
    #expect(store.status.duplicates == 2)
    #expect(store.status.conflicts == 1)
  }

  @Test func `a record of the spool that nobody can read is set aside`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([1, 2, 3])
    source.append([Occurrence(type: .initiated, id: "a")].payload(), kind: 77)
    source.append([Occurrence(type: .initiated, id: "b")])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(
      try rig.database.psql(
        "SELECT sequence, slot, octet_length(bytes) > 0 FROM handoffd.quarantine ORDER BY 1")
        == "1|-1|t\n2|-1|t")
    #expect(store.status.quarantined == 2)
    #expect(store.status.events == 1)
  }

  @Test func `records that are gone are counted, and the drain goes on`() throws {
    let rig = try Rig()
    let source = ArraySource()
    for number in 0..<4 { source.append([Occurrence(type: .initiated, id: "a\(number)")]) }
    source.lose(1)
    source.lose(2)
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(store.status.missing == 2)
    #expect(store.status.events == 2)
  }

  @Test func `a restart goes on where the last one ended`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let first = try rig.store(source)
    try first.drained(source)
    first.stop()
    source.append([Occurrence(type: .acknowledged, id: "b", at: Occurrence.base + 1)])
    let second = try rig.store(source)
    defer { second.stop() }
    try second.drained(source)
    #expect(second.status.events == 1)
    #expect(try rig.records()["ho_1"].flatMap { HandoffRecord(coded: $0) }?.eventCount == 2)
    #expect(try rig.database.psql("SELECT version FROM handoffd.handoffs") == "2")
  }

  @Test func `waiting for a commit ends with it`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    source.append([Occurrence(type: .initiated, id: "a")])
    #expect(store.waitCommitted(1, until: rig.soon))
    #expect(!store.waitCommitted(2, until: rig.time.now() + .milliseconds(20)))
    #expect(try rig.count("handoff_events") == 1)
  }

  @Test func `stopping drains what is there`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    try eventually { store.status.isUp }
    for number in 0..<200 { source.append([Occurrence(type: .initiated, id: "a", handoff: "ho_\(number)")]) }
    store.stop()
    #expect(try rig.count("handoff_events") == 200)
  }
}
