import TestSupport
import Testing

/// How handoffs come to nothing, or to several at once, comes back from the audit as agents told it.
@Suite struct OutcomeStoryTests: Storytelling {
  let start = Self.beginning

  @Test func `attempts that run out leave an exhausted handoff, until it is taken after all`() throws {
    let sidecar = try RunningSidecar()
    let names = #""handoff_id": "e1", "from_agent": "a", "target_agent": "b""#
    try tell(
      sidecar, #"{"envelope_version": "2", \#(names), "created_at": \#(at(0))}"#,
      #"{"event": "attempt_failed", \#(names), "timestamp": \#(at(1)), "attempt": 1, "backoff": 2}"#,
      #"{"event": "attempt_failed", \#(names), "timestamp": \#(at(4)), "attempt": 2, "backoff": 4}"#,
      #"{"event": "exhausted", \#(names), "timestamp": \#(at(9)), "attempt": 3, "error": "All handoff attempts failed"}"#,
      // A fallback took this one.
      #"{"type": "handoff.initiated", "handoff_id": "f1", "from_agent": "a", "to_agent": "b", "occurred_at": \#(at(0))}"#,
      #"{"type": "handoff.rerouted", "handoff_id": "f1", "to_agent": "c", "original_to_agent": "b", "fallback_index": 1, "occurred_at": \#(at(2))}"#,
      #"{"type": "handoff.acknowledged", "handoff_id": "f1", "occurred_at": \#(at(3))}"#)
    let exhausted = try sidecar.handoff("e1", events: 4)
    let record = exhausted.object("handoff")
    #expect(record["exhausted"] as? Bool == true && record.number("attempts") == 3)
    #expect(record.object("error").text("type") == "retries_exhausted")
    #expect(exhausted.object("course").number("retry_wait_seconds") == 6)
    let rerouted = try sidecar.handoff("f1", events: 3).object("handoff")
    #expect(rerouted["exhausted"] as? Bool == false && rerouted.number("fallback_index") == 1)
    #expect(try found(sidecar, "exhausted=true") == ["e1"] && found(sidecar, "exhausted=false") == ["f1"])
    try tell(
      sidecar, #"{"type": "handoff.replayed", "handoff_id": "e1", "occurred_at": \#(at(20))}"#,
      #"{"event": "delivered", \#(names), "timestamp": \#(at(21))}"#)
    _ = try sidecar.handoff("e1", events: 6)
    #expect(try found(sidecar, "exhausted=true&agent=a").isEmpty)
  }

  private func found(_ sidecar: RunningSidecar, _ query: String) throws -> [String?] {
    try sidecar.get("/v1/handoffs?\(query)").objects("handoffs").map { $0.text("handoff_id") }
  }

  @Test func `no route, an open breaker and a refusal are told apart, and a rollback that fails pages`()
    throws
  {
    let sidecar = try RunningSidecar()
    for (id, error) in [("n", "No matching route found"), ("o", "Circuit breaker open for b, skipping")] {
      try sidecar.send(
        #"{"handoffId": "\#(id)", "sourceAgent": "a", "targetAgent": "b", "event": "onHandoffFailed", "error": "\#(error)"}"#
      )
    }
    try sidecar.send(
      #"{"type": "handoff.rejected", "handoff_id": "r", "from_agent": "a", "to_agent": "b", "error": {"type": "not_accepting"}}"#
    )
    try sidecar.send(
      #"""
      {"handoffId": "back", "sourceAgent": "a", "targetAgent": "b", "rollbackPlan": [
        {"action": "RESTORE_SOURCE", "status": "SUCCESS"}, {"action": "CLEANUP_TARGET", "status": "FAILED", "error": "gone"}]}
      """#.replacing("\n", with: " "))
    #expect(try sidecar.handoff("n").object("handoff").object("error").text("type") == "no_route")
    #expect(try sidecar.handoff("o").object("handoff").object("error").text("type") == "circuit_open")
    let refused = try sidecar.handoff("r").object("handoff")
    #expect(refused.text("state") == "rejected" && refused["exhausted"] as? Bool == false)
    for reason in ["no_route", "circuit_open"] {
      #expect(try sidecar.metric(#"handoff_failures_total{to_agent="b",reason="\#(reason)"}"#) == 1)
    }
    let back = try sidecar.handoff("back").object("handoff")
    let steps = back.object("rollback").objects("steps")
    #expect(back.text("state") == "rolled_back" && back["exhausted"] as? Bool == false)
    #expect(steps.map { $0.text("action") } == ["RESTORE_SOURCE", "CLEANUP_TARGET"])
    #expect(steps.last?.text("error") == "gone")
    try eventually("the alert", within: .seconds(20), every: .milliseconds(50)) {
      try sidecar.get("/v1/alerts").objects("alerts").contains {
        $0.text("alert") == "RollbackFailed" && $0.text("state") == "firing"
      }
    }
  }

  @Test func `a lock that two hold at once is contended, whichever page it is on`() throws {
    let sidecar = try RunningSidecar()
    for (id, from, lock) in [
      ("h1", "a", "orders"), ("h2", "b", "stock"), ("h3", "c", "orders"), ("h4", "b", "stock"),
    ] {
      try sidecar.send(
        #"{"type": "handoff.initiated", "handoff_id": "\#(id)", "from_agent": "\#(from)", "to_agent": "x", "resources": {"lock": ["\#(lock)"]}}"#
      )
    }
    _ = try sidecar.handoff("h4")
    let all = try sidecar.get("/v1/resources").objects("resources")
    #expect(all.map { $0["contended"] as? Bool } == [true, false, true, false])
    #expect(all.map { $0["holders"] as? [String] } == [["a", "c"], ["b"], ["a", "c"], ["b"]])
    let first = try sidecar.get("/v1/resources?limit=1").objects("resources")
    #expect(first.map { $0["holders"] as? [String] } == [["a", "c"]])
    try sidecar.send(#"{"type": "handoff.completed", "handoff_id": "h1"}"#)
    try eventually("the lock to be let go", within: .seconds(20), every: .milliseconds(20)) {
      let left = try sidecar.get("/v1/resources").objects("resources")
      return left.count == 3 && left.allSatisfy { $0["contended"] as? Bool == false }
    }
  }

  @Test func `work that was offered to three and taken by two is a race, and an announcement is none`() throws
  {
    let sidecar = try RunningSidecar()
    func broadcast(_ id: String, _ word: String) -> String {
      #"{"type": "handoff.initiated", "handoff_id": "\#(id)", "task_id": "t", "from_agent": "a", "\#(word)": "broadcast", "group_id": "\#(id)", "receivers": ["x", "y", "z"], "occurred_at": \#(at(0))}"#
    }
    func taken(_ id: String, _ seconds: Double) -> String {
      #"{"type": "handoff.acknowledged", "handoff_id": "\#(id)", "occurred_at": \#(at(seconds))}"#
    }
    try sidecar.send(
      [
        broadcast("offer", "kind"), broadcast("news", "pattern"), taken("offer/y", 3), taken("offer/x", 2),
        taken("news/x", 1), taken("news/y", 1),
      ].joined(separator: "\n"))
    _ = try sidecar.handoff("news%2Fy", events: 2)
    let races = try sidecar.get("/v1/tasks/t").objects("claim_races")
    #expect(races.map { $0.text("group_id") } == ["offer"] && races.first?.text("won_by") == "x")
    #expect(races.first?.objects("claims").map { $0.text("to_agent") } == ["x", "y"])
    #expect(try sidecar.metric("handoff_claim_races_total") == 1)
  }
}
