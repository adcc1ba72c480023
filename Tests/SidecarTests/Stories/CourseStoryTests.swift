import Foundation
import TestSupport
import Testing

/// What happens on the way of a handoff comes back from the audit, and is measured, as agents told it.
@Suite struct CourseStoryTests: Storytelling {
  let start = Self.beginning

  @Test func `an orchestrator prepares, holds locks for a user, and lets them go`() throws {
    let sidecar = try RunningSidecar()
    let names = #""handoffId": "ho_1", "sourceAgent": "planner", "targetAgent": "builder""#
    try tell(
      sidecar, #"{\#(names), "event": "prepareForHandoff", "timestamp": \#(milliseconds(0))}"#,
      #"""
      {\#(names), "timestamp": \#(milliseconds(3)), "state": {"version": "1.0", "data": {}},
       "context": {"sessionId": "s", "handoffChain": ["planner", "builder"], "executionContext": {"userId": "u/7"},
        "resources": {"lock": ["orders", "stock"], "gpu": {"id": "gpu-0"}}}}
      """#)
    let held = try eventually("the locks", within: .seconds(20), every: .milliseconds(20)) {
      let held = try sidecar.get("/v1/resources").objects("resources")
      return held.isEmpty ? nil : held
    }
    #expect(
      held.map { "\($0.text("kind") ?? "") \($0.text("id") ?? "")" } == [
        "lock orders", "lock stock", "gpu gpu-0",
      ])
    #expect(held.allSatisfy { $0.text("held_by") == "planner" })
    try tell(
      sidecar, #"{\#(names), "event": "acceptHandoff", "version": "2.0", "timestamp": \#(milliseconds(5))}"#)
    try eventually("the receiver to hold them", within: .seconds(20), every: .milliseconds(20)) {
      let first = try sidecar.get("/v1/resources").objects("resources").first
      return first?.text("held_by") == "builder" && first?.text("since")?.hasPrefix(text(5)) == true
    }
    try tell(sidecar, #"{\#(names), "event": "onHandoffComplete", "timestamp": \#(milliseconds(65))}"#)
    try eventually("them to be let go", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/resources").objects("resources").isEmpty
    }
    let course = try sidecar.handoff("ho_1", events: 4).object("course")
    #expect(course.objects("phases").map { $0.text("phase") } == ["preparation", "work"])
    #expect(course.objects("phases").map { $0.number("seconds") } == [3, 60])
    #expect(course.object("versions").text("sent") == "1.0")
    #expect(course.object("versions").text("received") == "2.0")
    let mine = try sidecar.get("/v1/handoffs?user_id=u%2F7").objects("handoffs")
    #expect(mine.map { $0.text("handoff_id") } == ["ho_1"] && mine.first?.text("user_id") == "u/7")
    #expect(try sidecar.get("/v1/handoffs?user_id=nobody").objects("handoffs").isEmpty)
  }

  @Test func `a receiver fetches what a lazy envelope left out, after the sender waited twice`() throws {
    let sidecar = try RunningSidecar()
    let names = #""handoff_id": "e1", "from_agent": "a", "target_agent": "b""#
    try tell(
      sidecar,
      #"""
      {"envelope_version": "2", \#(names), "created_at": \#(at(0)), "strategy": "lazy_loading",
       "memory_refs": ["m1", "m2", "m3"], "missing_refs": ["m2", "m3"]}
      """#,
      #"{"event": "attempt_failed", \#(names), "timestamp": \#(at(1)), "attempt": 1, "backoff": 2}"#,
      #"{"event": "attempt_failed", \#(names), "timestamp": \#(at(4)), "attempt": 2, "backoff_ms": 4000}"#,
      #"""
      {"event": "delivered", "envelope_version": "1", \#(names), "timestamp": \#(at(9)), "memory_refs": ["m1", "m2", "m3"],
       "missing_refs": ["m3"]}
      """#,
      #"{"event": "lazy_fetch", \#(names), "timestamp": \#(at(10)), "refs": ["m2", "m3"]}"#,
      #"{"event": "full_version", \#(names), "timestamp": \#(at(11))}"#)
    let course = try sidecar.handoff("e1", events: 6).object("course")
    #expect(course.number("retry_wait_seconds") == 6)
    #expect(
      course.object("versions").text("sent") == "2" && course.object("versions").text("received") == "1")
    #expect(course.object("fetches").number("lazy_fetch") == 2)
    #expect(course.object("fetches").number("full_version") == 1)
    #expect(course["degraded"] as? Bool == true && course["recovered"] as? [String] == ["m2"])
  }

  @Test func `a constraint that vanishes behind a handoff without an envelope is named`() throws {
    let sidecar = try RunningSidecar()
    func envelope(_ id: String, _ from: String, _ to: String, _ seconds: Double, _ bound: String) -> String {
      #"{"envelope_version": "2", "handoff_id": "\#(id)", "task_id": "t", "from_agent": "\#(from)", "target_agent": "\#(to)", "created_at": \#(at(seconds)), "constraints": \#(bound)}"#
    }
    func taken(_ id: String, _ by: String, _ seconds: Double) -> String {
      #"{"event": "delivered", "handoff_id": "\#(id)", "target_agent": "\#(by)", "timestamp": \#(at(seconds))}"#
    }
    try tell(
      sidecar, envelope("h1", "a", "b", 0, #"["no prod", "no names"]"#), taken("h1", "b", 1),
      #"{"id": "h2", "source": "b", "target": "c", "taskId": "t", "startTime": \#(milliseconds(10)), "endTime": \#(milliseconds(12)), "status": "COMPLETED"}"#,
      envelope("h3", "c", "d", 20, #"["no prod", "be brief"]"#), taken("h3", "d", 21),
      envelope("h4", "d", "e", 30, #"["no prod", "be brief", "no jokes"]"#))
    _ = try sidecar.handoff("h4", events: 1)
    let bound = try sidecar.handoff("h1").object("handoff").object("envelope")
    let hashes = try #require(bound["constraint_hashes"] as? [String])
    let lost = try sidecar.get("/v1/tasks/t").objects("constraints_lost")
    #expect(lost.map { $0.text("handoff_id") } == ["h3"])
    #expect(lost.first?.text("lost") == "constraint" && lost.first?["missing"] as? [String] == [hashes[1]])
    let check = try sidecar.process.connect().send(
      "POST", "/v1/envelopes/check", headers: [("Content-Type", "application/json")],
      body: Array(
        envelope("h5", "e", "f", 40, #"["no prod"]"#).replacing(
          #""task_id""#, with: #""parent_handoff_id": "h4", "task_id""#
        ).utf8))
    #expect(try check.object.objects("errors").contains { $0.text("code") == "constraints_lost" })
  }

  @Test func `a coordinated handoff is timed step by step, and brings an older state than is there`() throws {
    let sidecar = try RunningSidecar()
    func coordination(_ id: String, _ begun: Double, _ moved: Double, _ more: String) -> String {
      #"""
      {"coordination_id": "\#(id)", "task_id": "t", "from_agent": "planner", "to_agent": "builder", "status": "completed",
       "started_at": \#(at(begun)), "completed_at": \#(at(moved + 5)), \#(more)
       "steps": [{"step": "state_transfer", "status": "completed", "timestamp": \#(at(begun + 1))},
        {"step": "task_transfer", "status": "completed", "timestamp": \#(at(moved))},
        {"step": "hand_off", "status": "completed", "timestamp": \#(at(moved + 5)), "duration_ms": 250}]}
      """#
    }
    let states = #""state": {"plan": 1, "updated_at": \#(at(5))}, "target_state": {"updated_at": \#(at(8))},"#
    try tell(
      sidecar, coordination("slow", 10, 100, states),
      coordination("quick", 20, 30, #""state": {"plan": 2},"#))
    let slow = try sidecar.handoff("slow", events: 7)
    #expect(
      slow.object("course").objects("phases").map {
        "\($0.text("step") ?? "-") \($0.number("seconds") ?? -1)"
      } == [
        "state_transfer 1.0", "task_transfer 89.0", "hand_off 0.25", "- 5.0",
      ])
    let result = slow.object("handoff").object("validation").objects("results").first
    #expect(result?.text("rule") == "state_conflict" && result?["passed"] as? Bool == false)
    _ = try sidecar.handoff("quick", events: 6)
    let conflicts = try sidecar.get("/v1/tasks/t").objects("state_conflicts")
    #expect(conflicts.map { $0.text("handoff_id") } == ["slow"])
    #expect(conflicts.first?.text("newer_handoff_id") == "quick")
  }

  @Test func `a coordinator decides about one failure, and leaves another`() throws {
    let sidecar = try RunningSidecar()
    func message(
      _ from: String, _ action: String, _ seconds: Double, to: String? = nil, task: String, more: String = ""
    ) -> String {
      let next = to.map { #""to_agent": "\#($0)", "# } ?? ""
      return #"""
        {"task_id": "\#(task)", "from_agent": "\#(from)", \#(next)"action": "\#(action)",
         "payload": {"error": {"type": "schema", "classification": "permanent", "hint": "ask"}}, "context": {},
         "metadata": {"timestamp": \#(at(seconds)), "hop": 1\#(more)}}
        """#
    }
    try tell(
      sidecar, message("lead", "completed", 0, to: "coder", task: "t1"),
      message("coder", "failed", 10, task: "t1", more: #", "full_version_requests": 3"#),
      message("lead", "completed", 20, to: "senior", task: "t1"),
      message("lead", "completed", 0, to: "coder", task: "t2"),
      message("coder", "failed", 10, task: "t2"))
    _ = try sidecar.handoff("t1%2F1%2Fsenior")
    let decided = try #require(try sidecar.get("/v1/tasks/t1").objects("failures").first)
    #expect(decided.text("handoff_id") == "t1/1/coder" && decided.text("decision") == "reroute")
    #expect(
      decided.text("decided_by") == "t1/1/senior" && decided.text("decided_at")?.hasPrefix(text(20)) == true)
    _ = try sidecar.handoff("t2%2F1%2Fcoder", events: 2)
    let open = try #require(try sidecar.get("/v1/tasks/t2").objects("failures").first)
    #expect(open["decision"] is NSNull)
    let full = try sidecar.handoff("t1%2F1%2Fcoder", events: 3).object("course").object("fetches")
    #expect(full.number("full_version") == 3)
  }

  @Test func `who sends what cannot be meant is known, and no flood of names is`() throws {
    let sidecar = try RunningSidecar(["--agent-series", "2"])
    func broken(_ from: String) -> String {
      #"{"task_id": "t", "from_agent": "\#(from)", "action": "done", "payload": {}, "context": {}, "metadata": {}}"#
    }
    let sent = try sidecar.send(broken("a"), broken("b"), broken("a"), broken("c"), broken("d"), "{", "{}")
    #expect(sent.status == 400)
    let kept = try eventually("the rejections", within: .seconds(20), every: .milliseconds(20)) {
      let kept = try sidecar.get("/v1/rejections").objects("rejections")
      return kept.count == 7 ? kept : nil
    }
    #expect(Set(kept.compactMap { $0.text("from_agent") }) == ["a", "b", "c", "d"])
    #expect(kept.count { $0["from_agent"] is NSNull } == 2)
  }
}
