import Foundation
import Platform
import TestSupport
import Testing

/// What agents tell in messages of their own comes back from the audit as it was told.
@Suite struct StoryTests: Storytelling {
  let start = Self.beginning

  private func message(
    _ from: String, _ action: String, _ seconds: Double, to: String? = nil, hop: Int, task: String = "api-1",
    payload: String = #"{"endpoint": "POST /v1/orders"}"#, attempt: Int = 1
  ) -> String {
    let next = to.map { #""to_agent": "\#($0)", "# } ?? ""
    return #"""
      {"task_id": "\#(task)", "from_agent": "\#(from)", \#(next)"action": "\#(action)", "payload": \#(payload),
       "context": {"constraints": ["no breaking change"], "conversation_id": "c-api"},
       "metadata": {"timestamp": \#(at(seconds)), "hop": \#(hop), "attempt": \#(attempt), "confidence": 0.9}}
      """#
  }

  @Test func `coder, reviewer and tester implement an endpoint`() throws {
    let sidecar = try RunningSidecar()
    let timeout =
      #"{"error": {"type": "timeout", "message": "the suite ran out of time", "classification": "retryable", "attempted": "make test", "hint": "run it again"}}"#
    let broken =
      #"{"error": {"type": "schema", "message": "the contract forbids it", "classification": "permanent", "hint": "ask the owner"}}"#
    try tell(
      sidecar,
      message("coordinator", "completed", 0, to: "coder", hop: 1),
      message("coder", "completed", 60, to: "reviewer", hop: 2),
      message("reviewer", "completed", 90, to: "tester", hop: 3),
      message("tester", "failed", 120, hop: 3, payload: timeout),
      message("tester", "completed", 150, hop: 3, attempt: 2),
      message("coordinator", "completed", 200, to: "coder", hop: 1, task: "api-2"),
      message("coder", "failed", 230, hop: 1, task: "api-2", payload: broken))
    let last = try sidecar.handoff("api-2%2F1%2Fcoder", events: 2).object("handoff")
    #expect(last.text("state") == "failed")
    #expect(last.object("error").text("class") == "permanent")
    #expect(last.object("error").text("hint") == "ask the owner")

    let task = try sidecar.get("/v1/tasks/api-1")
    let handoffs = task.objects("handoffs")
    #expect(handoffs.map { $0.text("to_agent") } == ["coder", "reviewer", "tester"])
    #expect(handoffs.map { $0.text("from_agent") } == ["coordinator", "coder", "reviewer"])
    #expect(handoffs.map { $0.text("state") } == ["completed", "completed", "completed"])
    #expect(handoffs.map { $0.text("previous") } == [nil, "api-1/1/coder", "api-1/2/reviewer"])
    #expect(task.number("depth") == 3)
    #expect(task.text("owner") == "tester")
    #expect(task["agents"] as? [String] == ["coordinator", "coder", "reviewer", "tester"])
    let tested = try sidecar.get("/v1/handoffs/api-1%2F3%2Ftester")
    #expect(
      tested.objects("events").map { $0.text("type") } == [
        "handoff.initiated", "handoff.failed", "handoff.completed",
      ])
    #expect(tested.object("handoff").object("error").text("class") == "retryable")
    #expect(tested.object("handoff").object("error").text("attempted") == "make test")
    #expect(tested.object("handoff").number("attempts") == 2)
    #expect(tested.object("handoff").number("duration_seconds") == 60)
    #expect(
      tested.object("lineage").objects("parents").map { $0.text("handoff_id") } == [
        "api-1/2/reviewer", "api-1/1/coder",
      ])
    let conversation = try sidecar.get("/v1/conversations/c-api")
    #expect(conversation.objects("handoffs").count == 4)
    #expect(try sidecar.get("/v1/handoffs?error_class=permanent").objects("handoffs").count == 1)
  }

  @Test func `an orchestrator hands over, fails, and parks`() throws {
    let sidecar = try RunningSidecar()
    let good = #""handoffId": "ho_good", "sourceAgent": "planner", "targetAgent": "builder""#
    let bad = #""id": "ho_bad", "source": "planner", "target": "painter""#
    try tell(
      sidecar,
      #"""
      {\#(good), "timestamp": \#(milliseconds(0)), "taskId": "t",
       "state": {"version": "1.0", "checksum": "x", "data": {"pendingTasks": ["a", "b"]}},
       "context": {"sessionId": "s", "handoffChain": ["planner", "builder"]}}
      """#,
      #"{\#(good), "event": "acceptHandoff", "timestamp": \#(milliseconds(2))}"#,
      #"{\#(good), "event": "onHandoffComplete", "timestamp": \#(milliseconds(9))}"#,
      #"{\#(bad), "startTime": \#(milliseconds(10)), "status": "IN_PROGRESS"}"#,
      #"{\#(bad), "startTime": \#(milliseconds(10)), "endTime": \#(milliseconds(15)), "status": "FAILED", "error": "All handoff attempts failed"}"#,
      #"{"id": "dl", "handoffId": "ho_bad", "reason": "no painter", "attempts": 3, "timestamp": \#(milliseconds(16)), "status": "PENDING"}"#
    )
    let letter = try eventually("a dead letter", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/dead-letters").objects("dead_letters").first
    }
    #expect(letter.text("handoff_id") == "ho_bad" && letter.text("to_agent") == "painter")
    #expect(
      letter.text("reason") == "no painter" && letter.number("attempts") == 3
        && letter.text("status") == "pending")
    #expect(letter.text("error_type") == "retries_exhausted")
    let handed = try sidecar.handoff("ho_good", events: 3).object("handoff")
    #expect(handed.text("state") == "completed" && handed.number("hop") == 1)
    #expect(handed.number("ack_latency_seconds") == 2 && handed.number("duration_seconds") == 9)
    #expect(handed.text("conversation_id") == "s")
    let resolved =
      #"{"id": "dl", "handoffId": "ho_bad", "reason": "no painter", "attempts": 3, "timestamp": \#(milliseconds(16)), "handledAt": \#(milliseconds(30)), "status": "HANDLED"}"#
    #expect(try sidecar.send(resolved).status == 200)
    try eventually("it to be handled", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/dead-letters").objects("dead_letters").first?.text("status") == "handled"
    }
  }

  @Test func `envelopes lose references, and a receiver that is away is parked for`() throws {
    let sidecar = try RunningSidecar()
    func envelope(_ id: String, _ from: String, _ to: String, _ seconds: Double, missing: String) -> String {
      #"""
      {"envelope_version": "2", "handoff_id": "\#(id)", "task_id": "t", "from_agent": "\#(from)", "target_agent": "\#(to)",
       "created_at": "\#(text(seconds))Z", "token_count": 3247, "max_tokens": 4000, "memory_refs": ["m1", "m2", "m3", "m4"],
       "missing_refs": \#(missing), "task_context": {"goal": "g"}, "constraints": ["none"], "expected_outputs": ["o"],
       "execution_history": [{"agent": "\#(from)", "action": "a", "memory_id": "m1"}]}
      """#
    }
    func report(_ event: String, _ seconds: Double, _ more: String = "") -> String {
      #"{"event": "\#(event)", "handoff_id": "e2", "from_agent": "b", "target_agent": "c", "timestamp": \#(at(seconds))\#(more)}"#
    }
    let timeout = #", "error": {"type": "timeout", "retryable": true}"#
    try tell(
      sidecar,
      envelope("e1", "a", "b", 0, missing: "[]"),
      #"{"event": "delivered", "handoff_id": "e1", "target_agent": "b", "timestamp": \#(at(1))}"#,
      envelope("e2", "b", "c", 10, missing: #"["m4"]"#),
      report("attempt_failed", 11, #", "attempt": 1, "backoff": 2\#(timeout)"#),
      report("attempt_failed", 14, #", "attempt": 2, "backoff": 4\#(timeout)"#),
      report("exhausted", 20, #", "attempt": 3\#(timeout)"#),
      report("parked", 21, #", "reason": "circuit open""#),
      report("circuit_opened", 590, #", "reset_at": \#(at(660))"#))
    let parked = try sidecar.handoff("e2", events: 5).object("handoff")
    #expect(parked.text("state") == "parked" && parked.number("attempts") == 3)
    #expect(parked.number("completeness") == 0.75)
    #expect(parked.object("memory_refs")["missing"] as? [String] == ["m4"])
    #expect(parked.object("tokens").number("utilization") == 3247.0 / 4000)
    #expect((parked.object("envelope")["sections"] as? [String])?.count == 5)
    let task = try sidecar.get("/v1/tasks/t")
    #expect(task.number("context_retained") == 0.75)
    #expect(task.object("first_loss").text("handoff_id") == "e2")
    #expect(
      try sidecar.get("/v1/dead-letters").objects("dead_letters").first?.text("reason") == "circuit open")
    try eventually("the circuit", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/agents/c/readiness")["ready"] as? Bool == false
    }
  }

  @Test func `a context is accepted, escalated to a specialist, and rejected there`() throws {
    let sidecar = try RunningSidecar()
    func context(_ id: String, _ from: String, _ to: String, _ seconds: Double) -> String {
      #"""
      {"handoff_id": "\#(id)", "task_id": "t", "conversation_id": "c/1", "source_agent": "\#(from)", "target_agent": "\#(to)",
       "original_task": "refund", "conversation_summary": "s", "key_facts": ["f"], "confidence": 0.7, "handoff_type": "WARM",
       "reason": "HandoffReason.ESCALATION", "created_at": "\#(text(seconds))", "expires_at": "\#(text(seconds + 500))"}
      """#
    }
    try tell(
      sidecar,
      context("h1", "router", "support", 0),
      #"{"handoff_id": "h1", "source_agent": "router", "target_agent": "support", "accepted": true, "timestamp": "\#(text(3))"}"#,
      #"{"handoff_id": "h1", "source_agent": "router", "target_agent": "support", "escalated_to": "specialist", "escalation_level": 1, "ticket": "T-1", "timestamp": "\#(text(60))"}"#,
      context("h2", "support", "specialist", 61),
      #"{"handoff_id": "h2", "source_agent": "support", "target_agent": "specialist", "status": "rejected", "message": "not mine", "timestamp": "\#(text(65))"}"#
    )
    let rejected = try sidecar.handoff("h2", events: 2).object("handoff")
    #expect(rejected.text("state") == "rejected" && rejected.object("error").text("message") == "not mine")
    let first = try sidecar.handoff("h1", events: 3)
    #expect(first.object("handoff").text("state") == "escalated")
    #expect(first.object("handoff").number("ack_latency_seconds") == 3)
    #expect(
      first.object("handoff").text("reason") == "escalation" && first.object("handoff").text("kind") == "warm"
    )
    #expect(first.object("handoff").object("escalation").text("ticket") == "T-1")
    #expect(try sidecar.get("/v1/tasks/t").objects("escalations").map { $0.text("handoff_id") } == ["h1"])
    let conversation = try sidecar.get("/v1/conversations/c%2F1")
    #expect(conversation["agents"] as? [String] == ["router", "support", "specialist"])
    #expect(conversation.objects("handoffs").count == 2)
  }

  @Test func `a task is coordinated from one agent to the next, and a thief is turned away`() throws {
    let sidecar = try RunningSidecar()
    try tell(
      sidecar,
      #"{"id": "t", "description": "d", "status": "in_progress", "assigned_agent": "planner", "created_at": \#(at(0))}"#,
      #"""
      {"coordination_id": "c1", "task_id": "t", "from_agent": "planner", "to_agent": "builder", "status": "completed",
       "started_at": \#(at(10)), "state": {"plan": [1, 2]}, "validation": {"valid": true, "errors": [], "warnings": ["thin"]},
       "steps": [{"step": "state_transfer", "status": "completed", "timestamp": \#(at(11))},
        {"step": "task_transfer", "status": "completed", "timestamp": \#(at(12))},
        {"step": "hand_off", "status": "completed", "timestamp": \#(at(13))}]}
      """#,
      #"""
      {"coordination_id": "c2", "task_id": "t", "from_agent": "thief", "to_agent": "fence", "status": "failed",
       "started_at": \#(at(20)), "completed_at": \#(at(21)), "error": "Task t is not assigned to thief",
       "steps": [{"step": "task_transfer", "status": "failed", "timestamp": \#(at(21))}]}
      """#)
    let turned = try sidecar.handoff("c2", events: 3).object("handoff")
    #expect(
      turned.text("state") == "rejected" && turned.object("error").text("type") == "ownership_violation")
    #expect(turned.object("error").text("attempted") == "task_transfer")
    let moved = try sidecar.handoff("c1", events: 7)
    #expect(moved.object("handoff").text("state") == "completed")
    #expect(moved.object("handoff").number("ack_latency_seconds") == 2)
    #expect(moved.object("handoff").number("duration_seconds") == 3)
    #expect(
      moved.objects("events").compactMap { ($0["step"] as? [String: Any])?.text("name") } == [
        "state_transfer", "task_transfer", "hand_off",
      ])
    let task = try sidecar.get("/v1/tasks/t")
    #expect(task.text("owner") == "builder")
    #expect(task.objects("events").map { $0.text("type") } == ["task.created"])
  }

  @Test func `a file of messages is sent from the command line`() throws {
    let sidecar = try RunningSidecar()
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    let path = sidecar.directory.file("messages.ndjson")
    let lines = [
      message("coordinator", "completed", 0, to: "coder", hop: 1), message("coder", "gave_up", 60, hop: 1),
      message("coder", "completed", 90, hop: 1),
      #"{"type": "task.completed", "task_id": "api-1", "occurred_at": \#(at(91))}"#,
    ].map { $0.replacing("\n", with: " ") }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    for arguments in [[], ["--dialect", "agent_message"]] {
      let outcome = try Command(
        try BuiltProducts.program(), ["send", path, "--url", "http://127.0.0.1:\(port)"] + arguments,
        environment: BuiltProducts.environment(["PATH": "/usr/bin:/bin"], [:]), workingDirectory: "/"
      ).run(until: SystemTime().now() + .seconds(30))
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("line 2: out_of_range at /action"), "\(outcome.output)")
      #expect(
        outcome.output.contains(arguments.isEmpty ? "3 accepted, 0 dup" : "0 accepted, 3 dup"),
        "\(outcome.output)")
    }
    #expect(
      try sidecar.handoff("api-1%2F1%2Fcoder", events: 2).object("handoff").text("state") == "completed")
  }

  @Test func `messages that cannot be meant are told at their place, and kept`() throws {
    let sidecar = try RunningSidecar()
    let answer = try sidecar.send(
      #"[{"task_id": "t", "from_agent": "a", "action": "done", "payload": {}, "context": {}, "metadata": {}}, {"type": "handoff.step", "handoff_id": "h"}]"#,
      type: "application/json")
    let refused = try #require(try answer.object.objects("rejected").first)
    #expect(refused.text("pointer") == "/action" && refused.text("code") == "out_of_range")
    #expect(try answer.object.number("accepted") == 1)
    let kept = try eventually("a rejection", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/rejections").objects("rejections").first
    }
    #expect(kept.text("body")?.contains("\"done\"") == true)
    let connection = try sidecar.process.connect()
    let named = try connection.send(
      "POST", "/v1/events?dialect=coordination", headers: [("Content-Type", "application/json")],
      body: Array(#"{"task_id": "t", "from_agent": "a", "to_agent": "b"}"#.utf8))
    #expect(try named.object.objects("errors").first?.text("pointer") == "/coordination_id")
    let unknown = try connection.send(
      "POST", "/v1/events?dialect=latin", headers: [("Content-Type", "application/json")],
      body: Array("{}".utf8))
    #expect(unknown.status == 400 && unknown.text.contains("agent_message"))
  }
}
