import Foundation
import TestSupport
import Testing

/// Whether everything that was accepted comes out again.
@Suite struct CompleteExportTests {
  private let now = Int(Date().timeIntervalSince1970)

  /// Events of every type that is about no handoff, each known by its id.
  private func subjects(_ count: Int) -> [String] {
    let types = [
      ("circuit.opened", "agent"), ("circuit.half_opened", "agent"), ("circuit.closed", "agent"),
      ("circuit.skipped", "agent"), ("agent.health", "agent"), ("task.created", "task_id"),
      ("task.completed", "task_id"), ("task.failed", "task_id"), ("conversation.turn", "conversation_id"),
    ]
    return (0..<count).map { number in
      let (type, subject) = types[number % types.count]
      let others = subject == "agent" ? "" : #","agent":"a\#(number % 3)""#
      let task = type == "conversation.turn" && number % 2 == 0 ? #","task_id":"s1""# : ""
      return
        #"{"type":"\#(type)","event_id":"e\#(number)","occurred_at":\#(now - number % 200 * 3_600),"\#(subject)":"s\#(number % 4)"\#(others)\#(task)}"#
    }
  }

  private func handoffs(_ count: Int) -> [String] {
    (0..<count).flatMap { number in
      ["initiated", "acknowledged", "step", "validated"].map { type in
        #"{"type":"handoff.\#(type)","event_id":"\#(type)","handoff_id":"h\#(number)","occurred_at":\#(now - 60 - number),"from_agent":"a0","to_agent":"s0","task_id":"s\#(number % 4)"}"#
      }
    }
  }

  private func rows(_ connection: HTTPConnection, _ query: String) throws -> [JSONNode] {
    try connection.get("/v1/export?\(query)").text.split(separator: "\n").map { try JSONNode(json: $0.utf8) }
  }

