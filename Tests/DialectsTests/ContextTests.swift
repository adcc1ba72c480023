import Bytes
import Dialects
import Testing

/// Which state of a shared context, of an agent or of a check a message goes by.
@Suite struct ContextTests {
  private func message(_ context: String, _ more: String = "") -> String {
    #"{"task_id": "t", "from_agent": "a", "to_agent": "b", "action": "completed", "payload": {}, "context": {\#(context)}, "metadata": {"timestamp": 1795230000}\#(more)}"#
  }

  @Test func `a message tells the version, the writer and how much there is, not what it says`() throws {
    let told = try Told(
      message(
        #""version": 7, "schema_version": "2", "updated_by": {"id": "lead"}, "updated_at": "2026-11-21T02:59:00", "project_state": {"phase": "build"}, "task_queue": ["x", "y"], "decision_log": ["REST", "no ORM", "UTC"], "writers": ["lead"]"#
      ))
    let context = try told.event("initiated").at("shared_context")
    #expect(context.json("version") == "7" && context.json("schema") == #""2""#)
    #expect(context.json("written_by") == #""lead""#)
    #expect(context.json("written_at") == #""2026-11-21T02:59:00Z""#)
    #expect(context.json("decisions") == "3" && context.json("tasks") == "2")
    #expect(context.at("hash").text?.hasPrefix("sha256:") == true)
    #expect(!told.events.contains { $0.json("").contains("ORM") })
    #expect(told.types == ["initiated"])
  }

  @Test func `its hash is of what is shared, not of who wrote it`() throws {
    func hash(_ context: String) throws -> String? {
      try Told(message(context)).event("initiated").at("shared_context.hash").text
    }
    let first = try hash(#""decision_log": ["a"], "updated_by": "x", "version": 1"#)
    #expect(try hash(#""updated_by": "y", "version": 1, "decision_log": ["a"]"#) == first)
    #expect(try hash(#""decision_log": ["a", "b"]"#) != first)
    #expect(try hash(#""decision_log": ["a"], "hash": "mine""#) == "mine")
  }

  @Test func `a context of its own is told by any message, and one that is not shared by none`() throws {
    #expect(try Told(message(#""constraints": ["no ORM"]"#)).event("initiated").at("shared_context").isNull)
    let named = try Told(message("", #", "shared_context": {"version": "1.2", "decisions": 4}"#))
    #expect(try named.event("initiated").json("shared_context") == #"{"version":"1.2","decisions":4}"#)
    let package = try Told(
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "shared_context": {"version": 3, "written_by": "a"}}"#
    )
    #expect(try package.event("initiated").json("shared_context.version") == "3")
    // What was not called a shared context is not refused for what it may mean by these names.
    let odd =
      #""decision_log": ["a"], "version": {"of": "x"}, "writers": 3, "checksum": true, "updated_at": "noon""#
    #expect(try Told(message(odd)).event("initiated").at("shared_context").object?.members.count == 2)
    let wrong = try Told(message("", #", "shared_context": {"version": true}"#))
    #expect(wrong.refused == ["0 invalid_type /shared_context/version"])
  }

  @Test func `who may not write is told on the spot`() throws {
    let told = try Told(
      message("", #", "shared_context": {"version": 2, "written_by": "b", "writers": ["a"]}"#))
    #expect(told.types == ["initiated", "validated"])
    #expect(try told.event("validated").json("validation.results").contains(#""rule":"context_writer""#))
  }

  @Test func `an agent's state is told with the handoff it works on, as a hash and a size`() throws {
    let state =
      #""agent_id": "builder", "state": {"step": 3}, "updated_at": 1795230000, "transferred_from": "planner""#
    let step = try Told(#"{"handoff_id": "c-1", \#(state)}"#).event("step")
    #expect(step.json("handoff_id") == #""c-1""# && step.json("step.name") == #""state_snapshot""#)
    #expect(step.json("attributes.agent") == #""builder""# && step.json("attributes.state_bytes") == "10")
    #expect(step.at("attributes.state_hash").text?.hasPrefix("sha256:") == true)
    #expect(step.json("attributes.transferred_from") == #""planner""#)
    #expect(!step.json("").contains(#""step":3"#))
  }

  @Test func `validators of an orchestrator are told by their names, with how long they took`() throws {
    let told = try Told(
      #"{"handoffId": "h", "valid": false, "duration": 40, "validationResults": [{"name": "deadline", "passed": false, "severity": "WARNING", "message": "late"}, {"name": "state", "passed": true}]}"#
    )
    #expect(told.types == ["validated"])
    #expect(
      try told.event("validated").json("validation")
        == #"{"valid":false,"duration_ms":40,"results":[{"rule":"deadline","passed":false,"severity":"warning","message":"late"},{"rule":"state","passed":true}]}"#
    )
  }

  @Test(arguments: [
    ("NO_ROUTE", "no_route"), ("TypeError", "TypeError"), ("timeout", "timeout"), ("42", "42"),
  ])
  func `codes in capitals are the words that are asked for`(code: String, type: String) throws {
    let told = try Told(
      #"{"handoffId": "h", "event": "onHandoffFailed", "error": {"code": "\#(code)", "message": "m"}}"#)
    #expect(try told.event("failed").at("error.type").text == type)
  }

  @Test func `what a prompt takes, and what a state holds, is counted`() throws {
    let context = try Told(
      #"{"handoff_id": "h", "source_agent": "a", "target_agent": "b", "key_facts": ["x"], "prompt_tokens": 900, "context_window": 4000}"#
    )
    #expect(try context.event("initiated").json("envelope.tokens") == #"{"used":900,"budget":4000}"#)
    let package = try Told(
      #"{"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "state": {"data": {"pendingTasks": ["x", "y"], "processedItems": 12, "variables": {"n": 1}, "callStack": []}}}"#
    )
    let attributes = try package.event("initiated").at("attributes")
    #expect(attributes.json("pending_tasks") == "2" && attributes.json("processed_items") == "12")
    #expect(attributes.json("variables") == "1" && attributes.json("call_stack") == "0")
  }
}
