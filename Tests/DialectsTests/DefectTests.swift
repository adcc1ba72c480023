import Bytes
import Decoding
import Dialects
import Model
import Testing

/// What agents of these shapes are known to get wrong.
@Suite struct DefectTests {
  @Test(arguments: [
    (
      #"{"task_id": "t", "from_agent": "a", "action": "completed", "context": {}, "metadata": {}}"#,
      "missing_field", "/payload"
    ),
    (
      #"{"from_agent": "a", "action": "completed", "payload": {}, "context": {}, "metadata": {}}"#,
      "missing_field", "/task_id"
    ),
    (
      #"{"task_id": "t", "action": "completed", "payload": {}, "context": {}, "metadata": {}}"#,
      "missing_field", "/from_agent"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "action": "done", "payload": {}, "context": {}, "metadata": {}}"#,
      "out_of_range", "/action"
    ),
    (Messages.message.replacing("0.9", with: #""high""#), "invalid_type", "/metadata/confidence"),
    (
      Messages.message.replacing(#""budget": 2000"#, with: #""budget": -1"#), "out_of_range",
      "/metadata/token_usage/budget"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "to_agent": "b", "status": "failed", "steps": []}"#,
      "missing_field", "/coordination_id"
    ),
    (#"{"status": "completed", "steps": [{"step": "hand_off"}]}"#, "missing_field", "/coordination_id"),
    (Messages.coordination.replacing(#""planner""#, with: "null"), "missing_field", "/from_agent"),
    (
      Messages.coordination.replacing(
        #""status": "completed", "reason""#, with: #""status": "odd", "reason""#), "out_of_range", "/status"
    ),
    (Messages.context.replacing(#""router""#, with: #""billing""#), "out_of_range", "/source_agent"),
    (Messages.context.replacing("T04:00:00", with: "T02:00:00"), "out_of_range", "/expires_at"),
    (
      Messages.context.replacing("2026-11-21T03:00:00.123456", with: "yesterday"), "invalid_time",
      "/created_at"
    ),
    (
      Messages.context.replacing("2026-11-21T03:00:00.123456", with: "2026-11-21T03:30:00"), "in_future",
      "/created_at"
    ),
    (#"{"source_agent": "a", "target_agent": "b", "accepted": true}"#, "missing_field", "/handoff_id"),
    (Messages.envelope.replacing(#""target_agent": "writer", "#, with: ""), "missing_field", "/target_agent"),
    (Messages.envelope.replacing(#""agent": "researcher", "#, with: ""), "missing_field", "/from_agent"),
    (Messages.envelope.replacing("3247", with: "32.5"), "invalid_type", "/token_count"),
    (#"{"event": "parked", "target_agent": "b"}"#, "missing_field", "/handoff_id"),
    (#"{"handoffId": "h", "targetAgent": "b"}"#, "missing_field", "/sourceAgent"),
    (
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "status": "LOST"}"#, "out_of_range",
      "/status"
    ),
    (Messages.record.replacing("1795230002500", with: #""soon""#), "invalid_time", "/endTime"),
    (#"{"agentId": "b", "status": "HEALTHY", "errorRate": "low"}"#, "invalid_type", "/errorRate"),
    (#"{"agentId": "b", "status": "ODD", "errorRate": 0}"#, "out_of_range", "/status"),
    (#"{"agentId": "b", "status": "COMPLETED"}"#, "missing_field", "/type"),
  ])
  func `a message that cannot be meant is refused at its own place`(
    _ message: String, _ code: String, _ pointer: String
  ) throws {
    let told = try Told("[\(Messages.record), \(message)]")
    #expect(told.refused == ["1 \(code) \(pointer)"])
    #expect(told.batch.accepted == 1 && told.types == ["initiated", "completed"])
    #expect(told.batch.payload.rejections.count == 1)
  }

  @Test(arguments: [
    (Messages.package.replacing(#"{"a": 1}"#, with: #"{"a": 2}"#), "state_checksum", "error"),
    (
      Messages.package.replacing(#"["planner", "researcher", "coder"]"#, with: #"["planner", "coder"]"#),
      "handoff_chain", "warning"
    ),
    (
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "success": true, "result": {"success": false, "error": "x"}}"#,
      "wrapper_success", "error"
    ),
    (
      #"{"handoff_id": "h", "source_agent": "b", "target_agent": "b", "accepted": true}"#, "provenance",
      "warning"
    ),
    (
      #"{"handoff_id": "h", "source_agent": "a", "target_agent": "b", "key_facts": []}"#,
      "cold_without_context", "warning"
    ),
    (
      Messages.message.replacing(#"{"files": ["api.ts"]}"#, with: #""done, see files""#), "payload_typed",
      "error"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "action": "failed", "payload": {"message": "x", "hint": "y"}, "context": {}, "metadata": {}}"#,
      "error_class", "warning"
    ),
    (
      #"{"task_id": "t", "from_agent": "a", "action": "failed", "payload": {"message": "x", "class": "permanent"}, "context": {}, "metadata": {}}"#,
      "error_hint", "warning"
    ),
  ])
  func `a contradiction is told as a result that did not pass`(
    _ message: String, _ rule: String, _ severity: String
  ) throws {
    let told = try Told(message)
    #expect(told.refused == [])
    let validated = try told.event("validated")
    #expect(validated.at("validation.results").elements.map { $0["rule"]?.text } == [rule])
    #expect(validated.at("validation.results").elements.map { $0["severity"]?.text } == [severity])
    #expect(validated.json("validation.valid") == (severity == "error" ? "false" : "true"))
    #expect(validated["handoff_id"] == told.events.first?["handoff_id"])
  }

  @Test func `a state that was changed on its way is a checksum that does not match, a redacted one is not`()
    throws
  {
    let changed = try Told(Messages.package.replacing(#"{"a": 1}"#, with: #"{"a": 2}"#)).event("validated")
    #expect(changed.json("error.type") == #""checksum_mismatch""#)
    let redacted = try Told(Messages.package.replacing(#"{"a": 1}"#, with: #"{"a": "[REDACTED]"}"#)).event(
      "validated")
    #expect(redacted["error"] == nil && redacted.json("validation.valid") == "true")
  }

  @Test func `success claimed of what failed within is a failure`() throws {
    let told = try Told(
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "success": true, "result": {"success": false, "error": "State checksum validation failed"}}"#
    )
    #expect(told.types == ["failed", "validated"])
    #expect(try told.event("failed").json("error.type") == #""checksum_mismatch""#)
  }

  @Test func `no content goes into events, and what is secret goes nowhere`() throws {
    let secret = Messages.context.replacing(#""angry""#, with: #""he said hunter2""#)
      .replacing(#""confidence""#, with: #""session_token": "abcdef", "confidence""#)
    let told = try Told(secret)
    let text = told.events.map { $0.json("") }.joined()
    #expect(told.refused == [] && !text.contains("hunter2") && !text.contains("paid twice"))
    #expect(!text.contains("abcdef") && told.batch.redactions == 1)
  }
}
