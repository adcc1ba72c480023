import Model
import Platform
import Postgres
import Store
import TestSupport
import Testing

@Suite struct QueryTests {
  private static let second: Int64 = 1_000_000

  /// A handoff as a test needs it.
  private func handoff(
    _ id: String, _ at: Int64, _ type: EventType = .initiated, _ facts: [(FactID, FactForm, String)] = []
  ) -> Occurrence {
    Occurrence(
      type: type, id: "e-\(id)-\(type.rawValue)", handoff: id, at: Occurrence.base + at * Self.second,
      facts: facts)
  }

  private func stored(_ rig: Rig, _ events: [Occurrence]) throws -> Store {
    let source = ArraySource()
    source.append(events)
    let store = try rig.store(source)
    try store.drained(source)
    return store
  }

  @Test(arguments: Route.allCases)
  func `handoffs come newest first, page by page, whatever comes in meanwhile`(_ route: Route) throws {
    let rig = try Rig(route)
    let source = ArraySource()
    // Three to a moment, so that ids must decide.
    source.append((0..<60).map { handoff("ho_\($0)", Int64($0 / 3)) })
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    for order in HandoffOrder.allCases {
      let before = try store.queries.handoffs(HandoffFilter(), order: order, limit: 1_000).handoffs.map(\.id)
      var seen: [String] = []
      var cursor: String?
      repeat {
        let page = try store.queries.handoffs(HandoffFilter(), order: order, limit: 7, cursor: cursor)
        #expect(page.handoffs.count <= 7)
        seen += page.handoffs.map(\.id)
        cursor = page.next
        if seen.count == 14 {
          source.append([handoff("ho_new_\(order)", order == .descending ? 1_000 : -1_000)])
          try store.drained(source)
        }
      } while cursor != nil
      #expect(seen == before)
      #expect(Set(seen).count == seen.count)
    }
  }

  private struct Case: Sendable {
    var name: String
    var expected: [String]
    var change: @Sendable (inout HandoffFilter) -> Void
  }

  @Test func `each filter finds what it names`() throws {
    let rig = try Rig()
    let events = [
      handoff(
        "h1", 1, .initiated,
        [
          (.taskID, .text, "t1"), (.conversationID, .text, "c1"), (.fromAgent, .text, "a"),
          (.toAgent, .text, "b"),
          (.kind, .text, "warm"), (.pattern, .text, "direct"), (.reason, .text, "recovery"),
        ]),
      handoff("h1", 3, .acknowledged),
      handoff(
        "h2", 2, .initiated, [(.taskID, .text, "t1"), (.fromAgent, .text, "b"), (.toAgent, .text, "a")]),
      handoff(
        "h2", 9, .failed,
        [
          (.error, .json, "{\"class\":\"retryable\",\"type\":\"timeout\"}"),
          (.errorClass, .text, "retryable"),
          (.errorType, .text, "timeout"),
        ]),
      handoff(
        "h3", 3, .initiated,
        [
          (.fromAgent, .text, "a"), (.toAgent, .text, "a"), (.memoryRefs, .json, "{}"),
          (.memoryRequested, .number, "10"), (.memoryResolved, .number, "8"),
        ]),
      handoff("h4", 4, .prepared),
      handoff("h5", 5, .completed, [(.taskID, .text, "t'; DROP TABLE handoffd.handoffs; --")]),
    ]
    let store = try stored(rig, events)
    defer { store.stop() }
    let at = { Timestamp(microseconds: Occurrence.base + $0 * Self.second) }
    let cases: [(String, (inout HandoffFilter) -> Void, [String])] = [
      ("all", { _ in }, ["h5", "h4", "h3", "h2", "h1"]),
      ("task", { $0.taskID = "t1" }, ["h2", "h1"]),
      ("quotes", { $0.taskID = "t'; DROP TABLE handoffd.handoffs; --" }, ["h5"]),
      ("nothing", { $0.taskID = "t" }, []),
      ("conversation", { $0.conversationID = "c1" }, ["h1"]),
      ("agent", { $0.agent = "a" }, ["h3", "h2", "h1"]),
      (
        "agent and task",
        {
          $0.agent = "a"
          $0.taskID = "t1"
        }, ["h2", "h1"]
      ),
      ("from", { $0.fromAgent = "a" }, ["h3", "h1"]),
      ("to", { $0.toAgent = "a" }, ["h3", "h2"]),
      ("kind", { $0.kind = "warm" }, ["h1"]),
      ("pattern", { $0.pattern = "direct" }, ["h1"]),
      ("reason", { $0.reason = "recovery" }, ["h1"]),
      ("acknowledged", { $0.state = .acknowledged }, ["h1"]),
      ("initiated", { $0.state = .initiated }, ["h3"]),
      ("prepared", { $0.state = .prepared }, ["h4"]),
      ("failed", { $0.state = .failed }, ["h2"]),
      ("completed", { $0.state = .completed }, ["h5"]),
      ("parked", { $0.state = .parked }, []),
      ("error class", { $0.errorClass = "retryable" }, ["h2"]),
      ("error type", { $0.errorType = "timeout" }, ["h2"]),
      ("inferred", { $0.inferred = true }, []),
      ("since", { $0.since = at(3) }, ["h5", "h4", "h3"]),
      ("until", { $0.until = at(3) }, ["h2", "h1"]),
      (
        "since and until",
        {
          $0.since = at(2)
          $0.until = at(4)
        }, ["h3", "h2"]
      ),
      ("completeness at least", { $0.minCompleteness = 0.8 }, ["h3"]),
      ("completeness at most", { $0.maxCompleteness = 0.79 }, []),
      ("slow", { $0.minAcknowledgementLatency = 2 * Self.second }, ["h1"]),
      ("slower", { $0.minAcknowledgementLatency = 2 * Self.second + 1 }, []),
    ]
    for (name, change, expected) in cases {
      var filter = HandoffFilter()
      change(&filter)
      let found = try store.queries.handoffs(filter)
      #expect(found.handoffs.map(\.id) == expected, "\(name)")
      #expect(found.next == nil)
      let backwards = try store.queries.handoffs(filter, order: .ascending)
      #expect(backwards.handoffs.map(\.id) == expected.reversed(), "\(name), oldest first")
    }
  }

