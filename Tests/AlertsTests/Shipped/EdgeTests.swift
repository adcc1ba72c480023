import Alerts
import Model
import Testing

/// One step to each side of a rule's edge.
struct Edge: CustomTestStringConvertible, Sendable {
  var rule: String
  var says: String
  /// What happens.
  var story: @Sendable (inout Stage) -> Void
  /// Whether the alert fires then.
  var fires: Bool
  /// What has to happen for it to resolve, if it fired.
  var ends: @Sendable (inout Stage) -> Void = { $0.pass(until: $0.now + 700) }

  var testDescription: String { "\(rule): \(says)" }
}

/// Each shipped rule fires where it should, does not a step before, and resolves.
struct EdgeTests {
  @Test(arguments: agents + windows + states + own)
  func `a shipped rule fires at its edge and not before, and resolves`(edge: Edge) {
    var stage = Stage()
    edge.story(&stage)
    stage.judge()
    #expect(stage.firing.contains(edge.rule) == edge.fires, "fires: \(stage.firing)")
    guard edge.fires else { return }
    edge.ends(&stage)
    stage.judge()
    #expect(!stage.firing.contains(edge.rule), "it still fires: \(stage.evaluator.alerts)")
    #expect(stage.story(of: edge.rule).filter { $0 == .firing }.count == 1)
    #expect(stage.story(of: edge.rule).last == .resolved)
  }

  @Test func `no shipped rule is without a test`() {
    let tested = Set((Self.agents + Self.windows + Self.states + Self.own).map(\.rule))
    #expect(tested == Set(RuleSet.builtIn.rules.map(\.name)))
  }
}

