import Alerts
import Analytics
import Model
import Testing

/// Rules that choose among handoffs by a condition.
struct ConditionTests {
  private func faults(_ condition: String, signal: String = "failure.event") -> [String] {
    let text = "rules: [{alert: A, signal: \(signal), where: \(condition)}]"
    guard case .failure(let faults) = RulesReader.read(Array(text.utf8)) else { return [] }
    return faults.faults.map(\.description)
  }

  private func stage(_ text: String) throws -> Stage {
    Stage(try RulesReader.read(Array(text.utf8)).get())
  }

  @Test func `a fault of a condition stands where it is, and says what would be right`() {
    #expect(
      faults("{field: knd, operator: equal, value: x}") == [
        #"1:58: there is no field "knd"; did you mean kind?"#,
        #"1:73: there is no operator "equal"; did you mean equals?"#,
      ])
    #expect(
      faults(#"{and: [{field: hop, operator: regex, value: "1"}, {field: hop, operator: in, value: 3}]}"#)
        == [
          "1:80: hop is a number, which regex does not compare; take equals, greaterThan, lessThan, in",
          "1:134: in takes a list of values, such as [a, b]",
        ])
    #expect(
      faults("{field: kind, operator: equals, value: cold}", signal: "circuit.open") == [
        """
        1:42: circuit.open counts no single handoffs, so where has none to choose among; leave where out; it goes with \
        signals of failures, envelopes, times and depths
        """
      ])
  }

  @Test(arguments: [
    ("x", "must be a mapping"), ("{}", "has no field"), ("{field: kind, value: x}", "has no operator"),
    ("{field: kind, operator: equals}", "has no value"),
    ("{field: kind, operator: equals, value: [x]}", "a single text"),
    ("{field: hop, operator: equals, value: x}", "is a number"),
    ("{field: hop, operator: equals, value: \"1\"}", "is a number"),
    ("{field: kind, operator: greaterThan, value: x}", "take equals, contains, in, regex"),
    ("{field: kind, operator: regex, value: \"(?i)x\"}", "rules know characters"),
    ("{or: []}", "must be a list of conditions"),
    ("{and: [{field: hop, operator: equals, value: 1}], or: [x]}", "or does not go with and"),
    (
      "{field: hop, operator: in, value: [\(Array(repeating: "1", count: 65).joined(separator: ","))]}",
      "at most 64"
    ),
    (
      String(repeating: "{or: [", count: 8) + "{field: hop, operator: equals, value: 1}"
        + String(repeating: "]}", count: 8), "at most 8 deep"
    ),
  ])
  func `what is no condition is a fault`(condition: String, says: String) {
    let faults = faults(condition)
    #expect(faults.contains { $0.contains(says) }, "\(faults)")
  }

  @Test(arguments: Signal.allCases)
  func `what counts single handoffs takes a condition, and nothing else does`(signal: Signal) {
    let text = """
      rules: [{alert: A, signal: \(signal.rawValue), above: 1, where: {field: hop, operator: equals, value: 1}}]
      """
    let others: Set<Signal> = [
      .failureConsecutive, .circuitOpen, .activeCount, .activeOverdue, .agentUnhealthy, .agentSilent,
      .deadLettersPending, .deadLettersOldestAge, .eventsRefusedCount, .storeLag, .spoolFill,
    ]
    let set = try? RulesReader.read(Array(text.utf8)).get()
    #expect((set == nil) == others.contains(signal))
    #expect(set.map { $0.rules[0].scope == .instance } ?? true)
  }

  @Test func `all rules share a number of conditions and tests`() throws {
    func rules(_ count: Int, _ tests: Int) -> [RuleFault] {
      let text =
        "rules:\n"
        + (0..<count).map { number in
          let parts = (0..<tests).map { "{field: hop, operator: equals, value: \(number * 100 + $0)}" }
          return
            "  - {alert: A\(number), signal: failure.event, where: {or: [\(parts.joined(separator: ", "))]}}\n"
        }.joined()
      guard case .failure(let faults) = RulesReader.read(Array(text.utf8)) else { return [] }
      return faults.faults
    }
    #expect(rules(16, 4).isEmpty)
    #expect(rules(17, 1).map(\.line) == [18])
    #expect(rules(5, 13).map(\.line) == [6])
  }

  @Test func `a rule with a condition judges the handoffs of which it holds`() throws {
    var stage = try stage(
      """
      rules:
        - {alert: Cold, signal: failure.ratio, by: [], above: 0.4, where: {field: kind, operator: equals, value: cold},
           annotations: {summary: "{{value.percent}} of {{handoffs}}"}}
        - {alert: Slow, signal: latency.p99, by: [to_agent], above: 5, where: {field: reason, operator: in, value: [x, y]}}
        - {alert: Lossy, signal: completeness.ratio, by: [from_agent], below: 0.5, where: {field: hop, operator: greaterThan, value: 1}}
        - {alert: Never, signal: failure.count, above: 0, where: {field: kind, operator: contains, value: old.}}
      """)
    for number in 0..<4 {
      stage.tell(.initiated, "c\(number)", .from("a"), .to("b"), .kind("cold"))
      stage.tell(number < 2 ? .failed : .acknowledged, "c\(number)")
      // Most of all handoffs are well.
      stage.tell(.initiated, "w\(number)", .from("a"), .to("b"), .kind("warm"), .references(10, 1), .hop(1))
      stage.tell(.acknowledged, "w\(number)")
    }
    stage.tell(.initiated, "s", at: 1, .from("a"), .to("slow"), .reason("y"))
    stage.tell(.initiated, "q", .from("a"), .to("quick"), .reason("z"))
    stage.tell(.initiated, "l", .from("d"), .to("b"), .references(10, 4), .hop(2))
    for id in ["s", "q"] { stage.tell(.acknowledged, id, at: 9) }
    stage.judge()
    #expect(stage.firing == ["Cold", "Slow", "Lossy"])
    let alerts = stage.evaluator.alerts
    #expect(alerts.first { $0.name == "Cold" }?.annotations["summary"]?.hasSuffix(" of 4") == true)
    #expect(alerts.filter { $0.name == "Slow" }.map { $0.labels["to_agent"] } == ["slow"])
    #expect(alerts.filter { $0.name == "Lossy" }.map { $0.labels["from_agent"] } == ["d"])
    #expect(stage.evaluator.values["Cold"] == 0.5)
    stage.pass(until: 400)
    #expect(stage.firing.isEmpty)
  }

  @Test func `what happens is judged with what its own event has told`() throws {
    var stage = try stage(
      """
      rules:
        - alert: LastTry
          signal: failure.event
          by: [to_agent]
          keep_firing_for: 5m
          where:
            and:
              - {field: attempts, operator: greaterThan, value: 1}
              - {field: error_type, operator: regex, value: "^time"}
              - or: [{field: state, operator: equals, value: failed}, {field: state, operator: equals, value: parked}]
      """)
    stage.tell(.initiated, "once", .from("a"), .to("b"))
    stage.tell(.failed, "once", .error("timeout"))
    stage.tell(.initiated, "other", .from("a"), .to("b"))
    stage.tell(.failed, "other", .attempt(3), .error("refused"))
    #expect(stage.judge().isEmpty)
    stage.tell(.initiated, "twice", .from("a"), .to("c"))
    stage.tell(.attemptFailed, "twice", .attempt(1), .error("refused"))
    stage.tell(.failed, "twice", .attempt(2), .error("timeout"))
    stage.judge()
    let alerts = stage.evaluator.alerts
    #expect(alerts.map { $0.labels["to_agent"] } == ["c"] && alerts.map(\.events) == [["event-7"]])
  }

  @Test func `new rules go on with the answers and windows of the conditions that stay`() throws {
    let first =
      "{alert: A, signal: failure.count, by: [], above: 1, where: {field: kind, operator: equals, value: cold}}"
    let second =
      "{alert: B, signal: failure.count, by: [], above: 0, where: {field: hop, operator: lessThan, value: 9}}"
    var stage = try stage("rules: [\(first)]")
    stage.tell(.initiated, "h1", .from("a"), .to("b"), .kind("cold"), .hop(1))
    stage.tell(.failed, "h1")
    stage.tell(.initiated, "h2", .from("a"), .to("b"), .kind("cold"), .hop(1))
    stage.judge()
    #expect(stage.firing.isEmpty)
    let rules = try RulesReader.read(Array("rules: [\(second), \(first)]".utf8)).get()
    stage.analytics.keepWindows(as: rules.windows(in: stage.analytics.settings))
    _ = stage.evaluator.replace(rules, at: at(0))
    stage.tell(.failed, "h2")
    stage.judge()
    #expect(stage.firing == ["A"])
  }

  @Test func `a replay selects as live judgement does`() throws {
    let rules = try RulesReader.read(
      Array(
        "rules: [{alert: A, signal: failure.event, by: [to_agent], where: {field: kind, operator: equals, value: cold}}]"
          .utf8)
    ).get()
    var stage = Stage(rules)
    for (kind, to) in [("warm", "b"), ("cold", "c")] {
      stage.tell(.initiated, kind, at: 1, .from("a"), .to(to), .kind(kind))
      stage.tell(.failed, kind, at: 2)
    }
    var replay = Replay(rules, AnalyticsSettings(), from: at(0), listingSince: at(0))
    for frame in stage.frames { replay.take(frame, receivedAt: frame.occurredAt) }
    replay.finish(at: at(10))
    #expect(replay.episodes.map { $0.labels["to_agent"] } == ["c"])
  }
}
