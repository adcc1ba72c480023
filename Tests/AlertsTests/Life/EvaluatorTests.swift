import Alerts
import Analytics
import Model
import Testing

/// What rules do together, and over time.
struct EvaluatorTests {
  private func rules(_ text: String) throws -> RuleSet { try RulesReader.read(Array(text.utf8)).get() }

  @Test func `the cause and the hint stand in the alert, with the events`() throws {
    var stage = Stage()
    stage.tell(.initiated, "h1", .from("a"), .to("coder"))
    stage.tell(.failed, "h1", .error("timeout", "no answer within 30 s", hint: "check types.ts"))
    stage.judge()
    let alert = try #require(stage.evaluator.alerts.first { $0.name == "HandoffFailed" })
    #expect(alert.annotations["description"] == "h1: timeout no answer within 30 s check types.ts")
    #expect(alert.annotations["summary"] == "A handoff to coder failed")
    #expect(alert.events == ["event-2"])
    #expect(alert.labels == ["alertname": "HandoffFailed", "severity": "info", "to_agent": "coder"])
  }

  @Test func `an alert about lost constraints names the handoff that came without them`() throws {
    var stage = Stage()
    stage.tell(.initiated, "h1", .from("a"), .to("b"), .task("t"), .constraints(["x", "y"]))
    stage.tell(.acknowledged, "h1")
    stage.tell(.initiated, "h2", .from("b"), .to("c"), .task("t"), .constraints(["y"]))
    stage.judge()
    let alert = try #require(stage.evaluator.alerts.first { $0.name == "ConstraintsLost" })
    #expect(alert.labels["to_agent"] == "c" && alert.events == ["event-3"] && alert.value == 1)
    #expect(alert.annotations["description"]?.hasSuffix("before. h2") == true)
  }

  @Test func `values that nobody knows leave no gap`() throws {
    var stage = Stage()
    stage.tell(.circuitOpened, nil, .agent("coder"))
    stage.judge()
    let alert = try #require(stage.evaluator.alerts.first { $0.name == "HandoffCircuitOpen" })
    #expect(alert.annotations["description"] == "Nothing is sent to coder.")
  }

  @Test func `an open circuit inhibits the failures in a row of the same target alone`() {
    var stage = Stage()
    stage.fail(3, to: "b")
    for number in 1...3 {
      stage.tell(.initiated, "c\(number)", .from("a"), .to("c"))
      stage.tell(.attemptFailed, "c\(number)", .error("timeout"))
    }
    let transitions = stage.judge()
    let rows = transitions.filter { $0.alert.name == "HandoffConsecutiveFailures" }.map(\.alert)
    #expect(rows.count == 2)
    for alert in rows {
      let expected = alert.labels["to_agent"] == "b" ? "HandoffCircuitOpen" : nil
      #expect(alert.inhibitedBy == expected)
    }
  }

  @Test func `a circuit that opened and closed between two looks fired and resolved`() {
    var stage = Stage()
    stage.judge(at: 1)
    stage.tell(.circuitOpened, nil, at: 1.2, .agent("b"))
    stage.tell(.circuitClosed, nil, at: 1.4, .agent("b"))
    stage.judge(at: 2)
    #expect(stage.story(of: "HandoffCircuitOpen") == [.firing, .resolved])
    #expect(stage.transitions.map(\.at) == [at(1.2), at(1.4)])
  }

  @Test func `an open circuit goes on firing while it is half-open`() {
    var stage = Stage()
    stage.fail(3)
    stage.pass(until: 62)
    #expect(stage.analytics.snapshot(at: at(62)).agent(named: "b")?.circuit == .halfOpen)
    #expect(stage.firing.contains("HandoffCircuitOpen"))
    stage.fail(1)
    stage.pass(until: 130)
    stage.deliver(1)
    stage.judge()
    #expect(stage.story(of: "HandoffCircuitOpen") == [.firing, .resolved])
  }

