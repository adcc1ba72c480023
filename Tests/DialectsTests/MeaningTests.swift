import Bytes
import Decoding
import Dialects
import Model
import Testing

@Suite struct MeaningTests {
  private func expect(
    _ body: String, _ types: [String], _ type: String, _ facts: [(String, String)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let told = try Told(body)
    #expect(told.refused == [], sourceLocation: sourceLocation)
    #expect(told.types == types, sourceLocation: sourceLocation)
    #expect(told.batch.accepted == 1, sourceLocation: sourceLocation)
    let event = try told.event(type)
    for (path, value) in facts {
      #expect(event.json(path) == value, "\(path) of \(event.json(""))", sourceLocation: sourceLocation)
    }
  }

  @Test func `a package of an orchestrator begins a handoff`() throws {
    try expect(
      Messages.package, ["initiated"], "initiated",
      [
        ("handoff_id", #""ho_1795230000000_ab12""#), ("from_agent", #""researcher""#),
        ("to_agent", #""coder""#),
        ("task_id", #""t-1""#), ("conversation_id", #""s-1""#), ("hop", "2"),
        ("occurred_at", "1795230000000"),
        ("envelope.version", #""1.0""#), ("envelope.deadline", #""2026-11-21T04:00:00Z""#),
        ("envelope.priority", #""high""#), ("envelope.sections", #"["execution_history","constraints"]"#),
        ("user_id", #""u-7""#), ("attributes.serializer", #""json""#),
        ("attributes.execution_environment", #"{"nodeVersion":"v22"}"#),
        ("attributes.dialect", #""orchestrator""#),
      ])
  }

  @Test func `an orchestrator's record has the beginning and the end of its handoff`() throws {
    try expect(
      Messages.record, ["initiated", "completed"], "completed",
      [("handoff_id", #""ho_2""#), ("to_agent", #""coder""#), ("occurred_at", "1795230002500")])
    try expect(
      Messages.record.replacing(
        #""COMPLETED""#, with: #""FAILED", "error": "Circuit breaker open for coder""#),
      ["initiated", "skipped", "failed"], "failed",
      [("error.type", #""circuit_open""#), ("error.message", #""Circuit breaker open for coder""#)])
  }

  @Test(arguments: [
    (#""event": "prepareForHandoff""#, "prepared"), (#""event": "onHandoffInitiated""#, "initiated"),
    (#""event": "acceptHandoff""#, "acknowledged"), (#""type": "onHandoffComplete""#, "completed"),
    (#""hook": "onHandoffFailed""#, "failed"), (#""event": "rollbackHandoff""#, "rolled_back"),
    (#""success": false, "error": "x""#, "failed"), (#""success": true"#, "step"),
    (#""status": "PENDING", "reason": "poison""#, "parked"), (#""status": "IN_PROGRESS""#, "initiated"),
  ])
  func `each word of an orchestrator is one event`(_ member: String, _ type: String) throws {
    let told = try Told(
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "timestamp": 1795230000000, \#(member)}"#)
    #expect(told.types == [type])
    #expect(told.events.first?["handoff_id"]?.text == "h")
  }

  @Test func `an orchestrator's parts report letters, rollbacks and health`() throws {
    let letter =
      #"{"id": "dl", "handoffId": "h", "reason": "poison", "attempts": 3, "timestamp": 1795230000000, "status": "#
    #expect(try Told(letter + #""HANDLED"}"#).types == ["parked", "resolved"])
    #expect(try Told(letter + #""UNHANDLED"}"#).types == ["parked", "replayed"])
    try expect(
      letter + #""PENDING"}"#, ["parked"], "parked", [("park_reason", #""poison""#), ("attempt", "3")])
    try expect(
      #"{"handoffId": "h", "rollbackPlan": [{"action": "RESTORE_SOURCE", "status": "SUCCESS"}, {"action": "CLEANUP_TARGET", "status": "FAILED", "error": "gone"}]}"#,
      ["rolled_back"], "rolled_back",
      [
        (
          "rollback.steps",
          #"[{"action":"RESTORE_SOURCE","status":"success"},{"action":"CLEANUP_TARGET","status":"failed","error":"gone"}]"#
        )
      ])
    try expect(
      #"{"agentId": "b", "status": "SLOW", "timestamp": 1795230000000, "metrics": {"memory": 600, "responseTime": 1200}, "queueDepth": 3, "checks": {"errorRate": {"value": 0.1}}}"#,
      ["health"], "health",
      [
        ("agent", #""b""#), ("health.status", #""slow""#), ("health.memory_mb", "600"),
        ("health.response_ms", "1200"),
        ("health.queue_depth", "3"), ("health.error_rate", "0.1"),
      ])
  }

  @Test func `a memory envelope begins a handoff, with what it asks for and what is missing`() throws {
    try expect(
      Messages.envelope, ["initiated"], "initiated",
      [
        ("handoff_id", #""env-1""#), ("from_agent", #""researcher""#), ("to_agent", #""writer""#),
        ("hop", "2"),
        ("envelope.version", #""2""#), ("envelope.tokens", #"{"used":3247,"budget":4000}"#),
        ("envelope.memory_refs", #"{"requested":4,"resolved":3,"missing":["ms-4"]}"#),
        ("envelope.strategy", #""priority_trimming""#),
        (
          "envelope.sections",
          #"["task_context","memory_references","execution_history","constraints","expected_outputs"]"#
        ),
        ("attributes.execution_history", "1"),
      ])
    let told = try Told(Messages.envelope)
    #expect(try told.event("initiated").at("envelope.constraints_hash").text?.hasPrefix("sha256:") == true)
  }

  @Test(arguments: [
    (#"["a", "b", "c"], "missing_refs": ["c", "c"]"#, #"{"requested":3,"resolved":2,"missing":["c","c"]}"#),
    (#"["a", "b"], "missing_refs": ["c"]"#, #"{"requested":3,"resolved":2,"missing":["c"]}"#),
    (#"["a", "b"], "missing_refs": []"#, #"{"requested":2,"resolved":2,"missing":[]}"#),
    (#"["a", "b"]"#, #"{"requested":2}"#), ("[]", #"{"requested":0}"#),
    (
      #"[{"id": "a", "resolved": true}, {"id": "b", "resolved": false}]"#,
      #"{"requested":2,"resolved":1,"missing":["b"]}"#
    ),
    (#"{"requested": 5, "resolved": 4}"#, #"{"requested":5,"resolved":4}"#),
  ])
  func `references are counted, and what is missing is told`(_ list: String, _ facts: String) throws {
    try expect(
      #"{"envelope_version": 2, "handoff_id": "e", "from_agent": "a", "target_agent": "b", "memory_refs": \#(list)}"#,
      ["initiated"], "initiated", [("envelope.memory_refs", facts)])
  }

  @Test func `many references take no longer than they are long`() throws {
    let names = (0..<9_000).map { "\($0)" }.joined(separator: ",")
    let told = try Told(
      #"{"envelope_version": 2, "handoff_id": "e", "from_agent": "a", "target_agent": "b", "memory_refs": [\#(names)], "missing_refs": []}"#
    )
    #expect(told.events.first?.json("envelope.memory_refs.resolved") == "9000")
  }

  @Test func `a memory envelope on a channel is a broadcast`() throws {
    let told = try Told(
      #"{"envelope_version": 2, "handoff_id": "e", "from_agent": "a", "receivers": ["b", "c"], "channel": "all", "memory_refs": []}"#
    )
    #expect(told.refused == [])
    #expect(told.batch.accepted == 1 && told.types == ["initiated", "initiated"])
    #expect(told.events.first?.json("pattern") == #""broadcast""#)
  }

  @Test(arguments: [
    ("attempt_failed", "attempt_failed"), ("circuit_opened", "opened"), ("fast_failed", "skipped"),
    ("parked", "parked"), ("delivered", "acknowledged"), ("exhausted", "failed"),
  ])
  func `a client's report of its delivery is an event`(_ word: String, _ type: String) throws {
    let told = try Told(
      #"{"event": "\#(word)", "handoff_id": "e", "from_agent": "a", "target_agent": "b", "timestamp": 1795230000, "attempt": 2, "backoff": 4, "error": {"type": "timeout", "retryable": true}, "reason": "busy", "reset_at": 1795230060}"#
    )
    #expect(told.refused == [] && told.types == [type])
    let event = try told.event(type)
    switch type {
    case "attempt_failed":
      #expect(event.json("backoff_ms") == "4000" && event.json("error.class") == #""retryable""#)
    case "opened": #expect(event.json("agent") == #""b""# && event.json("reset_at") == "1795230060")
    case "skipped": #expect(event.json("agent") == #""b""#)
    case "parked": #expect(event.json("park_reason") == #""busy""#)
    default: #expect(event.json("handoff_id") == #""e""#)
    }
  }

  @Test func `a handoff context begins a handoff, its times without zone in UTC`() throws {
    try expect(
      Messages.context, ["initiated"], "initiated",
      [
        ("handoff_id", #""h-1""#), ("from_agent", #""router""#), ("to_agent", #""billing""#),
        ("kind", #""warm""#),
        ("reason", #""specialization""#), ("occurred_at", #""2026-11-21T03:00:00.123456Z""#),
        ("envelope.expires_at", #""2026-11-21T04:00:00Z""#), ("envelope.confidence", "0.8"),
        ("envelope.sections", #"["task_context","memory_references","execution_history"]"#),
        ("attributes.key_facts", "1"), ("attributes.decisions_made", "0"), ("attributes.collected_data", "1"),
        ("attributes.times_taken_as_utc", "true"),
      ])
  }

  @Test func `a context is acknowledged, rejected and escalated`() throws {
    let agents = #""handoff_id": "h-1", "source_agent": "router", "target_agent": "billing""#
    try expect(
      #"{\#(agents), "accepted": true, "message": "on it"}"#, ["acknowledged"], "acknowledged",
      [("attributes.message", #""on it""#)])
    try expect(
      #"{\#(agents), "status": "rejected", "message": "busy"}"#, ["rejected"], "rejected",
      [("error.type", #""rejected""#), ("error.message", #""busy""#)])
    try expect(
      #"{\#(agents), "escalated_to": "human", "escalation_level": 4, "ticket": "T-9"}"#, ["escalated"],
      "escalated",
      [("escalation", #"{"to":"human","depth":4,"ticket":"T-9"}"#)])
  }

  @Test func `a coordination has its steps, the moment the task changed hands, and its end`() throws {
    try expect(
      Messages.coordination, ["initiated", "step", "step", "step", "acknowledged", "completed"],
      "acknowledged",
      [("handoff_id", #""handoff_t-1_1795230000.5""#), ("occurred_at", "1795230002"), ("task_id", #""t-1""#)])
    let failed = Messages.coordination.replacing(
      #""status": "completed", "reason""#, with: #""status": "failed", "error": "disk full", "reason""#
    )
    .replacing(
      #""hand_off", "status": "completed""#, with: #""hand_off", "status": "failed", "error": "disk full""#)
    try expect(
      failed, ["initiated", "step", "step", "step", "failed"], "failed",
      [
        ("error.message", #""disk full""#), ("error.attempted", #""hand_off""#),
        ("occurred_at", "1795230003"),
      ])
  }

  @Test func `a coordination of a task that is not the sender's is rejected`() throws {
    try expect(
      #"{"coordination_id": "c", "task_id": "t", "from_agent": "a", "to_agent": "b", "status": "failed", "error": "Task t not assigned to a"}"#,
      ["initiated", "rejected"], "rejected", [("error.type", #""ownership_violation""#)])
    try expect(
      #"{"coordination_id": "c", "task_id": "t", "from_agent": "a", "to_agent": "b", "status": "validation_failed", "validation": {"valid": false, "errors": ["Rule size failed"], "warnings": ["odd"]}}"#,
      ["initiated", "validated", "rejected"], "validated",
      [
        ("validation.valid", "false"),
        (
          "validation.results",
          #"[{"rule":"size","passed":false,"severity":"error","message":"Rule size failed"},{"rule":"odd","passed":false,"severity":"warning","message":"odd"}]"#
        ),
      ])
  }

  @Test func `a task record creates and ends its task`() throws {
    let task =
      #"{"id": "t-1", "description": "d", "assigned_agent": "a", "created_at": 1795230000, "updated_at": 1795230009, "status": "#
    #expect(try Told(task + #""pending"}"#).types == ["created"])
    #expect(try Told(task + #""completed"}"#).types == ["created", "completed"])
    try expect(
      task + #""failed"}"#, ["created", "failed"], "failed", [("task_id", #""t-1""#), ("agent", #""a""#)])
  }

  @Test func `a message that names the next agent begins a handoff`() throws {
    try expect(
      Messages.message, ["initiated"], "initiated",
      [
        ("handoff_id", #""t-1/1/reviewer""#), ("from_agent", #""coder""#), ("to_agent", #""reviewer""#),
        ("envelope.tokens", #"{"used":900,"budget":2000}"#), ("envelope.confidence", "0.9"), ("hop", "1"),
        ("envelope.sections", #"["constraints"]"#), ("attributes.decisions", "1"),
        ("attributes.action", #""completed""#),
      ])
  }

  @Test func `a failure is told of what the sender had received, with its class and hint`() throws {
    let failure =
      #"{"task_id": "t-1", "from_agent": "tester", "action": "failed", "payload": {"error": {"type": "timeout", "message": "slow", "classification": "retryable", "recovery_hint": "again", "attempted": "npm test"}}, "context": {}, "metadata": {"hop": 3, "retries": 1}}"#
    try expect(
      failure, ["failed"], "failed",
      [
        ("handoff_id", #""t-1/3/tester""#), ("to_agent", #""tester""#), ("attempt", "2"),
        (
          "error",
          #"{"message":"slow","type":"timeout","class":"retryable","attempted":"npm test","hint":"again"}"#
        ),
      ])
    let next = failure.replacing(#""action""#, with: #""to_agent": "coder", "action""#)
    #expect(try Told(next).types == ["failed", "initiated"])
    #expect(try Told(next).event("initiated").json("reason") == #""recovery""#)
    #expect(try Told(next).event("initiated").json("parent_handoff_id") == #""t-1/2/tester""#)
  }

  @Test func `a report that says when work began acknowledges the handoff`() throws {
    try expect(
      #"{"task_id": "t", "from_agent": "a", "action": "completed", "payload": {}, "context": {}, "metadata": {"started_at": 1795230000, "timestamp": 1795230009}}"#,
      ["acknowledged", "completed"], "acknowledged",
      [("handoff_id", #""t/a""#), ("occurred_at", "1795230000")])
  }

  @Test func `an escalation is told of what the sender had received`() throws {
    try expect(
      #"{"task_id": "t", "from_agent": "a", "action": "escalated", "payload": {"why": "x"}, "context": {"handoff_id": "h"}, "metadata": {}, "escalation": {"to": "human", "depth": 2, "ticket": "T"}}"#,
      ["escalated"], "escalated",
      [("handoff_id", #""h""#), ("escalation", #"{"to":"human","depth":2,"ticket":"T"}"#)])
  }
}
