import Model
import Testing

@testable import Alerts

/// Who is told what, and when.
struct AnnouncerTests {
  private let rules: RuleSet = {
    var critical = Receiver(name: "oncall", channel: .webhook(Webhook(url: "http://127.0.0.1:1/")))
    critical.severities = [.critical]
    var team = Receiver(name: "team", channel: .webhook(Webhook(url: "http://127.0.0.1:2/")))
    team.match = ["team": "agents"]
    return RuleSet(receivers: [critical, team])
  }()

  private func alert(
    _ name: String, _ severity: Severity = .critical, since: Double = 0, endedAt: Double? = nil,
    agent: String = "b", team: String? = nil, inhibitedBy: String? = nil
  ) -> Alert {
    var labels = ["alertname": name, "severity": severity.rawValue, "to_agent": agent]
    labels["team"] = team
    return Alert(
      fingerprint: Fingerprint(labels), name: name, severity: severity,
      state: endedAt == nil ? .firing : .resolved, labels: labels, annotations: [:], value: 1, threshold: 0,
      since: at(since), endedAt: endedAt.map { at($0) }, events: [], inhibitedBy: inhibitedBy)
  }

  @Test func `a critical alert is told at once, once, and resolved once`() {
    var announcer = Announcer(rules)
    let first = announcer.decide(firing: [alert("A")], resolved: [], at: at(0))
    #expect(first.map(\.receiver) == ["oncall"] && first.first?.isFiring == true)
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(1)).isEmpty)
    let last = announcer.decide(firing: [], resolved: [alert("A", endedAt: 9)], at: at(9))
    #expect(last.map(\.receiver) == ["oncall"] && last.first?.isFiring == false)
    #expect(announcer.decide(firing: [], resolved: [alert("A", endedAt: 9)], at: at(10)).isEmpty)
    #expect(first.first?.id != last.first?.id)
  }

  @Test func `the same conclusion has the same id`() {
    var one = Announcer(rules)
    var other = Announcer(rules)
    let first = one.decide(firing: [alert("A")], resolved: [], at: at(0))
    let second = other.decide(firing: [alert("A")], resolved: [], at: at(3))
    #expect(first.map(\.id) == second.map(\.id))
    let later = one.decide(firing: [alert("A")], resolved: [], at: at(5 * 3600))
    #expect(later.count == 1 && later.map(\.id) != first.map(\.id))
  }

  @Test func `what still fires is told again after four hours`() {
    var announcer = Announcer(rules)
    _ = announcer.decide(firing: [alert("A")], resolved: [], at: at(0))
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(4 * 3600 - 1)).isEmpty)
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(4 * 3600)).count == 1)
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(4 * 3600 + 1)).isEmpty)
  }

  @Test func `others wait five seconds for their like`() {
    var announcer = Announcer(rules)
    let (one, two) = (
      alert("A", .warning, team: "agents"), alert("A", .warning, agent: "c", team: "agents")
    )
    #expect(announcer.decide(firing: [one], resolved: [], at: at(0)).isEmpty)
    #expect(announcer.decide(firing: [one, two], resolved: [], at: at(4.9)).isEmpty)
    #expect(announcer.nextDue == at(5))
    let notices = announcer.decide(firing: [one, two], resolved: [], at: at(5))
    #expect(notices.map(\.receiver) == ["team"] && notices.first?.alerts.count == 2)
    #expect(notices.first?.groupLabels == ["alertname": "A"])
  }

  @Test func `what ends while it is being gathered is told in order`() {
    var announcer = Announcer(rules)
    _ = announcer.decide(firing: [alert("A", .warning, team: "agents")], resolved: [], at: at(0))
    let ended = alert("A", .warning, endedAt: 2, team: "agents")
    #expect(announcer.decide(firing: [], resolved: [ended], at: at(2)).isEmpty)
    #expect(announcer.decide(firing: [], resolved: [], at: at(5)).map(\.isFiring) == [true, false])
  }

  @Test func `what is inhibited is not told until the other ends`() {
    var announcer = Announcer(rules)
    let inhibited = alert("A", inhibitedBy: "B")
    #expect(announcer.decide(firing: [inhibited], resolved: [], at: at(0)).isEmpty)
    #expect(!announcer.hasTold(inhibited))
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(1)).count == 1)
    #expect(announcer.hasTold(inhibited))
  }

  @Test func `nothing is resolved of which nobody was told`() {
    var announcer = Announcer(rules)
    #expect(announcer.decide(firing: [], resolved: [alert("A", endedAt: 2)], at: at(2)).isEmpty)
  }

  @Test func `what was told before a restart is not told again, and its end is`() {
    var announcer = Announcer(rules)
    announcer.restore(alert("A").fingerprint, "oncall", Announcer.Told(since: at(0), at: at(0)))
    #expect(announcer.decide(firing: [alert("A")], resolved: [], at: at(10)).isEmpty)
    #expect(announcer.decide(firing: [], resolved: [alert("A", endedAt: 11)], at: at(11)).count == 1)
  }

  @Test func `a new episode is told even if the end of the last was missed`() {
    var announcer = Announcer(rules)
    _ = announcer.decide(firing: [alert("A")], resolved: [], at: at(0))
    #expect(announcer.decide(firing: [alert("A", since: 50)], resolved: [], at: at(50)).count == 1)
  }

  @Test func `PagerDuty is told of each alert by itself, at once`() throws {
    let set = try RulesReader.read(
      Array("receivers: [{name: pd, webhook: {format: pagerduty, routing_key_file: k}}]".utf8)
    ).get()
    var announcer = Announcer(set)
    let alerts = (0..<30).map { alert("A", .warning, agent: "b\($0)") }
    #expect(
      announcer.decide(firing: alerts, resolved: [], at: at(0)).map(\.alerts.count)
        == Array(repeating: 1, count: 30))
  }
}
