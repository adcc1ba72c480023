import Foundation
import TestSupport
import Testing

/// What several agents share, made together or say of themselves comes back from the audit.
@Suite struct SharingStoryTests: Storytelling {
  let start = Self.beginning

  @Test func `a shared context is written by two, and once by one who may not and had not read it`() throws {
    let sidecar = try RunningSidecar()
    func message(_ from: String, _ to: String, _ hop: Int, _ seconds: Double, _ shared: String) -> String {
      #"""
      {"task_id": "t", "from_agent": "\#(from)", "to_agent": "\#(to)", "action": "completed", "payload": {},
       "context": {"shared_context": {\#(shared)}}, "metadata": {"timestamp": \#(at(seconds)), "hop": \#(hop)}}
      """#
    }
    let first = #""version": 1, "updated_by": "lead", "writers": ["lead", "coder"], "decision_log": ["REST"]"#
    try tell(
      sidecar, message("lead", "coder", 1, 0, first), message("coder", "tester", 2, 10, first),
      message(
        "tester", "coder", 3, 20, #""version": 2, "updated_by": "coder", "decision_log": ["REST", "UTC"]"#),
      message(
        "coder", "guest", 4, 30,
        #""version": 3, "based_on": 1, "updated_by": "guest", "decision_log": ["SOAP"], "task_queue": [1]"#))
    let last = try sidecar.handoff("t%2F4%2Fguest").object("handoff").object("shared_context")
    #expect(last.number("version") == 3 && last.number("decisions") == 1 && last.number("tasks") == 1)
    let shared = try sidecar.get("/v1/tasks/t").object("shared_context")
    #expect(shared["writers"] as? [String] == ["lead", "coder", "guest"])
    #expect(shared.object("current").text("written_by") == "guest")
    let writes = shared.objects("writes")
    #expect(writes.map { $0.text("handoff_id") } == ["t/1/coder", "t/3/coder", "t/4/guest"])
    #expect(writes.map { $0.object("context").number("decisions") } == [1, 2, 1])
    #expect(writes.map { $0["faults"] as? [String] } == [[], [], ["not_allowed", "older_base"]])
    #expect(writes[0].text("told_at")?.hasPrefix(text(0)) == true)
  }

  @Test func `of what was made in parallel it is told how much has settled, failed, and came twice`() throws {
    let sidecar = try RunningSidecar()
    func handoff(_ number: Int) -> String {
      #"{"handoffId": "p\#(number)", "sourceAgent": "lead", "targetAgent": "w\#(number)", "taskId": "t", "pattern": "parallel", "parallelGroup": "g", "timestamp": \#(milliseconds(Double(number)))}"#
    }
    func report(_ event: String, _ number: Int, _ seconds: Double) -> String {
      #"{"handoffId": "p\#(number)", "event": "\#(event)", "timestamp": \#(milliseconds(seconds))}"#
    }
    try tell(
      sidecar, handoff(1), handoff(2), handoff(3), handoff(4), report("acceptHandoff", 1, 10),
      report("acceptHandoff", 1, 11), report("acceptHandoff", 2, 10), report("onHandoffComplete", 1, 20),
      report("onHandoffFailed", 3, 21))
    let group = try eventually("the group", within: .seconds(20), every: .milliseconds(20)) {
      let group = try sidecar.handoff("p1").object("broadcast")
      return group.number("settled") == 2 ? group : nil
    }
    #expect(group.text("group_id") == "g" && group.number("known") == 4)
    #expect(group.number("acknowledged") == 2 && group.number("failed") == 1)
    #expect(group.number("duplicates") == 1)
  }

  @Test func `what arrives changed is told from what was sent, and how well it was packed`() throws {
    let sidecar = try RunningSidecar()
    let names = #""handoffId": "h", "sourceAgent": "a", "targetAgent": "b""#
    try tell(
      sidecar,
      #"{\#(names), "timestamp": \#(milliseconds(0)), "taskId": "t", "state": {"checksum": "x", "originalSize": 9000, "compressedSize": 900}}"#,
      #"{"handoffId": "h", "event": "acceptHandoff", "checksum": "y", "timestamp": \#(milliseconds(1))}"#)
    let detail = try sidecar.handoff("h", events: 2)
    #expect(detail.object("handoff").object("envelope").number("compression_ratio") == 0.1)
    let checksums = detail.object("course").object("checksums")
    #expect(checksums.text("sent") == "x" && checksums.text("received") == "y")
    #expect(checksums["match"] as? Bool == false)
    let page = try sidecar.process.connect().send("GET", "/metrics").text
    #expect(page.contains("\nhandoff_checksum_mismatches_total 1\n"))
    #expect(try sidecar.get("/v1/tasks/t").text("status") == "in_progress")
  }

  @Test func `who asks for a review had the work, and is not waited for`() throws {
    let sidecar = try RunningSidecar()
    func message(_ from: String, _ to: String, _ action: String, _ hop: Int) -> String {
      #"{"task_id": "t", "from_agent": "\#(from)", "to_agent": "\#(to)", "action": "\#(action)", "payload": {}, "context": {}, "metadata": {"timestamp": \#(at(Double(hop))), "hop": \#(hop)}}"#
    }
    try tell(
      sidecar, message("lead", "coder", "completed", 1), message("coder", "reviewer", "needs_review", 2))
    let coded = try sidecar.handoff("t%2F1%2Fcoder", events: 3).object("handoff")
    #expect(coded.text("state") == "completed" && coded["ack_latency_seconds"] is NSNull)
    let reviewed = try sidecar.handoff("t%2F2%2Freviewer").object("handoff")
    #expect(reviewed.text("reason") == "supervision" && reviewed.text("state") == "initiated")
    #expect(try sidecar.get("/v1/tasks/t").text("status") == "handed_off")
  }

  @Test func `an agent's states stand with the handoff they belong to, as hashes and sizes`() throws {
    let sidecar = try RunningSidecar()
    func state(_ agent: String, _ seconds: Double, _ state: String, _ more: String = "") -> String {
      #"{"coordination_id": "c", "agent_id": "\#(agent)", "state": \#(state), "updated_at": \#(at(seconds))\#(more)}"#
    }
    try tell(
      sidecar,
      #"{"coordination_id": "c", "task_id": "t", "from_agent": "a", "to_agent": "b", "status": "initiated", "started_at": \#(at(0))}"#,
      state("a", 1, #"{"step": 3}"#), state("b", 2, #"{"step": 3}"#, #", "transferred_from": "a""#),
      state("b", 9, #"{"step": 4, "more": [1, 2]}"#))
    let course = try sidecar.handoff("c", events: 4).object("course")
    let states = course.objects("states")
    #expect(states.map { $0.text("agent") } == ["a", "b", "b"])
    #expect(states.map { $0.number("bytes") } == [10, 10, 23])
    #expect(
      states[0].text("hash") == states[1].text("hash") && states[1].text("hash") != states[2].text("hash"))
    #expect(states[1].text("transferred_from") == "a" && states[2].text("at")?.hasPrefix(text(9)) == true)
    #expect(course.objects("phases").isEmpty)
  }
}
