import Foundation
import Platform
import TestSupport
import Testing

/// What a sidecar knows of its numbers, without what only counts since its start.
private struct Knowledge: Equatable {
  var window: [String: Double] = [:]
  var agents: [String: String] = [:]
  var active: [String] = []
  var deadLetters: [Double] = []

  init(_ sidecar: RunningSidecar) throws {
    let summary = try sidecar.get("/v1/summary?scope=instance&window=30m")
    for key in ["total", "delivered", "exhausted", "completed"] {
      window[key] = summary.object("handoffs").number(key)
    }
    for name in ["ack_latency_seconds", "duration_seconds"] {
      for key in ["count", "total", "p50", "p95"] {
        window["\(name) \(key)"] = summary.object(name).number(key)
      }
    }
    window["completeness"] = summary.number("completeness")
    window["hops"] = summary.object("hops").number("max")
    for agent in try sidecar.get("/v1/agents?scope=instance").objects("agents") {
      let words = ["circuit", "health"].map { agent.text($0) ?? "-" }
      let numbers = ["in_a_row", "active", "overdue"].map { agent.number($0) ?? -1 }
      agents[agent.text("agent") ?? ""] = "\(words) \(numbers) \(agent.text("last_seen_at") ?? "-")"
    }
    active = try sidecar.get("/v1/active?scope=instance").objects("handoffs").map {
      "\($0.text("handoff_id") ?? "") \($0.text("state") ?? "") \(Int($0.number("hop") ?? 0))"
    }.sorted()
    deadLetters = try ["pending", "handled", "unhandled"].map {
      try sidecar.metric("handoff_dead_letters{status=\"\($0)\"}")
    }
  }
}

@Suite struct ComingBackTests {
  /// A scene of a minute: deliveries, an open circuit, a row, open handoffs, a dead letter, a report of health.
  static func scene(ending: Int) -> [String] {
    var lines: [String] = []
    func tell(_ type: String, _ id: String, _ at: Int, _ more: String = "") {
      lines.append(
        #"{"type":"handoff.\#(type)","handoff_id":"\#(id)","occurred_at":\#(ending - 60 + at)\#(more)}"#)
    }
    func send(_ id: String, _ at: Int, from: String = "a", to: String, _ more: String = "") {
      tell("initiated", id, at, #","from_agent":"\#(from)","to_agent":"\#(to)"\#(more)"#)
    }
    for number in 0..<5 {
      send(
        "d\(number)", number, to: "b",
        #","task_id":"t\#(number)","envelope":{"memory_refs":{"requested":10,"resolved":\#(10 - number)}}"#)
      tell("acknowledged", "d\(number)", number + number + 1)
      if number < 3 { tell("completed", "d\(number)", number * 2 + 20) }
    }
    send("deep", 30, from: "b", to: "c", #","task_id":"t4""#)
    for number in 0..<3 {
      send("x\(number)", number, to: "broken")
      tell("failed", "x\(number)", number + 5, #","error":{"class":"permanent","type":"timeout"}"#)
    }
    send("retried", 10, to: "shaky")
    tell("attempt_failed", "retried", 12, #","attempt":1,"error":{"class":"retryable","type":"network"}"#)
    send("parked", 11, to: "away")
    tell("parked", "parked", 14, #","park_reason":"retries_exhausted""#)
    send("dealt", 11, to: "away")
    tell("parked", "dealt", 14)
    tell("resolved", "dealt", 15)
    lines.append(
      #"{"type":"agent.health","agent":"b","occurred_at":\#(ending - 40),"health":{"status":"healthy","queue_depth":500}}"#
    )
    lines.append(
      #"{"type":"circuit.opened","agent":"c","occurred_at":\#(ending - 40),"reset_at":"2099-01-01T00:00:00Z"}"#
    )
    return lines
  }

  private func recovered(_ sidecar: RunningSidecar) throws {
    try eventually("the past", within: .seconds(30), every: .milliseconds(20)) {
      try sidecar.process.connect().get("/-/ready").object.text("status") == "ready"
    }
  }

  private func stored(_ sidecar: RunningSidecar, _ events: Int) throws {
    try eventually("\(events) stored events", within: .seconds(20), every: .milliseconds(20)) {
      let log =
        "(SELECT count(*) FROM handoffd.handoff_events) + (SELECT count(*) FROM handoffd.subject_events)"
      return try sidecar.database.psql("SELECT \(log)") == "\(events)"
    }
  }

  @Test func `kill -9 and restart bring back window, circuits, rows and open handoffs, not counters`() throws
  {
    let sidecar = try RunningSidecar()
    let lines = Self.scene(ending: Int(Date().timeIntervalSince1970))
    try sidecar.send(lines.joined(separator: "\n"))
    try stored(sidecar, lines.count)
    try recovered(sidecar)
    let before = try Knowledge(sidecar)
    #expect(before.window["delivered"] == 5)
    #expect(before.agents["broken"]?.hasPrefix(#"["open", "unknown"] [3.0, 0.0"#) == true)
    #expect(before.deadLetters == [1, 1, 0])
    #expect(before.active.count == 3)
    // What is drained comes from the database alone, also where the spool still has it.
    sidecar.process.kill()
    try sidecar.restart()
    try recovered(sidecar)
    let after = try Knowledge(sidecar)
    #expect(after == before)
    #expect(try sidecar.metric("handoffd_ingest_events_total") == 0)
    #expect(try sidecar.metric(#"handoff_sent_total{from_agent="a"}"#) == 0)
    // The next failure goes on where the row was.
    try sidecar.send(
      #"{"type":"handoff.attempt_failed","handoff_id":"again","to_agent":"shaky","attempt":1}"#)
    try eventually("the second in a row", within: .seconds(5), every: .milliseconds(20)) {
      try sidecar.get("/v1/agents/shaky?scope=instance").number("in_a_row") == 2
    }
    // And an acknowledgement of what was initiated before is measured.
    try sidecar.send(#"{"type":"handoff.acknowledged","handoff_id":"deep"}"#)
    try eventually("the pair", within: .seconds(5), every: .milliseconds(20)) {
      try sidecar.metric(#"handoff_ack_latency_seconds_count{to_agent="c"}"#) == 1
    }
  }

  @Test func `with the database down at the start the spool's part comes back, and the rest follows`() throws
  {
    let sidecar = try RunningSidecar()
    let lines = Self.scene(ending: Int(Date().timeIntervalSince1970))
    try sidecar.send(lines.joined(separator: "\n"))
    try stored(sidecar, lines.count)
    try recovered(sidecar)
    let before = try Knowledge(sidecar)
    sidecar.process.kill()
    let name = sidecar.database.name
    try sidecar.database.cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
    try sidecar.restart()
    try sidecar.send(#"{"type":"handoff.initiated","handoff_id":"new","from_agent":"a","to_agent":"b"}"#)
    try eventually("the new handoff", within: .seconds(5), every: .milliseconds(20)) {
      try sidecar.get("/v1/active?scope=instance").objects("handoffs").contains {
        $0.text("handoff_id") == "new"
      }
    }
    #expect(try sidecar.process.connect().get("/-/ready").object.text("status") == "degraded")
    try sidecar.database.cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
    try recovered(sidecar)
    let after = try Knowledge(sidecar)
    #expect(after.active == (before.active + ["new initiated 1"]).sorted())
    #expect(after.window["total"] == (before.window["total"] ?? 0) + 1)
    #expect(after.deadLetters == before.deadLetters)
    #expect(try sidecar.metric(#"handoff_sent_total{from_agent="a"}"#) == 1)
  }
}
