import Foundation
import Platform
import TestSupport
import Testing

@Suite struct FleetScopeTests {
  private let start = Int(Date().timeIntervalSince1970)

  private func initiate(_ id: String, to: String, ago: Int, _ more: String = "") -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","from_agent":"a","to_agent":"\#(to)","occurred_at":\#(start - ago)\#(more)}"#
  }

  private func tell(_ type: String, _ id: String, ago: Int, _ more: String = "") -> String {
    #"{"type":"handoff.\#(type)","handoff_id":"\#(id)","occurred_at":\#(start - ago)\#(more)}"#
  }

  /// What two sidecars of one fleet received.
  private func tellBoth(_ one: RunningSidecar, _ other: RunningSidecar) throws {
    try one.send(
      initiate("h1", to: "b", ago: 20, #","envelope":{"memory_refs":{"requested":20,"resolved":19}}"#),
      initiate("h2", to: "b", ago: 19), initiate("h3", to: "c", ago: 18), initiate("open", to: "c", ago: 300),
      #"{"type":"agent.health","agent":"b","occurred_at":\#(start - 30),"health":{"status":"healthy","issues":[]}}"#,
      #"{"type":"agent.health","agent":"b","occurred_at":\#(start - 15),"health":{"status":"slow","response_ms":1500}}"#
    )
    try other.send(
      tell("acknowledged", "h1", ago: 18), tell("completed", "h1", ago: 10),
      tell("acknowledged", "h2", ago: 15),
      tell("failed", "h3", ago: 8),
      tell(
        "validated", "h2", ago: 9,
        #","validation":{"valid":false,"results":[{"rule":"x","passed":false},{"rule":"y","passed":true},{"rule":"z","passed":false}]}"#
      ), tell("validated", "h1", ago: 9, #","validation":{"valid":false}"#))
    _ = try one.handoff("h2", events: 3)
    _ = try one.handoff("h3", events: 2)
    _ = try one.handoff("open")
  }

  @Test func `the fleet's figures hold what all sidecars received, and say so`() throws {
    let one = try RunningSidecar()
    let other = try RunningSidecar(database: one.database)
    try tellBoth(one, other)
    for sidecar in [one, other] {
      let summary = try sidecar.get("/v1/summary?window=1h")
      #expect(summary.text("scope") == "fleet")
      #expect(summary.text("window") == "1h")
      let handoffs = summary.object("handoffs")
      #expect(["total", "delivered", "exhausted", "completed"].map { handoffs.number($0) } == [4, 2, 1, 1])
      #expect(handoffs.number("success_rate") == 2.0 / 3)
      let latency = summary.object("ack_latency_seconds")
      #expect([latency.number("count"), latency.number("min"), latency.number("max")] == [2, 2, 4])
      #expect(latency.number("average") == 3)
      #expect(summary.object("duration_seconds").number("max") == 10)
      #expect(summary.number("completeness") == 0.95)
      #expect(summary.number("validation_errors") == 3)
      #expect(summary.object("hops").number("max") == 1)
      #expect(summary.object("agents").object("b").number("delivered") == 2)
      #expect(summary.text("as_of") != nil)
      let active = try sidecar.get("/v1/active")
      #expect(active.objects("handoffs").map { $0.text("handoff_id") } == ["open", "h2"])
      #expect(active.objects("handoffs").first?["overdue"] as? Bool == true)
      #expect((active.objects("handoffs").first?.number("age_seconds") ?? 0) >= 300)
      #expect(active.number("total") == 2)
      let agents = try sidecar.get("/v1/agents").objects("agents")
      #expect(agents.map { $0.text("agent") } == ["a", "b", "c"])
      #expect(agents.map { $0.number("sent") } == [4, 0, 0])
      #expect(agents.map { $0.number("received") } == [0, 2, 0])
      #expect(agents.map { $0.number("failures") } == [0, 0, 1])
      #expect(agents.map { $0.number("active") } == [0, 1, 1])
      let agent = try sidecar.get("/v1/agents/b")
      #expect(agent.text("scope") == "fleet")
      #expect(agent.number("total_seconds") == 10)
      #expect(agent.text("as_of") != nil)
      let health = try sidecar.get("/v1/agents/b/health?limit=1")
      #expect(health.objects("reports").first?.object("health").text("status") == "slow")
      let next = try #require(health.text("next_cursor"))
      let last = try sidecar.get("/v1/agents/b/health?cursor=\(next)")
      #expect(last.objects("reports").map { $0.object("health").text("status") } == ["healthy"])
      #expect(last["next_cursor"] is NSNull)
    }
    // What only the order of receipt tells comes from the sidecar that is asked.
    #expect(try one.get("/v1/agents/b?scope=instance").text("as_of") != nil)
    #expect(try one.get("/v1/agents/b").text("health") == "slow")
    #expect(try other.get("/v1/agents/b").text("health") == "unknown")
    #expect(try one.get("/v1/summary?scope=instance").object("handoffs").number("total") == 3)
    #expect(try other.get("/v1/summary?scope=instance").object("handoffs").number("total") == 0)
  }

  @Test func `pages of open handoffs leave none out`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send((0..<25).map { initiate("h\($0)", to: "b", ago: 200 - $0) }.joined(separator: "\n"))
    _ = try sidecar.handoff("h24")
    var ids: [String] = []
    var target = "/v1/active?limit=4"
    while true {
      let page = try sidecar.get(target)
      ids += page.objects("handoffs").compactMap { $0.text("handoff_id") }
      guard let cursor = page.text("next_cursor") else { break }
      target = "/v1/active?limit=4&cursor=\(cursor)"
    }
    #expect(ids == (0..<25).map { "h\($0)" })
  }

  @Test func `with the database away, memory answers what it can, and says that it is memory`() throws {
    let sidecar = try RunningSidecar()
    try tellBoth(sidecar, sidecar)
    let name = sidecar.database.name
    try sidecar.database.cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
    try sidecar.database.cluster.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
    for target in ["/v1/summary?window=30m", "/v1/active", "/v1/agents", "/v1/agents/b"] {
      #expect(try sidecar.get(target).text("scope") == "instance", "\(target)")
    }
    let summary = try sidecar.get("/v1/summary").object("handoffs")
    #expect(summary.number("delivered") == 2)
    for target in ["/v1/summary?window=1h", "/v1/agents/b/health"] {
      let answer = try sidecar.process.connect().get(target)
      #expect(answer.status == 503)
      #expect(answer["retry-after"] != nil)
    }
    #expect(try sidecar.get("/v1/agents/b/readiness")["ready"] as? Bool == true)
  }

  @Test(arguments: [
    ("/v1/summary?window=91d", 400), ("/v1/summary?window=1h&scope=instance", 400),
    ("/v1/summary?window=1s", 400),
    ("/v1/summary?scope=world", 400), ("/v1/active?cursor=abc", 400), ("/v1/active?limit=0", 400),
    ("/v1/agents?limit=100000", 400), ("/v1/agents/nobody", 404), ("/v1/agents/nobody?scope=instance", 404),
    ("/v1/agents/nobody/health", 200), ("/v1/agents/b/health?cursor=x", 400),
    ("/v1/agents/b/readiness?x=1", 400), ("/v1/agents/%00", 400), ("/v1/agents?window=1h", 200),
  ]) func `what cannot be asked is refused with its reason`(target: String, status: Int) throws {
    let answer = try Shared.sidecar().process.connect().get(target)
    #expect(answer.status == status, "\(answer.text)")
  }
}
