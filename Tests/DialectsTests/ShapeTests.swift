import Bytes
import Decoding
import Dialects
import Model
import Testing

/// The less usual shapes of each protocol: results, hooks, logs and histories that agents send as they keep them.
@Suite struct ShapeTests {
  @Test(arguments: [
    (#""handoffId": "h", "sourceAgent": "a", "event": "handoffResumed""#, ["resumed"]),
    (#""handoffId": "h", "sourceAgent": "a", "event": "onHandoffRejected", "error": "busy""#, ["rejected"]),
    (#""handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "event": "initiateHandoff""#, ["initiated"]),
    (
      #""handoff_id": "h", "source_agent": "a", "target_agent": "b", "event": "prepare_for_handoff""#,
      ["prepared"]
    ),
    (
      #""handoff_id": "h", "source_agent": "a", "target_agent": "b", "event": "receive_handoff""#,
      ["received"]
    ),
    (#""handoff_id": "h", "target_agent": "b", "event": "ack_timeout", "attempt": 2"#, ["attempt_failed"]),
    (#""handoff_id": "h", "target_agent": "b", "event": "rejected", "reason": "full""#, ["rejected"]),
    (
      #""handoff_id": "h", "target_agent": "c", "original_target": "b", "event": "rerouted", "reason": "away""#,
      ["rerouted"]
    ),
    (
      #""handoff_id": "h", "source_agent": "a", "target_agent": "b", "event": "emergency_escalation""#,
      ["escalated"]
    ),
    (
      #""handoff_id": "h", "target_agent": "c", "original_target": "b", "status": "escalated""#, ["escalated"]
    ),
    (#""handoff_id": "h", "step": "validate", "status": "completed""#, ["step"]),
    (#""coordination_id": "h", "step": "state_transfer", "status": "failed", "error": "x""#, ["step"]),
    (
      #""coordination_id": "h", "valid": false, "errors": ["Rule size failed"], "warnings": []"#,
      ["validated"]
    ),
  ])
  func `what happens to a handoff is told by the names that agents have for it`(
    _ members: String, _ types: [String]
  ) throws {
    let told = try Told(#"{"timestamp": 1795230000000, \#(members)}"#)
    #expect(told.refused == [] && told.types == types)
    #expect(told.events.allSatisfy { $0["handoff_id"]?.text == "h" })
  }

  @Test(arguments: [
    (
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "event": "handoffPondered"}"#,
      "out_of_range /event"
    ),
    (
      #"{"handoff_id": "h", "source_agent": "a", "target_agent": "b", "event": "pondered"}"#,
      "out_of_range /event"
    ),
    (#"{"source_agent": "a", "target_agent": "b", "event": "receive_handoff"}"#, "missing_field /handoff_id"),
    (#"{"source_agent": "a", "target_agent": "b", "should_handoff": false}"#, "out_of_range /should_handoff"),
    (#"{"valid": true, "errors": []}"#, "missing_field /coordination_id"),
    (
      #"{"task_id": "t", "from_agent": "a", "action": "completed", "payload": {}, "context": "all", "metadata": {}}"#,
      "invalid_type /context"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "action": "completed", "payload": {}, "context": {}, "metadata": []}"#,
      "invalid_type /metadata"
    ),
    (#"{"task_id": "t", "from": "a", "to": 1.5e400, "timestamp": 1795230000}"#, "out_of_range /to"),
    (
      #"{"task_id": "t", "from": "a", "to": "b", "timestamp": 1795230000, "subject": "hello"}"#,
      "missing_field /type"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "to_agent": "b", "timestamp": 1795230000}"#, "missing_field /type"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "payload": {}, "context": {}, "metadata": {}}"#,
      "missing_field /action"
    ),
    (#"{"agent": "a", "state": "open"}"#, "missing_field /type"),
    (#"{"conversation_id": "c", "role": "user", "content": "hello"}"#, "missing_field /type"),
  ])
  func `what is no word of a protocol, or could mean anything, is refused where it stands`(
    _ message: String, _ refusal: String
  ) throws {
    #expect(try Told(message).refused == ["0 \(refusal)"])
  }

  @Test func `a failed attempt is none of the handoff, and what the target would not have is refused by it`()
    throws
  {
    let names = #""handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "timestamp": 1795230000000"#
    let attempt = try Told("{\(names), \"attempt\": 1, \"error\": \"timeout\", \"backoffMs\": 2000}")
    #expect(attempt.types == ["attempt_failed"])
    #expect(try attempt.event("attempt_failed").json("backoff_ms") == "2000")
    #expect(try attempt.event("attempt_failed").json("error.type") == #""timeout""#)
    let refused = try Told(
      "{\(names), \"success\": false, \"error\": \"Target agent cannot accept handoff\"}")
    #expect(refused.types == ["rejected"])
    #expect(try refused.event("rejected").json("error.type") == #""not_accepting""#)
    let skipped = try Told(
      "{\(names), \"success\": false, \"error\": \"Circuit breaker open for b, skipping\"}")
    #expect(skipped.types == ["skipped", "failed"])
    #expect(try skipped.event("skipped").json("agent") == #""b""#)
    let lost = try Told(#"{"source": "router", "success": false, "error": "No matching route found"}"#)
    #expect(try lost.event("failed").json("error.type") == #""no_route""#)
  }

  @Test func `of handoffs made in parallel each has its own outcome, and fulfilled is not yet done`() throws {
    let told = try Told(
      #"""
      {"sourceAgent": "lead", "groupId": "g", "timestamp": 1795230000000, "targets": ["a", "b", "c"], "results": [
        {"status": "fulfilled", "value": {"handoffId": "p1", "success": true}},
        {"status": "fulfilled", "value": {"handoffId": "p2", "success": false, "error": "recordState is not a function"}},
        {"status": "rejected", "reason": "timeout"}]}
      """#)
    #expect(told.types == ["step", "failed", "failed"])
    #expect(told.events.map { $0.json("to_agent") } == [#""a""#, #""b""#, #""c""#])
    #expect(told.events.prefix(2).map { $0.json("handoff_id") } == [#""p1""#, #""p2""#])
    #expect(Set(told.events.map { $0.json("handoff_id") }).count == 3)
    #expect(told.events.allSatisfy { $0.json("group_id") == #""g""# && $0.json("receiver_count") == "3" })
  }

  @Test func `a dead letter holds its handoff, and a heap is so many megabytes`() throws {
    let letter = try Told(
      #"{"id": "dl_1", "handoff": {"id": "h", "source": "a", "target": "b"}, "reason": "exhausted", "error": "timeout", "status": "PENDING", "attempts": 3, "timestamp": 1795230000000}"#
    )
    #expect(letter.refused == [] && letter.types == ["parked"])
    let parked = try letter.event("parked")
    #expect(parked.json("handoff_id") == #""h""# && parked.json("to_agent") == #""b""#)
    let health = try Told(
      #"{"agentId": "b", "status": "HEALTHY", "metrics": {"memory": {"heapUsed": 629145600}, "cpu": {"user": 5}}}"#
    )
    #expect(try health.event("health").json("health") == #"{"status":"healthy","memory_mb":600}"#)
  }

  @Test(arguments: [
    ("Summary + refs", "summary_refs"), ("Full dump", "full_dump"),
    ("priority-based trimming", "priority_trimming"),
    ("LAZY_LOADING", "lazy_loading"), ("summary with references", "summary_refs"),
  ])
  func `strategies are words, however they are spelt`(_ said: String, _ word: String) throws {
    let envelope = try Told(Messages.envelope.replacing("Priority Trimming", with: said))
    #expect(try envelope.event("initiated").at("envelope.strategy").text == word)
    let message = try Told(
      Messages.message.replacing(
        #""metadata": {"#, with: #""metadata": {"compression": {"method": "\#(said)"}, "#))
    #expect(try message.event("initiated").at("envelope.strategy").text == word)
  }

  @Test func `a breaker that says for how long it is open says until when`() throws {
    let told = try Told(
      #"{"event": "circuit_opened", "target_agent": "b", "timestamp": "2026-11-21T03:00:00", "cooldown": 60}"#
    )
    #expect(try told.event("opened").json("reset_at") == #""2026-11-21T03:01:00.000000Z""#)
  }

  @Test func `a history tells who passed a task on, and when it was the other's`() throws {
    let entry =
      #"{"task_id": "t", "from": "a", "to": "b", "timestamp": "2026-11-21T03:00:00.5", "reason": "expertise"}"#
    let told = try Told(entry)
    #expect(told.types == ["initiated", "acknowledged"])
    for event in told.events {
      #expect(event.json("from_agent") == #""a""# && event.json("to_agent") == #""b""#)
      #expect(event.json("occurred_at") == #""2026-11-21T03:00:00.5Z""#)
    }
    #expect(try told.event("initiated").json("reason") == #""expertise""#)
    let again = try Told("[\(entry), \(entry.replacing("03:00:00.5", with: "03:00:09"))]")
    #expect(Set(again.events.map { $0.json("handoff_id") }).count == 2)
    let whole = try Told(
      #"{"task_id": "t", "hand_off_history": [{"from": "a", "to": "b", "timestamp": "2026-11-21T03:00:00.5"}, {"from": "b", "to": "c", "timestamp": 1795230050}]}"#
    )
    #expect(whole.types == ["initiated", "acknowledged", "initiated", "acknowledged"])
    #expect(whole.events.first?.json("handoff_id") == told.events.first?.json("handoff_id"))
    let stolen = try Told(
      #"{"success": false, "error": "Task t not assigned to thief", "task_id": "t", "from_agent": "thief", "to_agent": "b"}"#
    )
    #expect(stolen.types == ["initiated", "rejected"])
    #expect(try stolen.event("rejected").json("error.type") == #""ownership_violation""#)
  }

  @Test func `the state of an agent is its own, in the course of a handoff or of none`() throws {
    let state = #""agent_id": "a", "state": {"plan": 1}, "version": 3, "updated_at": 1795230000"#
    let alone = try Told("{\(state)}")
    #expect(alone.types == ["state"])
    let told = try alone.event("state")
    #expect(told.json("agent") == #""a""# && told.json("attributes.state_bytes") == "10")
    #expect(told.at("attributes.state_hash").text?.hasPrefix("sha256:") == true)
    #expect(!told.json("").contains("plan"))
    let within = try Told("{\(state), \"handoff_id\": \"h\", \"transferred_from\": \"b\"}")
    #expect(within.types == ["step", "state"])
    #expect(try within.event("state").json("attributes.handoff_id") == #""h""#)
    #expect(try within.event("state").json("attributes.transferred_from") == #""b""#)
  }

  @Test func `a turn of a log is one of its conversation, without what was said`() throws {
    let told = try Told(
      #"{"conversation_id": "c", "agent_id": "support", "role": "Assistant", "content": "your card is fine", "timestamp": 1795230000}"#
    )
    #expect(told.types == ["turn"])
    let turn = try told.event("turn")
    #expect(
      turn.json("agent") == #""support""# && turn.json("role") == #""assistant""#
        && turn.json("length") == "17")
    #expect(!turn.json("").contains("card"))
  }

  @Test func `who decided, by which rule and who else there was stands with the handoff`() throws {
    let told = try Told(
      Messages.context.replacing(
        #""handoff_id""#,
        with:
          #""decision_source": "RULE", "rule_name": "refund", "alternative_agent": {"id": "sales"}, "handoff_id""#
      ))
    let attributes = try told.event("initiated").at("attributes")
    #expect(attributes.json("decision_source") == #""rule""# && attributes.json("rule_name") == #""refund""#)
    #expect(attributes.json("alternative_agent") == #""sales""#)
  }
}