  @Test(arguments: [("keep", true), ("resolve", false)])
  func `without data a rule does as it says`(policy: String, fires: Bool) throws {
    var stage = Stage(
      try rules(
        "rules: [{alert: A, signal: completeness.ratio, below: 0.8, min_handoffs: 2, window: 1m, no_data: \(policy)}]"
      ))
    stage.refer(3, requested: 10, resolved: 1)
    stage.judge()
    #expect(stage.firing == ["A"])
    stage.pass(until: 120)
    #expect(stage.firing.contains("A") == fires)
  }

  @Test func `without data an alert can be what is wanted`() throws {
    var stage = Stage(
      try rules(
        "rules: [{alert: A, signal: failure.ratio, above: 0.5, window: 1m, no_data: alert, for: 10s}]"))
    stage.pass(until: 15)
    #expect(stage.firing == ["A"])
    stage.deliver(1)
    stage.judge()
    #expect(stage.firing.isEmpty)
  }

  @Test(arguments: [("to_agent", 2), ("from_agent", 1), ("reason", 1)])
  func `one alert for each group`(by: String, count: Int) throws {
    var stage = Stage(
      try rules("rules: [{alert: A, signal: failure.count, by: [\(by)], above: 0}]"))
    for (handoff, target) in [("h1", "b"), ("h2", "c")] {
      stage.tell(.initiated, handoff, .from("a"), .to(target), .reason("recovery"))
      stage.tell(.failed, handoff, .error("timeout"))
    }
    stage.judge()
    #expect(stage.evaluator.alerts.count == count)
    #expect(stage.evaluator.alerts.allSatisfy { $0.labels[by] != nil })
  }

