import Foundation
import TestSupport
import Testing

/// Questions about tasks, conversations and dead letters, to a running sidecar.
@Suite struct DeskTests {
  private let now = Int(Date().timeIntervalSince1970)

  private func hop(_ id: String, _ from: String, _ to: String, ago: Int, resolved: Int) -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","event_id":"\#(id)i","occurred_at":\#(now - ago),"task_id":"t/1","conversation_id":"c","from_agent":"\#(from)","to_agent":"\#(to)","envelope":{"memory_refs":{"requested":10,"resolved":\#(resolved),"missing":["m"]}}}"#
      + "\n"
      + #"{"type":"handoff.acknowledged","handoff_id":"\#(id)","event_id":"\#(id)a","occurred_at":\#(now - ago + 1)}"#
  }

  @Test func `a task tells its way, its owner and where context was lost`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send(
      #"{"type":"task.created","task_id":"t/1","agent":"planner","event_id":"tc","occurred_at":\#(now - 90)}"#,
      hop("h1", "planner", "coder", ago: 80, resolved: 10),
      hop("h2", "coder", "tester", ago: 60, resolved: 9),
      hop("h3", "tester", "coder", ago: 40, resolved: 8),
      hop("h4", "coder", "tester", ago: 20, resolved: 10),
      #"{"type":"conversation.turn","conversation_id":"c","agent":"planner","event_id":"ct","role":"user","length":7,"occurred_at":\#(now - 95)}"#
    )
    _ = try sidecar.handoff("h4", events: 2)
    let task = try sidecar.get("/v1/tasks/t%2F1")
    #expect(task.text("task_id") == "t/1")
    #expect(task.text("owner") == "tester")
    #expect(task.text("state") == "acknowledged")
    #expect(task.number("depth") == 4)
    #expect(task["agents"] as? [String] == ["planner", "coder", "tester"])
    #expect(task.number("context_retained").map { abs($0 - 0.72) < 1e-9 } == true)
    #expect(task.object("first_loss").text("handoff_id") == "h2")
    #expect(task.objects("loops").map { $0["handoffs"] as? [String] } == [["h2", "h4"]])
    #expect(task.objects("handoffs").map { $0.text("handoff_id") } == ["h1", "h2", "h3", "h4"])
    #expect(task.objects("handoffs").map { $0.number("depth") } == [1, 2, 3, 4])
    #expect(task.objects("events").count == 1)
    let conversation = try sidecar.get("/v1/conversations/c")
    #expect(conversation["agents"] as? [String] == ["planner", "coder", "tester"])
    #expect(conversation.objects("handoffs").count == 4)
    #expect(conversation.objects("turns").map { $0.text("role") } == ["user"])
    #expect(try sidecar.process.connect().get("/v1/tasks/none").status == 404)
    #expect(try sidecar.process.connect().get("/v1/conversations/none").status == 404)
  }

  @Test func `a dead letter is listed until somebody deals with it, and then says who`() throws {
    let sidecar = try RunningSidecar()
    let lines = (0..<5).map { number in
      #"{"type":"handoff.initiated","handoff_id":"d\#(number)","event_id":"i","occurred_at":\#(now - 60),"from_agent":"a","to_agent":"b"}"#
        + "\n"
        + #"{"type":"handoff.parked","handoff_id":"d\#(number)","event_id":"p","occurred_at":\#(now - 50 + number),"park_reason":"poison"}"#
    }
    try sidecar.send(lines.joined(separator: "\n"))
    try sidecar.send(#"{"type":"handoff.initiated","handoff_id":"fine","from_agent":"a","to_agent":"b"}"#)
    _ = try sidecar.handoff("fine")
    var ids: [String?] = []
    var target = "/v1/dead-letters?limit=2"
    while true {
      let page = try sidecar.get(target)
      ids += page.objects("dead_letters").map { $0.text("handoff_id") }
      #expect(page.objects("dead_letters").allSatisfy { $0.text("status") == "pending" })
      guard let next = page.text("next_cursor") else { break }
      target = "/v1/dead-letters?limit=2&cursor=\(next)"
    }
    #expect(ids == ["d4", "d3", "d2", "d1", "d0"])

    let connection = try sidecar.process.connect()
    let resolve = try connection.post(
      "/v1/dead-letters/d3/resolve", #"{"resolved_by":"ann","note":"sent by hand"}"#)
    #expect(resolve.status == 200, "\(resolve.text)")
    let letter = try eventually("a resolved letter", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/dead-letters").objects("dead_letters").first {
        $0.text("handoff_id") == "d3" && $0.text("status") == "handled"
      }
    }
    #expect(letter.text("resolved_by") == "ann")
    #expect(letter.text("note") == "sent by hand")
    #expect(letter.text("reason") == "poison")
    #expect(try sidecar.handoff("d3").object("handoff").text("state") == "resolved")
    #expect(try connection.post("/v1/dead-letters/d3/resolve", "{}").status == 409)
    #expect(try connection.post("/v1/dead-letters/fine/resolve", "{}").status == 409)
    #expect(try connection.post("/v1/dead-letters/nobody/resolve", "{}").status == 404)
    #expect(try connection.post("/v1/dead-letters/d2/resolve", "[1]").status == 400)
    #expect(try connection.post("/v1/dead-letters/d2/resolve", "{", type: "text/plain").status == 415)
    #expect(try connection.get("/v1/dead-letters?cursor=x").status == 400)
  }
}
