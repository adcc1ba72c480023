import Foundation
import TestSupport
import Testing

/// What single events tell beside the handoff's course is found again: strategies, decisions, states, histories.
@Suite struct FindingStoryTests: Storytelling {
  /// A minute ago, so that windows hold it.
  let start = Date().timeIntervalSince1970.rounded(.down) - 60

  private func escaped(_ text: String) -> String { APIDescription.Operation.escaped(text) }

  private func envelope(_ id: String, _ strategy: String, _ used: Int, _ missing: String, kind: String)
    -> String
  {
    #"""
    {"envelope_version": "2", "handoff_id": "\#(id)", "from_agent": "a", "target_agent": "b", "kind": "\#(kind)",
     "created_at": \#(at(0)), "strategy": "\#(strategy)", "token_count": \#(used), "max_tokens": 1000,
     "memory_refs": ["m1", "m2"], "missing_refs": [\#(missing)]}
    """#
  }

  @Test func `each strategy is asked for by itself, and summed up by itself`() throws {
    let sidecar = try RunningSidecar()
    try tell(
      sidecar, envelope("f1", "Full dump", 1000, "", kind: "warm"),
      envelope("s1", "Summary + refs", 200, #""m2""#, kind: "cold"),
      envelope("s2", "summary_refs", 400, "", kind: "cold"),
      envelope("own", "summary_extraction", 100, "", kind: "warm"),
      #"{"event": "delivered", "handoff_id": "s1", "target_agent": "b", "timestamp": \#(at(2))}"#,
      #"{"event": "exhausted", "handoff_id": "f1", "target_agent": "b", "timestamp": \#(at(2)), "error": "timeout"}"#
    )
    _ = try sidecar.handoff("s1", events: 2)
    _ = try sidecar.handoff("f1", events: 2)
    func ids(_ query: String) throws -> [String] {
      try sidecar.get("/v1/handoffs?order=asc&\(query)").objects("handoffs").compactMap {
        $0.text("handoff_id")
      }
    }
    #expect(try ids("strategy=summary_refs") == ["s1", "s2"])
    #expect(try ids("strategy=summary_extraction&kind=warm") == ["own"])
    #expect(try ids("strategy=lazy_loading") == [])
    #expect(
      try ids("where=" + escaped(#"{"field":"strategy","operator":"contains","value":"summary"}"#)) == [
        "own", "s1", "s2",
      ])
    for scope in ["fleet", "instance"] {
      let summary = try sidecar.get("/v1/summary?window=30m&scope=\(scope)")
      let strategies = summary.object("strategies")
      #expect(Set(strategies.keys) == ["full_dump", "other", "summary_refs"], "\(scope)")
      let packed = strategies.object("summary_refs")
      #expect(packed.number("total") == 2 && packed.number("delivered") == 1, "\(scope)")
      #expect(packed.number("completeness") == 0.75, "\(scope)")
      #expect(packed.number("token_utilization").map { abs($0 - 0.3) < 1e-9 } == true, "\(scope)")
      #expect(packed.number("average_ack_latency_seconds") == 2, "\(scope)")
      #expect(strategies.object("full_dump").number("failure_ratio") == 1, "\(scope)")
      let kinds = summary.object("kinds")
      #expect(
        kinds.object("warm").number("exhausted") == 1 && kinds.object("cold").number("total") == 2, "\(scope)"
      )
    }
  }

  @Test func `a decision is told with its handoff, and handoffs are found by what decided them`() throws {
    let sidecar = try RunningSidecar()
    func context(_ id: String, _ more: String) -> String {
      #"{"handoff_id": "\#(id)", "source_agent": "router", "target_agent": "billing", "original_task": "refund", "created_at": \#(at(0))\#(more)}"#
    }
    try tell(
      sidecar, context("h1", #", "decision_source": "LLM", "alternative_agent": "sales""#),
      context("h2", #", "decision_source": "rule", "rule_name": "refund words""#), context("h3", ""))
    let decision = try sidecar.handoff("h1", events: 1).object("course").object("decision")
    #expect(decision.text("source") == "llm" && decision.text("alternative") == "sales")
    #expect(decision["rule"] is NSNull)
    #expect(try sidecar.handoff("h3", events: 1).object("course")["decision"] is NSNull)
    func ids(_ name: String, _ relation: String, _ value: String) throws -> [String] {
      let condition = #"{"field":"attributes.\#(name)","operator":"\#(relation)","value":\#(value)}"#
      return try sidecar.get("/v1/handoffs?order=asc&where=" + escaped(condition)).objects("handoffs")
        .compactMap { $0.text("handoff_id") }
    }
    #expect(try ids("decision_source", "equals", #""llm""#) == ["h1"])
    #expect(try ids("decision_source", "in", #"["llm","rule"]"#) == ["h1", "h2"])
    #expect(try ids("rule_name", "contains", #""words""#) == ["h2"])
    #expect(try ids("alternative_agent", "regex", #""^s""#) == ["h1"])
    #expect(try ids("nothing", "equals", #""llm""#) == [])
    let connection = try sidecar.process.connect()
    for condition in [
      #"{"field":"attributes.","operator":"equals","value":"x"}"#,
      #"{"field":"attributes.a","operator":"greaterThan","value":"x"}"#,
      #"{"field":"attributes.a","operator":"equals","value":1}"#,
    ] {
      #expect(try connection.get("/v1/handoffs?where=" + escaped(condition)).status == 400, "\(condition)")
    }
  }

  @Test func `an agent's states are its own history, with and without handoffs`() throws {
    let sidecar = try RunningSidecar()
    try tell(
      sidecar, #"{"agent_id": "planner", "state": {"step": 1}, "version": 1, "updated_at": \#(at(0))}"#,
      #"{"agent_id": "planner", "state": {"step": 2}, "version": 2, "updated_at": \#(at(5)), "handoff_id": "h", "task_id": "t"}"#,
      #"{"agent_id": "builder", "state": {"step": 2}, "transferred_from": "planner", "updated_at": \#(at(6))}"#
    )
    let states = try eventually("both states", within: .seconds(20), every: .milliseconds(20)) {
      let states = try sidecar.get("/v1/agents/planner/states").objects("states")
      return states.count == 2 ? states : nil
    }
    #expect(states.map { $0.number("version") } == [2, 1] && states.map { $0.number("bytes") } == [10, 10])
    #expect(states.first?.text("handoff_id") == "h" && states.last?["handoff_id"] is NSNull)
    let taken = try #require(try sidecar.get("/v1/agents/builder/states").objects("states").first)
    #expect(taken.text("hash") == states.first?.text("hash") && taken.text("transferred_from") == "planner")
    let page = try sidecar.get("/v1/agents/planner/states?limit=1")
    let next = try sidecar.get("/v1/agents/planner/states?limit=1&cursor=\(page.text("next_cursor") ?? "")")
    #expect(next.objects("states").map { $0.number("version") } == [1] && next["next_cursor"] is NSNull)
    #expect(try sidecar.get("/v1/agents/nobody/states").objects("states").isEmpty)
  }

  @Test func `a history is a chain, and who passes on what another has is named`() throws {
    let sidecar = try RunningSidecar()
    func entry(_ from: String, _ to: String, _ seconds: Double) -> String {
      #"{"task_id": "t", "from": "\#(from)", "to": "\#(to)", "timestamp": \#(at(seconds)), "reason": "planned"}"#
    }
    try tell(sidecar, entry("a", "b", 0), entry("b", "c", 5), entry("thief", "fence", 9))
    let task = try eventually("the way", within: .seconds(20), every: .milliseconds(20)) {
      let task = try? sidecar.get("/v1/tasks/t")
      return task?.objects("handoffs").count == 3 ? task : nil
    }
    #expect(
      task.objects("handoffs").map { $0.text("state") } == ["acknowledged", "acknowledged", "acknowledged"])
    #expect(task.objects("handoffs").map { $0.number("depth") } == [1, 2, 1])
    let violations = task.objects("ownership_violations")
    #expect(violations.map { $0.text("from_agent") } == ["thief"] && violations.first?.text("owner") == "c")
  }

  @Test func `gaps that are told without how much was asked for are gaps all the same`() throws {
    let sidecar = try RunningSidecar()
    let names = #""handoff_id": "e", "from_agent": "a", "target_agent": "b""#
    try tell(
      sidecar, #"{"envelope_version": "2", \#(names), "created_at": \#(at(0)), "memory_refs": ["m1", "m2"]}"#,
      #"{"event": "delivered", \#(names), "timestamp": \#(at(1)), "degraded": true, "missing_refs": ["m2"]}"#,
      #"{"event": "delivered", \#(names), "timestamp": \#(at(9)), "degraded": false, "missing_refs": []}"#)
    let course = try sidecar.handoff("e", events: 3).object("course")
    #expect(course["degraded"] as? Bool == true && course["recovered"] as? [String] == ["m2"])
  }
}