  @Test func `both directions of an agent are paged together`() throws {
    let rig = try Rig()
    var events: [Occurrence] = []
    for number in 0..<40 {
      let sender = number % 3 == 0 ? "x" : "y"
      let receiver = number % 2 == 0 ? "x" : "z"
      events.append(
        handoff(
          "h\(number)", Int64(number), .initiated, [(.fromAgent, .text, sender), (.toAgent, .text, receiver)])
      )
    }
    let store = try stored(rig, events)
    defer { store.stop() }
    var filter = HandoffFilter()
    filter.agent = "x"
    var seen: [String] = []
    var cursor: String?
    repeat {
      let page = try store.queries.handoffs(filter, limit: 4, cursor: cursor)
      seen += page.handoffs.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(
      seen == (0..<40).reversed().filter { $0 % 3 == 0 || $0 % 2 == 0 }.map { (number: Int) in "h\(number)" })
  }

  @Test(arguments: Route.allCases)
  func `a handoff comes with its events in order, and with its lineage`(_ route: Route) throws {
    let rig = try Rig(route)
    let parent: [(FactID, FactForm, String)] = [(.parentHandoffID, .text, "h2")]
    let store = try stored(
      rig,
      [
        handoff("h1", 1, .initiated, [(.toAgent, .text, "b")]),
        handoff(
          "h2", 2, .initiated,
          [
            (.parentHandoffID, .text, "h1"), (.taskID, .text, "t"), (.fromAgent, .text, "b"),
            (.toAgent, .text, "c"),
            (.envelopePrevious, .text, "h1"),
          ]),
        handoff("h2", 2, .rejected), handoff("h2", 2, .acknowledged), handoff("h2", 1, .prepared),
        handoff("h3", 5, .initiated, parent), handoff("h4", 4, .initiated, parent),
        handoff(
          "h5", 6, .initiated,
          [
            (.taskID, .text, "t"), (.fromAgent, .text, "b"), (.toAgent, .text, "d"),
            (.originalToAgent, .text, "c"),
          ]),
        // A ring of parents must not be walked for ever.
        handoff("r1", 7, .initiated, [(.parentHandoffID, .text, "r2")]),
        handoff("r2", 8, .initiated, [(.parentHandoffID, .text, "r1")]),
      ])
    defer { store.stop() }
    let detail = try #require(try store.queries.handoff("h2"))
    #expect(
      detail.events.map { $0.body.type } == [
        "handoff.prepared", "handoff.initiated", "handoff.acknowledged", "handoff.rejected",
      ])
    #expect(
      detail.events.allSatisfy { $0.instance == "test" && $0.receivedAt.microseconds == Occurrence.base })
    #expect(!detail.isCut)
    #expect(detail.parents.map(\.id) == ["h1"])
    #expect(detail.children.map(\.id) == ["h4", "h3"])
    #expect(detail.fallbacks.map(\.id) == ["h5"])
    #expect(detail.envelopes.map(\.id) == ["h1"])
    #expect(detail.handoff.record.life.state == .rejected)
    #expect(try store.queries.handoff("r1")?.parents.map(\.id) == ["r2"])
    #expect(try store.queries.handoff("nothing") == nil)
    #expect(try store.queries.handoff("no\0thing") == nil)
  }

  @Test func `an answer with too many events is cut and says so`() throws {
    let rig = try Rig()
    let store = try stored(
      rig,
      (0..<1_100).map { Occurrence(type: .step, id: "s\($0)", handoff: "h", at: Occurrence.base + Int64($0)) }
    )
    defer { store.stop() }
    let detail = try #require(try store.queries.handoff("h"))
    #expect(detail.events.count == 1_000)
    #expect(detail.isCut)
    #expect(detail.handoff.record.eventCount == 1_100)
  }

  @Test func `rejections come newest first, page by page`() throws {
    let rig = try Rig()
    let source = ArraySource()
    for number in 0..<5 {
      let rejections = (0..<4).map { index in
        Rejection(
          refusal: Refusal(index: index, pointer: "", code: .missingField, message: "r\(number)-\(index)"),
          body: [])
      }
      source.append(
        [Occurrence]().payload(receivedAt: Occurrence.base + Int64(number / 2), rejections: rejections),
        receivedAt: Occurrence.base + Int64(number / 2))
    }
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let all = try store.queries.rejections(limit: 1_000).rejections.map(\.message)
    #expect(all.count == 20)
    #expect(all.first == "r4-3")
    var seen: [String] = []
    var cursor: String?
    repeat {
      let page = try store.queries.rejections(limit: 3, cursor: cursor)
      seen += page.rejections.map(\.message)
      cursor = page.next
    } while cursor != nil
    #expect(seen == all)
  }

  @Test func `a cursor of another list is refused`() throws {
    let rig = try Rig()
    let store = try stored(rig, (0..<5).map { handoff("h\($0)", Int64($0)) })
    defer { store.stop() }
    let next = try #require(try store.queries.handoffs(HandoffFilter(), limit: 2).next)
    #expect(StoreQueries.isCursor(next, for: .descending))
    #expect(!StoreQueries.isCursor(next, for: .ascending))
    for question in [
      { try store.queries.handoffs(HandoffFilter(), order: .ascending, cursor: next).next },
      { try store.queries.rejections(cursor: next).next },
      { try store.queries.handoffs(HandoffFilter(), cursor: "nonsense").next },
    ] as [() throws -> String?] {
      let error = try #require(throws: StoreError.self) { try question() }
      #expect(error.code == .cursor)
    }
  }

  @Test func `a question that takes too long is given up`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source) { $0.queryDeadline = .milliseconds(300) }
    defer { store.stop() }
    try eventually { store.status.isUp }
    let other = try rig.connection()
    try other.begin(until: rig.soon)
    try other.execute("LOCK TABLE handoffd.handoffs", until: rig.soon)
    let error = try #require(throws: StoreError.self) { try store.queries.handoffs(HandoffFilter()) }
    #expect(error.code == .tooSlow)
    other.rollback(until: rig.soon)
    #expect(try store.queries.handoffs(HandoffFilter()).handoffs.isEmpty)
  }

  @Test func `readers survive a restart of the server between questions`() throws {
    let rig = try Rig()
    let store = try stored(rig, [handoff("h", 1)])
    defer { store.stop() }
    #expect(try store.queries.handoff("h") != nil)
    try rig.database.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'handoffd/test/read'"
    )
    #expect(try store.queries.handoff("h") != nil)
  }

  @Test func `what an answer has seen is never later than what is committed`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.queries.asOf != nil }
    let horizon = try #require(store.queries.asOf)
    #expect(horizon.microseconds <= rig.time.wall().microseconds)
    source.append([handoff("h", 1)], receivedAt: Occurrence.base + 61_000_000)
    try store.drained(source)
    #expect(try #require(store.queries.asOf).microseconds == Occurrence.base + 61_000_000)
  }
}

extension [UInt8] {
  /// The type in an event's JSON as the tests write it.
  fileprivate var type: String {
    String(decoding: self, as: UTF8.self).split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
  }
}
