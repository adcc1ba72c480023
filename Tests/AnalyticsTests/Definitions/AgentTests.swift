import Analytics
import Model
import Testing

@Suite struct AgentTests {
  struct Report {
    var json: String
    var status: HealthStatus
    var issues: HealthIssues = []
  }

  static let reports: [Report] = [
    Report(json: #"{"status": "healthy"}"#, status: .healthy),
    Report(json: #"{"status": "HEALTHY", "memory_mb": 500}"#, status: .healthy),
    Report(json: #"{"memory_mb": 500.1}"#, status: .degraded, issues: .memory),
    Report(json: #"{"response_ms": 1000}"#, status: .healthy),
    Report(json: #"{"response_ms": 1001}"#, status: .slow, issues: .response),
    Report(json: #"{"queue_depth": 100}"#, status: .healthy),
    Report(json: #"{"queue_depth": 101}"#, status: .degraded, issues: .queue),
    Report(json: #"{"error_rate": 0.05}"#, status: .healthy),
    Report(json: #"{"error_rate": 0.06}"#, status: .degraded, issues: .errors),
    // The worst of all, whatever comes last; and all issues are kept.
    Report(
      json: #"{"memory_mb": 900, "response_ms": 5000}"#, status: .degraded, issues: [.memory, .response]),
    Report(json: #"{"status": "unhealthy", "response_ms": 5000}"#, status: .unhealthy, issues: .response),
    Report(json: #"{"status": "slow", "error_rate": 0.5}"#, status: .degraded, issues: .errors),
    Report(json: #"{"status": "fine"}"#, status: .healthy),
  ]

  @Test(arguments: reports.indices)
  func `health is the worst of what is said and what the thresholds say`(_ number: Int) {
    let report = Self.reports[number]
    var scene = Scene()
    scene.tell(
      .agentHealth, at: 0, .agent("b"), body: #"{"type": "agent.health", "health": \#(report.json)}"#)
    #expect(scene.agent("b")?.health == report.status)
    #expect(scene.agent("b")?.issues == report.issues)
  }

  @Test func `a report is shown as it was made`() {
    var scene = Scene()
    let body = #"""
      {"agent": "b", "health": {"memory_mb": 512, "response_ms": 250, "queue_depth": 3, "error_rate": 0.01,
        "issues": ["disk \"full\"", "caf\u00e9"]}}
      """#
    scene.tell(.agentHealth, at: 5, .agent("b"), body: body)
    let agent = scene.agent("b")
    #expect(agent?.memoryBytes == 512e6)
    #expect(agent?.responseSeconds == 0.25)
    #expect(agent?.queueLength == 3)
    #expect(agent?.errorRatio == 0.01)
    #expect(agent?.reportedIssues == ["disk \"full\"", "café"])
    #expect(agent?.healthAt == at(5))
    #expect(agent?.lastSeen == at(5))
  }

  @Test func `the report that was made last holds, whichever came last`() {
    var scene = Scene()
    scene.tell(.agentHealth, at: 10, occurred: 9, .agent("b"), body: #"{"health": {"status": "slow"}}"#)
    scene.tell(.agentHealth, at: 11, occurred: 5, .agent("b"), body: #"{"health": {"status": "unhealthy"}}"#)
    #expect(scene.agent("b")?.health == .slow)
  }

  @Test func `an agent is seen when it speaks, not when others speak of it`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 1, .from("a"), .to("b"))
    #expect(scene.agent("a")?.lastSeen == at(1))
    #expect(scene.agent("b")?.lastSeen == nil)
    scene.tell(.acknowledged, "h", at: 2)
    #expect(scene.agent("b")?.lastSeen == at(2))
    scene.tell(.failed, "h", at: 3)
    #expect(scene.agent("b")?.lastSeen == at(3))
    #expect(scene.agent("a")?.lastSeen == at(1))
    scene.tell(.conversationTurn, at: 4, .agent("a"), .conversation("c"))
    scene.tell(.taskCreated, at: 5, .agent("c"), .task("t"))
    #expect(scene.agent("a")?.lastSeen == at(4))
    #expect(scene.agent("c")?.lastSeen == at(5))
  }

  @Test func `an agent's own numbers add up`() {
    var scene = Scene()
    scene.deliver("h1", at: 0)
    scene.tell(.completed, "h1", at: 5)
    scene.deliver("h2", at: 10)
    scene.tell(.failed, "h2", at: 13)
    scene.exhaust("h3", at: 20)
    scene.deliver("h4", at: 30, from: "b", to: "a")
    let agent = scene.agent("b")
    #expect(agent?.sent == 1)
    #expect(agent?.received == 2)
    #expect(agent?.failures == 2)
    #expect(agent?.successRate == 1.0 / 3)
    #expect(agent?.totalSeconds == 9)
    #expect(agent?.active == 0)
  }

  @Test func `a broadcast shows how many of its receivers have acknowledged`() {
    var scene = Scene()
    for receiver in ["b", "c", "d"] {
      scene.tell(.initiated, "x/\(receiver)", at: 0, .from("a"), .to(receiver), .group("fan-7", of: 3))
    }
    scene.tell(.acknowledged, "x/b", at: 1)
    scene.tell(.acknowledged, "x/c", at: 2)
    scene.tell(.received, "x/c", at: 3)
    #expect(
      scene.snapshot.broadcasts == [
        Broadcast(groupID: "fan-7", fromAgent: "a", startedAt: at(0), receivers: 3, acknowledged: 2)
      ])
  }

  @Test func `a group told after the acknowledgement counts it all the same`() {
    var scene = Scene()
    scene.tell(.acknowledged, "x/b", at: 1, .to("b"))
    scene.tell(.initiated, "x/b", at: 2, occurred: 0, .from("a"), .to("b"), .group("g", of: 2))
    #expect(scene.snapshot.broadcasts.first?.acknowledged == 1)
    #expect(scene.snapshot.broadcasts.first?.receivers == 2)
  }
}