extension EdgeTests {
  static let agents: [Edge] = [
    Edge(rule: "HandoffFailed", says: "no failure", story: { $0.deliver(3) }, fires: false),
    Edge(
      rule: "HandoffFailed", says: "one failure", story: { $0.fail(1) }, fires: true,
      ends: { $0.pass(until: $0.now + 301) }),
    Edge(rule: "HandoffConsecutiveFailures", says: "the 2nd failure", story: { $0.fail(2) }, fires: false),
    Edge(
      rule: "HandoffConsecutiveFailures", says: "the 3rd failure", story: { $0.fail(3) }, fires: true,
      ends: { $0.deliver(1) }),
    Edge(
      rule: "HandoffConsecutiveFailures", says: "3 failures of one handoff",
      story: { stage in
        stage.tell(.initiated, "h", .from("a"), .to("b"))
        for attempt in 1...3 { stage.tell(.attemptFailed, "h", .attempt(attempt), .error("timeout")) }
      }, fires: false),
    Edge(
      rule: "HandoffConsecutiveFailures", says: "a delivery between failures",
      story: {
        $0.fail(2)
        $0.deliver(1)
        $0.fail(2)
      }, fires: false),
    Edge(rule: "HandoffCircuitOpen", says: "2 exhausted in a row", story: { $0.fail(2) }, fires: false),
    Edge(
      rule: "HandoffCircuitOpen", says: "3 exhausted in a row", story: { $0.fail(3) }, fires: true,
      ends: { stage in
        stage.pass(until: stage.now + 61)
        stage.deliver(1)
      }),
    Edge(
      rule: "HandoffCircuitOpen", says: "reported by a breaker",
      story: { $0.tell(.circuitOpened, nil, .agent("b")) }, fires: true,
      ends: { $0.tell(.circuitClosed, nil, .agent("b")) }),
    Edge(
      rule: "HandoffOverdue", says: "acknowledged after 29.9 s",
      story: { stage in
        stage.deliver(1, after: 29.9)
        stage.pass(until: 60)
      }, fires: false),
    Edge(
      rule: "HandoffOverdue", says: "acknowledged after 30.1 s, looked at before",
      story: { stage in
        stage.tell(.initiated, "h", .from("a"), .to("b"))
        stage.pass(until: 30.05)
      }, fires: true, ends: { $0.tell(.acknowledged, "h", at: 30.1) }),
    Edge(
      rule: "AgentUnhealthy", says: "slow",
      story: { $0.tell(.agentHealth, nil, .agent("b"), body: #"{"health": {"status": "slow"}}"#) },
      fires: false),
    Edge(
      rule: "AgentUnhealthy", says: "degraded",
      story: { $0.tell(.agentHealth, nil, .agent("b"), body: #"{"health": {"status": "degraded"}}"#) },
      fires: true,
      ends: { $0.tell(.agentHealth, nil, at: 5, .agent("b"), body: #"{"health": {"status": "healthy"}}"#) }),
  ]

  static let windows: [Edge] = completeness + failureRates + depths + latencies + budgets + happenings

  /// So many handoffs with so many references of which so many are found, for some seconds.
  private static func completeness(
    _ rule: String, _ count: Int, requested: Int, resolved: Int, seconds: Double = 40, fires: Bool = false
  ) -> Edge {
    Edge(
      rule: rule, says: "\(count) handoffs, \(resolved) of \(requested) for \(seconds) s",
      story: {
        $0.refer(count, requested: requested, resolved: resolved)
        $0.pass(until: seconds)
      }, fires: fires,
      ends: {
        $0.refer(2000, requested: 10_000, resolved: 10_000)
        $0.pass(until: 200)
      })
  }

  private static let completeness = [
    completeness("ContextCompletenessCritical", 20, requested: 100, resolved: 80),
    completeness("ContextCompletenessCritical", 20, requested: 10_000, resolved: 7999, fires: true),
    completeness("ContextCompletenessCritical", 19, requested: 10, resolved: 5),
    completeness("ContextCompletenessCritical", 20, requested: 10, resolved: 5, seconds: 29),
    completeness("ContextCompletenessLow", 20, requested: 100, resolved: 95),
    completeness("ContextCompletenessLow", 20, requested: 10_000, resolved: 9499, fires: true),
  ]

  /// So many failures of so many handoffs.
  private static func failures(_ rule: String, _ failures: Int, of count: Int, fires: Bool = false) -> Edge {
    Edge(
      rule: rule, says: "\(failures) of \(count)",
      story: {
        $0.deliver(count - failures)
        $0.fail(failures)
      }, fires: fires, ends: { $0.pass(until: $0.now + 1000) })
  }

  private static let failureRates = [
    failures("HandoffFailureRateSystemic", 5, of: 250),
    failures("HandoffFailureRateSystemic", 5, of: 249, fires: true),
    failures("HandoffFailureRateSystemic", 5, of: 19),
    failures("HandoffFailureRateSystemic", 5, of: 20, fires: true),
    failures("HandoffFailureRateSystemic", 4, of: 20),
    failures("HandoffFailureRateHigh", 5, of: 1000),
    failures("HandoffFailureRateHigh", 5, of: 999, fires: true),
  ]

  /// A handoff that deep.
  private static func hops(_ rule: String, _ depth: Int, fires: Bool = false) -> Edge {
    Edge(
      rule: rule, says: "\(depth) hops",
      story: { $0.tell(.initiated, "h", .from("a"), .to("b"), .hop(depth)) }, fires: fires)
  }

  private static let depths = [
    hops("HandoffHopLimit", 12), hops("HandoffHopLimit", 13, fires: true),
    hops("HopDepthHigh", 8), hops("HopDepthHigh", 9, fires: true),
    Edge(rule: "HandoffLoop", says: "the same edge twice", story: { $0.travel(2) }, fires: false),
    Edge(rule: "HandoffLoop", says: "the same edge a third time", story: { $0.travel(3) }, fires: true),
  ]

  /// So many handoffs that are acknowledged after so many seconds.
  private static func latency(_ count: Int, _ seconds: Double, fires: Bool = false) -> Edge {
    Edge(
      rule: "HandoffAckLatencyHigh", says: "\(count) of \(seconds) s",
      story: { $0.deliver(count, after: seconds) }, fires: fires)
  }

  private static let latencies = [latency(49, 11), latency(50, 9.8), latency(50, 10.3, fires: true)]

  /// So many handoffs that use so many tokens of ten thousand.
  private static func tokens(_ rule: String, _ count: Int, used: Int, fires: Bool = false) -> Edge {
    Edge(
      rule: rule, says: "\(count) handoffs, \(used) of 10000", story: { $0.spend(count, used: used) },
      fires: fires, ends: { $0.spend(count, used: 5000) })
  }

  private static let budgets = [
    tokens("TokenBudgetExhausted", 50, used: 9899),
    tokens("TokenBudgetExhausted", 50, used: 9900, fires: true),
    tokens("TokenBudgetExhausted", 49, used: 9999), tokens("TokenBudgetIdle", 50, used: 2500),
    tokens("TokenBudgetIdle", 50, used: 2499, fires: true),
  ]

  private static let happenings: [Edge] = [
    Edge(
      rule: "RollbackFailed", says: "a rollback that went well",
      story: { $0.rollBack(#"{"steps": [{"action": "undo", "status": "done"}]}"#) }, fires: false),
    Edge(
      rule: "RollbackFailed", says: "a step that failed",
      story: { $0.rollBack(#"{"steps": [{"action": "undo", "status": "failed"}]}"#) }, fires: true),
    Edge(
      rule: "ChecksumMismatch", says: "another error", story: { $0.fail(1) }, fires: false),
    Edge(
      rule: "ChecksumMismatch", says: "a checksum that does not match",
      story: { stage in
        stage.tell(.initiated, "h", .from("a"), .to("b"))
        stage.tell(.failed, "h", .error("checksum_mismatch"))
      }, fires: true),
    Edge(
      rule: "ConstraintsLost", says: "more constraints than before",
      story: { $0.bind(["x", "y"], then: ["y", "z", "x"]) }, fires: false),
    Edge(
      rule: "ConstraintsLost", says: "one of two is gone", story: { $0.bind(["x", "y"], then: ["y", "z"]) },
      fires: true),
    Edge(
      rule: "DeadlineMissed", says: "ended when it was over", story: { $0.end(within: 100) }, fires: false),
    Edge(rule: "DeadlineMissed", says: "ended a second later", story: { $0.end(within: 101) }, fires: true),
    Edge(rule: "EscalationDeep", says: "5 deep", story: { $0.escalate(5) }, fires: false),
    Edge(rule: "EscalationDeep", says: "6 deep", story: { $0.escalate(6) }, fires: true),
  ]

  static let states: [Edge] = [
    Edge(
      rule: "DeadLettersPending", says: "for 4 minutes 59",
      story: {
        $0.park()
        $0.pass(until: 299)
      }, fires: false),
    Edge(
      rule: "DeadLettersPending", says: "for 5 minutes",
      story: {
        $0.park()
        $0.pass(until: 302)
      }, fires: true,
      ends: { $0.tell(.resolved, "parked") }),
    Edge(
      rule: "DeadLetterOld", says: "an hour old",
      story: {
        $0.park()
        $0.judge(at: 3600)
      }, fires: false),
    Edge(
      rule: "DeadLetterOld", says: "over an hour old",
      story: {
        $0.park()
        $0.judge(at: 3601)
      }, fires: true,
      ends: { $0.tell(.resolved, "parked") }),
  ]

  static let own: [Edge] = [
    Edge(
      rule: "HandoffdStoreLagging", says: "5 minutes", story: { $0.own.storeLag = .seconds(300) },
      fires: false),
    Edge(
      rule: "HandoffdStoreLagging", says: "over 5 minutes",
      story: { $0.own.storeLag = .milliseconds(300_001) },
      fires: true, ends: { $0.own.storeLag = .zero }),
    Edge(rule: "HandoffdSpoolFilling", says: "80 %", story: { $0.own.spoolFill = 0.8 }, fires: false),
    Edge(
      rule: "HandoffdSpoolFilling", says: "81 %", story: { $0.own.spoolFill = 0.81 }, fires: true,
      ends: { $0.own.spoolFill = 0.5 }),
  ]
}

extension Stage {
  /// A task that goes from `a` to `b` so many times, and back in between.
  fileprivate mutating func travel(_ times: Int) {
    for time in 1...times {
      tell(.initiated, "there-\(time)", .from("a"), .to("b"), .task("t"))
      tell(.acknowledged, "there-\(time)")
      if time == times { return }
      tell(.initiated, "back-\(time)", .from("b"), .to("c\(time)"), .task("t"))
      tell(.acknowledged, "back-\(time)")
    }
  }

  fileprivate mutating func rollBack(_ report: String) {
    tell(.initiated, "h", .from("a"), .to("b"))
    tell(.rolledBack, "h", .rollback(report))
  }

  /// A handoff under some constraints, and the next of its task under others.
  fileprivate mutating func bind(_ first: [String], then second: [String]) {
    tell(.initiated, "first", .from("a"), .to("b"), .task("t"), .constraints(first))
    tell(.acknowledged, "first")
    tell(.initiated, "second", .from("b"), .to("c"), .task("t"), .constraints(second))
  }

  /// A handoff that is to end within 100 seconds, and ends after so many.
  fileprivate mutating func end(within seconds: Double) {
    tell(.initiated, "h", at: 0, .from("a"), .to("b"), .deadline(at(100).text))
    tell(.acknowledged, "h", at: 1)
    tell(.completed, "h", at: seconds)
  }

  fileprivate mutating func escalate(_ depth: Int) {
    tell(.initiated, "h", .from("a"), .to("b"), .task("t"))
    tell(.escalated, "h", .escalation(depth))
  }

  fileprivate mutating func park() {
    tell(.initiated, "parked", .from("a"), .to("b"))
    tell(.parked, "parked")
  }
}
