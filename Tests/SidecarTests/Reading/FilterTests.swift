import Foundation
import TestSupport
import Testing

/// Every filter over HTTP against what a naive reckoning over the same random events finds.
@Suite struct FilterTests {
  /// A filter as it is asked for, and whether a handoff passes it.
  private struct Filter {
    var name: String
    var value: String
    var passes: (NaiveHandoff) -> Bool
  }

  private let now = Int64(Date().timeIntervalSince1970) * 1_000_000

  private static func words(_ name: String, _ values: [String], _ fact: @escaping (NaiveHandoff) -> String?)
    -> [Filter]
  {
    (values + ["nothing like it"]).map { value in Filter(name: name, value: value) { fact($0) == value } }
  }

  private static func moment(_ microseconds: Int64) -> String {
    let second = Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601)
    return "\(second.dropLast()).\(String(1_000_000 + microseconds % 1_000_000).dropFirst())Z"
  }

  /// Every filter with every value that makes a difference.
  private func filters(_ all: [NaiveHandoff]) -> [Filter] {
    typealias Words = NaiveVocabulary
    let named: [Filter] =
      Self.words("task_id", Words.tasks) { $0.text("task_id") }
      + Self.words("conversation_id", Words.conversations) { $0.text("conversation_id") }
      + Self.words("from_agent", Words.agents) { $0.text("from_agent") }
      + Self.words("to_agent", Words.agents) { $0.text("to_agent") }
      + Self.words("kind", Words.kinds) { $0.text("kind") }
      + Self.words("pattern", Words.patterns) { $0.text("pattern") }
      + Self.words("strategy", Words.strategies) { $0.strategy }
      + Self.words("reason", Words.reasons) { $0.text("reason") }
      + Self.words("error_class", Words.errorClasses) { $0.error("class") }
      + Self.words("error_type", Words.errorTypes) { $0.error("type") }
    let agents = (Words.agents + ["z"]).map { agent in
      Filter(name: "agent", value: agent) { [$0.text("from_agent"), $0.text("to_agent")].contains(agent) }
    }
    let states = Set(Words.types).subtracting(["attempt_failed", "received", "resumed", "validated", "step"])
    return named + agents
      + states.sorted().map { state in Filter(name: "state", value: state) { $0.state == state } }
      + ["true", "false"].map { flag in
        Filter(name: "exhausted", value: flag) { $0.isExhausted == (flag == "true") }
      }
      + ["true", "false"].map { flag in Filter(name: "inferred", value: flag) { _ in flag == "false" } }
      + bounds(all)
  }

  /// Bounds at the values that there are, and just beside them.
  private func bounds(_ all: [NaiveHandoff]) -> [Filter] {
    var filters: [Filter] = []
    for moment in Set(all.map(\.firstAt)).sorted().enumerated().filter({ $0.offset % 9 == 0 }).map(\.element)
    {
      for at in [moment, moment + 1] {
        filters.append(Filter(name: "since", value: Self.moment(at)) { $0.firstAt >= at })
        filters.append(Filter(name: "until", value: Self.moment(at)) { $0.firstAt < at })
      }
    }
    for share in Set(all.compactMap(\.completeness)).sorted() + [0.123] {
      filters.append(
        Filter(name: "min_completeness", value: "\(share)") { $0.completeness.map { $0 >= share } ?? false })
      filters.append(
        Filter(name: "max_completeness", value: "\(share)") { $0.completeness.map { $0 <= share } ?? false })
    }
    for latency in Set(all.compactMap(\.acknowledgementLatency)).sorted() + [500_000] {
      let seconds = "\(latency / 1_000_000).\(String(1_000_000 + latency % 1_000_000).dropFirst())"
      filters.append(
        Filter(name: "min_ack_latency", value: seconds) {
          $0.acknowledgementLatency.map { $0 >= latency } ?? false
        })
    }
    return filters
  }

  /// The ids that all filters let pass, oldest first.
  private func expected(_ all: [NaiveHandoff], _ filters: [Filter]) -> [String] {
    all.filter { handoff in filters.allSatisfy { $0.passes(handoff) } }
      .sorted { ($0.firstAt, $0.id) < ($1.firstAt, $1.id) }.map(\.id)
  }

  private func query(_ filters: [Filter]) -> String {
    filters.map { "&\($0.name)=\(APIDescription.Operation.escaped($0.value))" }.joined()
  }

  private func send(_ all: [NaiveHandoff], to sidecar: RunningSidecar, _ random: inout SeededRandom) throws {
    let lines = all.flatMap { handoff in handoff.events.map { $0.json(of: handoff.id) } }
    let shuffled = lines.shuffled(using: &random)
    for start in stride(from: 0, to: shuffled.count, by: 100) {
      let answer = try sidecar.send(
        shuffled[start..<min(start + 100, shuffled.count)].joined(separator: "\n"))
      #expect(try JSONNode(json: answer.body)["rejected"]?.elements == [], "\(answer.text)")
    }
    let connection = try sidecar.process.connect()
    try eventually("all events", every: .milliseconds(20)) {
      try connection.get("/v1/export?of=events").text.split(separator: "\n").count == lines.count
    }
  }

  /// All ids of a list, page by page.
  private func ids(_ connection: HTTPConnection, _ target: String, _ list: String = "handoffs") throws
    -> [String]
  {
    var ids: [String] = []
    var cursor: String?
    repeat {
      let answer = try connection.get(target + (cursor.map { "&cursor=\($0)" } ?? ""))
      try #require(answer.status == 200, "\(target): \(answer.text)")
      let page = try JSONNode(json: answer.body)
      ids += page[list]?.elements.compactMap { $0["handoff_id"]?.text } ?? []
      cursor = page["next_cursor"]?.text
    } while cursor != nil
    return ids
  }

  /// Conditions, and what they find.
  private static let conditions: [(condition: String, ids: [String])] = [
    (#"{"field": "to_agent", "operator": "equals", "value": "b"}"#, ["h0", "h1"]),
    (#"{"field": "to_agent", "operator": "in", "value": ["c", "b"]}"#, ["h0", "h1", "h2"]),
    (#"{"field": "hop", "operator": "equals", "value": 0}"#, ["h0"]),
    (#"{"field": "hop", "operator": "greaterThan", "value": 0}"#, ["h1", "h2"]),
    (#"{"field": "hop", "operator": "lessThan", "value": 2.5}"#, ["h0", "h1"]),
    (#"{"field": "reason", "operator": "contains", "value": "load"}"#, ["h1"]),
    (#"{"field": "handoff_id", "operator": "regex", "value": "^h[01]$"}"#, ["h0", "h1"]),
    (#"{"field": "user_id", "operator": "contains", "value": ""}"#, []),
    (
      #"{"and": [{"field": "to_agent", "operator": "equals", "value": "b"}, {"or": [{"field": "hop", "operator": "equals", "value": 1}, {"field": "hop", "operator": "equals", "value": 3}]}]}"#,
      ["h1"]
    ),
  ]

  @Test func `a router's condition finds what its route would have taken`() throws {
    let sidecar = try Self.routed()
    let connection = try sidecar.process.connect()
    for (condition, wanted) in Self.conditions {
      let escaped = APIDescription.Operation.escaped(condition)
      #expect(try ids(connection, "/v1/handoffs?order=asc&where=\(escaped)") == wanted, "\(condition)")
    }
  }

  private static let nonsense = [
    "x", "{}", "[]", #"{"field": "hop", "operator": "equals"}"#,
    #"{"field": "merge", "operator": "equals", "value": "x"}"#,
    #"{"field": "hop", "operator": "regex", "value": "1"}"#,
    #"{"field": "hop", "operator": "equals", "value": "1"}"#,
    #"{"field": "to_agent", "operator": "greaterThan", "value": "a"}"#,
    #"{"field": "to_agent", "operator": "in", "value": []}"#,
    #"{"field": "to_agent", "operator": "regex", "value": "("}"#, #"{"and": []}"#,
    #"{"and": [{"field": "hop", "operator": "equals", "value": 1}], "or": []}"#,
  ]

  @Test func `what is no condition is refused`() throws {
    let sidecar = try Self.routed()
    let connection = try sidecar.process.connect()
    for condition in Self.nonsense {
      let answer = try connection.get("/v1/handoffs?where=\(APIDescription.Operation.escaped(condition))")
      #expect(answer.status == 400, "\(condition): \(answer.text)")
    }
  }

  /// A sidecar that knows three handoffs.
  private static func routed() throws -> RunningSidecar {
    let sidecar = try RunningSidecar()
    for (place, (to, reason)) in [("b", "recovery"), ("b", "load_shedding"), ("c", "x")].enumerated() {
      try sidecar.send(
        #"{"type":"handoff.initiated","handoff_id":"h\#(place)","from_agent":"a","to_agent":"\#(to)","reason":"\#(reason)","hop":\#([0, 1, 3][place])}"#
      )
    }
    _ = try sidecar.handoff("h2")
    return sidecar
  }

  @Test func `every filter finds what a naive reckoning finds, in both orders, whatever the pages`() throws {
    var random = SeededRandom(for: "filters")
    let sidecar = try RunningSidecar()
    let all = NaiveVocabulary.handoffs(150, before: now, &random)
    try send(all, to: sidecar, &random)
    let connection = try sidecar.process.connect()
    let filters = filters(all)
    let pairs = (0..<150).map { _ in
      (0..<Int.random(in: 2...4, using: &random)).compactMap { _ in filters.randomElement(using: &random) }
    }
    var found = 0
    for asked in [[]] + filters.map({ [$0] }) + pairs where Set(asked.map(\.name)).count == asked.count {
      let wanted = expected(all, asked)
      found += wanted.isEmpty ? 0 : 1
      let order = random.once(in: 2) ? "asc" : "desc"
      let limit = random.once(in: 3) ? 1_000 : Int.random(in: 5...40, using: &random)
      let target = "/v1/handoffs?order=\(order)&limit=\(limit)\(query(asked))"
      #expect(
        try ids(connection, target) == (order == "asc" ? wanted : wanted.reversed()),
        "\(target) seed \(random.seed)")
    }
    #expect(found > filters.count / 2, "filters that let nothing pass show nothing")
    try checkExports(connection, all, pairs + filters.map { [$0] }, &random)
    try checkGroups(connection, all)
  }

  private func checkExports(
    _ connection: HTTPConnection, _ all: [NaiveHandoff], _ asked: [[Filter]], _ random: inout SeededRandom
  ) throws {
    for asked in asked.shuffled(using: &random).prefix(60) where Set(asked.map(\.name)).count == asked.count {
      let wanted = expected(all, asked)
      let target = "/v1/export?order=asc\(query(asked))"
      let rows = try connection.get(target).text.split(separator: "\n").map { try JSONNode(json: $0.utf8) }
      #expect(rows.compactMap { $0["handoff_id"]?.text } == wanted, "\(target) seed \(random.seed)")
      let events = try connection.get("/v1/export?of=events&order=asc\(query(asked))").text
        .split(separator: "\n").map { try JSONNode(json: $0.utf8) }
      let passing = all.filter { wanted.contains($0.id) }
      #expect(
        Set(events.map { "\($0["handoff_id"]?.plain ?? "") \($0["event_id"]?.plain ?? "")" })
          == Set(passing.flatMap { one in one.events.map { "\(one.id) \($0.id)" } }), "\(target)")
      #expect(events.count == passing.reduce(0) { $0 + $1.events.count })
    }
  }

  /// Conversations and tasks hold their handoffs; the desk holds those that were parked.
  private func checkGroups(_ connection: HTTPConnection, _ all: [NaiveHandoff]) throws {
    for conversation in NaiveVocabulary.conversations {
      let found = try JSONNode(json: connection.get("/v1/conversations/\(conversation)").body)
      let wanted = all.filter { $0.text("conversation_id") == conversation }
      #expect(
        found["handoffs"]?.elements.compactMap { $0["handoff_id"]?.text }
          == wanted.sorted { ($0.firstAt, $0.id) < ($1.firstAt, $1.id) }.map(\.id))
      let agents = wanted.flatMap { [$0.text("from_agent"), $0.text("to_agent")] }.compactMap { $0 }
      #expect(Set(found["agents"]?.elements.compactMap(\.text) ?? []) == Set(agents))
    }
    for task in NaiveVocabulary.tasks {
      let path = "/v1/tasks/\(APIDescription.Operation.escaped(task))"
      let found = try JSONNode(json: connection.get(path).body)
      let ids = found["handoffs"]?.elements.compactMap { $0["handoff_id"]?.text } ?? []
      #expect(Set(ids) == Set(all.filter { $0.text("task_id") == task }.map(\.id)))
      #expect(Set(ids).count == ids.count)
    }
    let parked = all.compactMap { handoff in
      handoff.events.filter { $0.type == "parked" }.map(\.at).max().map { ($0, handoff.id) }
    }
    #expect(
      try ids(connection, "/v1/dead-letters?limit=3", "dead_letters") == parked.sorted { $0 > $1 }.map(\.1))
    let sent = Dictionary(grouping: all.filter { $0.events.contains { $0.type == "initiated" } }) {
      $0.text("from_agent")
    }
    let agents = try JSONNode(json: connection.get("/v1/agents?window=3h").body)["agents"]?.elements ?? []
    for agent in NaiveVocabulary.agents {
      let figures = agents.first { $0["agent"]?.text == agent }
      #expect(figures?["sent"]?.number == Double(sent[agent]?.count ?? 0), "\(agent)")
    }
  }

  @Test func `a window of agents counts what began within it, and a limit leaves the busiest`() throws {
    let sidecar = try RunningSidecar()
    let ages = [("x", 30), ("x", 4_000), ("y", 50), ("z", 9_000)]
    try sidecar.send(
      ages.enumerated().map { place, one in
        #"{"type":"handoff.initiated","handoff_id":"w\#(place)","from_agent":"\#(one.0)","to_agent":"r","occurred_at":\#(now / 1_000_000 - Int64(one.1))}"#
      }.joined(separator: "\n"))
    _ = try sidecar.handoff("w3")
    for window in [600, 3_600, 7_200, 86_400] {
      let agents = try sidecar.get("/v1/agents?window=\(window)s").objects("agents")
      for name in ["x", "y", "z"] {
        let wanted = ages.filter { $0.0 == name && $0.1 <= window }.count
        let found = agents.first { $0.text("agent") == name }
        #expect((found?.number("sent") ?? 0) == Double(wanted), "\(name) in \(window)")
      }
    }
    let busiest = try sidecar.get("/v1/agents?limit=2")
    #expect(busiest.objects("agents").compactMap { $0.text("agent") } == ["r", "x"])
    #expect(busiest.number("total") == 4)
  }
}