  @Test func `every accepted event is exported once, and found where it belongs`() throws {
    let sidecar = try RunningSidecar()
    let (subjects, handoffs) = (subjects(2_600), handoffs(150))
    for start in stride(from: 0, to: subjects.count, by: 500) {
      try sidecar.send(subjects[start..<min(start + 500, subjects.count)].joined(separator: "\n"))
    }
    try sidecar.send(handoffs.joined(separator: "\n"))
    _ = try sidecar.handoff("h149", events: 4)
    let connection = try sidecar.process.connect()
    let exported = try rows(connection, "of=events")
    let keys = exported.map { "\($0["handoff_id"]?.text ?? "") \($0["event_id"]?.text ?? "")" }
    #expect(keys.count == subjects.count + handoffs.count)
    #expect(Set(keys).count == keys.count)
    let stored = try sidecar.database.psql(
      "SELECT (SELECT count(*) FROM handoffd.handoff_events) + (SELECT count(*) FROM handoffd.subject_events)"
    )
    #expect(stored == "\(keys.count)")
    #expect(exported.allSatisfy { $0["received_at"]?.text != nil && $0["instance"]?.text != nil })
    // Handoffs come first; what follows is put together by what it is about, in its order.
    #expect(exported.prefix(handoffs.count).allSatisfy { $0["handoff_id"] != nil })
    let lines = try connection.get("/v1/export?of=events&format=csv").text.split(separator: "\r\n")
    #expect(lines.count == keys.count + 1)

    for task in 0..<4 {
      let events = try sidecar.get("/v1/tasks/s\(task)").objects("events").compactMap { $0.text("event_id") }
      let wanted = exported.filter {
        $0["task_id"]?.text == "s\(task)" && $0["type"]?.text?.hasPrefix("task.") == true
      }
      #expect(Set(events) == Set(wanted.compactMap { $0["event_id"]?.text }) && !events.isEmpty)
      let turns = try sidecar.get("/v1/conversations/s\(task)").objects("turns").count
      #expect(turns == exported.count { $0["conversation_id"]?.text == "s\(task)" })
      let reports = try sidecar.get("/v1/agents/s\(task)/health?limit=1000").objects("reports").count
      #expect(
        reports == exported.count { $0["agent"]?.text == "s\(task)" && $0["type"]?.text == "agent.health" })
    }
  }

  @Test func `events about no handoff pass the filters that can mean them, and no others`() throws {
    let sidecar = try RunningSidecar()
    let subjects = subjects(900)
    try sidecar.send((subjects + handoffs(20)).joined(separator: "\n"))
    _ = try sidecar.handoff("h19", events: 4)
    let connection = try sidecar.process.connect()
    let all = try subjects.map { try JSONNode(json: $0.utf8) }
    let moment = Date(timeIntervalSince1970: Double(now - 100 * 3_600)).formatted(.iso8601)
    let cases: [(String, (JSONNode) -> Bool)] = [
      ("", { _ in true }), ("task_id=s1", { $0["task_id"]?.text == "s1" }),
      ("conversation_id=s2", { $0["conversation_id"]?.text == "s2" }),
      ("agent=a1", { $0["agent"]?.text == "a1" }),
      ("agent=s0&task_id=s1", { $0["agent"]?.text == "s0" && $0["task_id"]?.text == "s1" }),
      ("since=\(moment)", { ($0["occurred_at"]?.number ?? 0) >= Double(now - 100 * 3_600) }),
      ("until=\(moment)", { ($0["occurred_at"]?.number ?? 0) < Double(now - 100 * 3_600) }),
      ("agent=nobody", { _ in false }), ("kind=warm", { _ in false }), ("from_agent=a0", { _ in false }),
      ("state=initiated", { _ in false }), ("inferred=false", { _ in false }),
      ("min_completeness=0", { _ in false }),
    ]
    for (query, passes) in cases {
      let found = try rows(connection, "of=events&\(query)").filter { $0["handoff_id"] == nil }
      #expect(
        Set(found.compactMap { $0["event_id"]?.text })
          == Set(all.filter(passes).compactMap { $0["event_id"]?.text }), "\(query)")
      #expect(Set(found.compactMap { $0["event_id"]?.text }).count == found.count)
      #expect(try rows(connection, query).allSatisfy { $0["handoff_id"] != nil }, "handoffs are handoffs")
    }
  }

  @Test func `a broadcast says how many of its receivers have acknowledged`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send(
      #"{"type":"handoff.initiated","handoff_id":"b","event_id":"i","from_agent":"a","receivers":["x","y","z"]}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"b/y","event_id":"k"}"#,
      #"{"type":"handoff.initiated","handoff_id":"c","event_id":"i","task_id":"t","group_id":"g","receiver_count":4,"from_agent":"a","to_agent":"x"}"#,
      #"{"type":"handoff.initiated","handoff_id":"d","event_id":"i","task_id":"t","group_id":"g","from_agent":"a","to_agent":"y"}"#
    )
    for (path, wanted) in [("b%2Fx", ("b", 3, 3, 1)), ("c", ("g", 4, 2, 0))] {
      let broadcast = try sidecar.handoff(path).object("broadcast")
      #expect(broadcast.text("group_id") == wanted.0)
      #expect(broadcast.number("receivers") == Double(wanted.1))
      #expect(broadcast.number("known") == Double(wanted.2))
      #expect(broadcast.number("acknowledged") == Double(wanted.3))
    }
    try sidecar.send(#"{"type":"handoff.initiated","handoff_id":"e","from_agent":"a","to_agent":"b"}"#)
    #expect(try sidecar.handoff("e")["broadcast"] is NSNull)
  }

  @Test func `a fallback is found by its task, and without one by the handoff that it stands for`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send(
      #"{"type":"handoff.initiated","handoff_id":"h1","event_id":"1","from_agent":"a","to_agent":"b"}"#,
      #"{"type":"handoff.failed","handoff_id":"h1","event_id":"2"}"#,
      #"{"type":"handoff.initiated","handoff_id":"h2","event_id":"1","parent_handoff_id":"h1","from_agent":"a","to_agent":"c","original_to_agent":"b","fallback_index":1}"#,
      #"{"type":"handoff.initiated","handoff_id":"h3","event_id":"1","from_agent":"a","to_agent":"c","original_to_agent":"b"}"#,
      #"{"type":"handoff.initiated","handoff_id":"h4","event_id":"1","parent_handoff_id":"h1","from_agent":"b","to_agent":"d"}"#
    )
    _ = try sidecar.handoff("h4")
    let lineage = try sidecar.handoff("h1").object("lineage")
    #expect(lineage.objects("fallbacks").map { $0.text("handoff_id") } == ["h2"])
    #expect(lineage.objects("children").map { $0.text("handoff_id") } == ["h2", "h4"])
    #expect(
      try sidecar.handoff("h2").object("lineage").objects("parents").map { $0.text("handoff_id") } == ["h1"])
  }

  @Test func `an empty array is taken, and so are ids and filters of any letters`() throws {
    let sidecar = try RunningSidecar()
    let connection = try sidecar.process.connect()
    #expect(try connection.post("/v1/events", "[]").text == #"{"accepted":0,"duplicates":0,"rejected":[]}"#)
    let name = String(repeating: "é", count: 128)
    try sidecar.send(
      #"{"type":"handoff.initiated","handoff_id":"\#(name)","task_id":"\#(name)","from_agent":"a","to_agent":"b"}"#
    )
    let escaped = APIDescription.Operation.escaped(name)
    #expect(try sidecar.handoff(escaped).object("handoff").text("task_id") == name)
    #expect(try sidecar.get("/v1/handoffs?task_id=\(escaped)").objects("handoffs").count == 1)
    // Whatever no event can have been called is asked for in vain, not wrongly.
    let long = String(repeating: "é", count: 300)
    #expect(try connection.get("/v1/handoffs/\(APIDescription.Operation.escaped(long))").status == 404)
  }
}