  @Test func `a pair is told apart by both`() throws {
    var stage = Stage(
      try rules("rules: [{alert: A, signal: failure.count, by: [from_agent, to_agent], above: 0}]"))
    stage.fail(1, to: "b")
    stage.judge()
    #expect(
      stage.evaluator.alerts.map(\.labels) == [
        ["alertname": "A", "severity": "warning", "from_agent": "a", "to_agent": "b"]
      ])
  }

  @Test func `refused events are counted in their window`() throws {
    var stage = Stage(
      try rules("rules: [{alert: A, signal: events.refused.count, at_least: 10, window: 1m}]"))
    stage.own.refusedEvents = 100
    stage.pass(until: 10)
    #expect(stage.firing.isEmpty)
    stage.own.refusedEvents = 109
    stage.pass(until: 20)
    #expect(stage.firing.isEmpty)
    stage.own.refusedEvents = 110
    stage.pass(until: 30)
    #expect(stage.firing == ["A"])
    stage.pass(until: 100)
    #expect(stage.firing.isEmpty)
  }

  @Test func `what is not ours to judge stays as it is`() {
    var stage = Stage()
    stage.refer(20, requested: 10, resolved: 1)
    stage.fail(3)
    for second in 1...40 {
      stage.analytics.advance(to: at(Double(second)))
      _ = stage.evaluator.evaluate(
        stage.analytics.snapshot(at: at(Double(second))), stage.analytics.takeOccurrences(),
        judgesFleet: false)
    }
    #expect(stage.firing.contains("HandoffCircuitOpen"))
    #expect(!stage.firing.contains("ContextCompletenessCritical"))
  }

  @Test func `what was stored as firing goes on, does not fire again, and resolves if it has ended`() throws {
    var before = Stage()
    before.fail(3, to: "b")
    before.tell(.circuitOpened, nil, .agent("c"))
    before.judge()
    let stored = before.evaluator.alerts.filter { $0.name == "HandoffCircuitOpen" }
    #expect(stored.count == 2)

    var after = Stage()
    after.fail(3, to: "b")
    after.tell(.circuitClosed, nil, .agent("c"))
    _ = after.analytics.takeOccurrences()
    after.evaluator.restore(stored)
    after.judge(at: 10)
    let story = after.transitions.filter { $0.alert.name == "HandoffCircuitOpen" }
    #expect(story.map(\.alert.state) == [.resolved])
    #expect(story.first?.alert.labels["to_agent"] == "c")
    #expect(after.firing.contains("HandoffCircuitOpen"))
  }

  @Test func `what was judged before is not judged again when the log is read anew`() {
    func tell(_ stage: inout Stage) {
      stage.tell(.circuitOpened, nil, at: 1, .agent("b"))
      stage.tell(.circuitClosed, nil, at: 1.1, .agent("b"))
      stage.tell(.circuitOpened, nil, at: 1.2, .agent("b"))
    }
    var before = Stage()
    tell(&before)
    before.judge(at: 2)
    #expect(before.story(of: "HandoffCircuitOpen") == [.firing, .resolved, .firing])
    let changes = before.transitions.map { ($0.alert.fingerprint, $0.at) }

    var after = Stage()
    after.evaluator.restore(before.evaluator.alerts, changes: Dictionary(changes) { $1 })
    tell(&after)
    after.judge(at: 2.5)
    #expect(after.transitions.isEmpty)
    #expect(after.firing == ["HandoffCircuitOpen"])
    after.tell(.circuitClosed, nil, at: 3, .agent("b"))
    after.judge(at: 3)
    #expect(after.story(of: "HandoffCircuitOpen") == [.resolved])
  }

  @Test func `until the past is known, what fired before goes on, and what began since resolves`() throws {
    var before = Stage()
    before.tell(.circuitOpened, nil, .agent("b"))
    before.judge()
    let stored = before.evaluator.alerts
    var after = Stage()
    after.evaluator.restore(stored)
    after.tell(.circuitOpened, nil, at: 1, .agent("c"))
    after.tell(.circuitClosed, nil, at: 2, .agent("c"))
    let occurrences = after.analytics.takeOccurrences()
    let early = after.evaluator.evaluate(after.analytics.snapshot(at: at(3)), occurrences, knowsPast: false)
    #expect(early.map(\.alert.state) == [.firing, .resolved])
    #expect(early.allSatisfy { $0.alert.labels["to_agent"] == "c" })
    let late = after.evaluator.evaluate(after.analytics.snapshot(at: at(4)))
    #expect(late.map(\.alert.state) == [.resolved])
    #expect(late.first?.alert.labels["to_agent"] == "b")
  }

  @Test func `new rules keep what fires by unchanged ones and resolve the rest`() throws {
    var stage = Stage()
    stage.fail(3)
    stage.judge()
    let since = stage.evaluator.alerts.first { $0.name == "HandoffCircuitOpen" }?.since
    var kept = RuleSet.builtIn
    kept.rules.removeAll { $0.name == "HandoffFailed" }
    let transitions = stage.evaluator.replace(kept, at: at(5))
    #expect(transitions.map(\.alert.name) == ["HandoffFailed"])
    #expect(transitions.map(\.alert.state) == [.resolved])
    #expect(stage.evaluator.alerts.first { $0.name == "HandoffCircuitOpen" }?.since == since)
    #expect(stage.judge(at: 6).isEmpty)
  }

  @Test func `a storm of alerts is bounded and told in few notices`() throws {
    var set = try rules("receivers: [{name: r, webhook: {url: \"http://127.0.0.1:1/\"}}]")
    set.rules = RuleSet.builtIn.rules.filter { $0.name == "HandoffCircuitOpen" }
    var stage = Stage(set)
    for number in 0..<10_000 { stage.tell(.circuitOpened, nil, .agent("agent-\(number)")) }
    stage.judge()
    #expect(stage.evaluator.alerts.count == 10_000)
    var announcer = Announcer(set)
    let notices = announcer.decide(firing: stage.evaluator.alerts, resolved: [], at: at(1))
    #expect(notices.count == 100)
    #expect(notices.reduce(0) { $0 + $1.alerts.count } == 10_000)
    #expect(announcer.decide(firing: stage.evaluator.alerts, resolved: [], at: at(2)).isEmpty)
  }
}
