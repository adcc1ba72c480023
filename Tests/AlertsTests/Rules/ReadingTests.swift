import Alerts
import Analytics
import Testing

/// What the reader makes of a file.
struct ReadingTests {
  private func faults(_ text: String) -> [String] {
    guard case .failure(let faults) = RulesReader.read(Array(text.utf8)) else { return [] }
    return faults.faults.map(\.description)
  }

  private func read(_ text: String) throws -> RuleSet { try RulesReader.read(Array(text.utf8)).get() }

  @Test func `all faults are told at once, each with its place and what was probably meant`() {
    let text = """
      defaults: {evaluate_evry: 1s}
      receivers:
        - name: oncall
          severities: [critcal]
          webhook: {url: "ftp://x", formt: slack}
      rules:
        - alert: A
          signal: completness.ratio
        - alert: B
          signal: failure.ratio
          above: 2%
          below: 1
          by: [to_agnt]
        - alert: B
          signal: circuit.open
          window: 5m
          inhibits: [Nobody]
          annotations: {summary: "{{to_agent}} {{eror.type}} {{"}
      """
    #expect(
      faults(text) == [
        #"1:12: there is no key "evaluate_evry"; did you mean evaluate_every?"#,
        #"4:18: there is no severity "critcal"; did you mean critical?"#,
        #"5:20: a URL begins with http:// or https://"#,
        #"5:31: there is no key "formt"; did you mean format?"#,
        #"8:13: there is no signal "completness.ratio"; did you mean completeness.ratio?"#,
        #"11:12: cannot use "2%" as above: it is not a number; write a share of 1, such as 0.8 for 80 %"#,
        "12:5: a rule has one bound; above is there already",
        #"13:10: there is no group "to_agnt"; did you mean to_agent?"#,
        "14:12: the alert B is there a second time",
        "16:5: circuit.open has no window; leave window out",
        #"17:15: there is no alert "Nobody"; there is B"#,
        #"18:28: there is no value "eror.type"; did you mean error.type?"#,
      ])
  }

  @Test(
    arguments: [
      ("rules: [{alert: A, signal: failure.ratio, above: 1, by: [to_agent, kind]}]", "cannot be had by"),
      ("rules: [{alert: A, signal: dead_letters.pending, above: 1, by: [to_agent]}]", "cannot be had by"),
      ("rules: [{alert: A, signal: failure.ratio}]", "has no bound"),
      ("rules: [{alert: A, signal: failure.event, for: 1m}]", "an event is over at once"),
      ("rules: [{alert: A, signal: circuit.open, inhibits: [A]}]", "cannot inhibit itself"),
      ("rules: [{alert: 1A, signal: circuit.open}]", "letters, digits and underscores"),
      ("rules: [{alert: A, signal: circuit.open, labels: {severity: x}}]", "set by the sidecar"),
      (
        "rules: [{alert: A, signal: circuit.open, labels: {team: \"{{to_agent}}\"}}]",
        "the same for every alert"
      ),
      ("rules: [{alert: A, signal: failure.ratio, above: 1, window: 31m}]", "must be from 5s to 30m"),
      ("rules: [{alert: A, signal: failure.ratio, above: nan}]", "not a number"),
      ("rules: [{alert: A, signal: failure.ratio, above: \"1\"}]", "not a number"),
      (
        "rules: [{alert: A, signal: latency.p99, by: [to_agent], above: 1, scope: fleet}]",
        "one sidecar can judge for all only"
      ),
      ("rules: [{alert: A, signal: failure.event, scope: fleet}]", "another signal than failure.event"),
      ("receivers: [{name: a, webhook: {url: \"http://u:p@h/\"}}]", "no user and password"),
      ("receivers: [{name: a, webhook: {url: \"http:///x\"}}]", "not a URL"),
      ("receivers: [{name: a}]", "either webhook or alertmanager"),
      ("receivers: [{name: a, webhook: {format: pagerduty}}]", "needs a routing_key_file"),
      ("receivers: [{name: a, alertmanager: {urls: []}}]", "has no urls"),
      ("[]", "must be a mapping"),
      ("rules: {}", "must be a list"),
      ("rules: [\n", "did not find expected"),
    ])
  func `what does not go together is a fault`(text: String, says: String) {
    let faults = faults(text)
    #expect(faults.contains { $0.contains(says) }, "\(faults)")
  }

  @Test func `a file without rules keeps the shipped ones`() throws {
    let set = try read("receivers: [{name: a, webhook: {url: \"http://127.0.0.1:1/\"}}]")
    #expect(set.rules == RuleSet.builtIn.rules)
    #expect(set.receivers.map(\.name) == ["a"])
    #expect(try read("") == RuleSet.builtIn)
    #expect(try read("rules: []").rules.isEmpty)
  }

  @Test func `a rule says everything that can be said`() throws {
    let set = try read(
      """
      rules:
        - alert: Slow
          signal: latency.p99
          by: [to_agent, from_agent]
          at_least: 1.5
          window: 1m
          min_handoffs: 7
          no_data: alert
          for: 1m30s
          keep_firing_for: 2m
          severity: critical
          labels: {team: agents}
          scope: instance
      """)
    let rule = try #require(set.rules.first)
    #expect(rule.grouping == .pair && rule.bound == Bound(.atLeast, 1.5) && rule.window == .seconds(60))
    #expect(rule.leastHandoffs == 7 && rule.noData == .alert && rule.patience == .seconds(90))
    #expect(rule.keepsFiringFor == .seconds(120) && rule.severity == .critical && rule.scope == .instance)
    #expect(rule.labels == ["team": "agents"])
    #expect(set.windows(in: AnalyticsSettings()).quantileDimensions == [.toAgent, .pair])
  }

  @Test func `scope follows the grouping`() {
    for rule in RuleSet.builtIn.rules {
      let isOwn = rule.name.hasPrefix("Handoffd")
      #expect((rule.scope == .fleet) == (rule.grouping == .fleet && !isOwn), "\(rule.name)")
    }
  }
}
