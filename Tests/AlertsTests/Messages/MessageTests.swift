import Foundation
import Model
import Testing

@testable import Alerts

/// Bodies as receivers get them, byte for byte.
struct MessageTests {
  private static let surroundings = Message.Surroundings(
    externalURL: "http://127.0.0.1:9797/", routingKey: "R0UTINGKEY")

  @Test(
    arguments: [
      ("alertmanager-firing", Webhook.Format.alertmanager, firing),
      ("alertmanager-resolved", .alertmanager, resolved),
      ("alertmanager-group", .alertmanager, group), ("slack-firing", .slack, firing),
      ("slack-resolved", .slack, resolved), ("slack-group", .slack, group),
      ("pagerduty-trigger", .pagerduty, firing),
      ("pagerduty-resolve", .pagerduty, resolved),
    ])
  func `a body is the golden one`(name: String, format: Webhook.Format, notice: Notice) throws {
    let body = Message.body(of: notice, format, Self.surroundings)
    try expectGolden(body, name)
    #expect((try? JSONSerialization.jsonObject(with: Data(body))) != nil)
  }

  @Test func `what is pushed to Alertmanager is the golden body`() throws {
    let alerts = Self.firing.alerts + Self.resolved.alerts
    try expectGolden(Message.push(alerts, firingUntil: at(240), Self.surroundings), "push")
  }

  @Test func `fingerprints are those of Alertmanager`() {
    let labels = ["alertname": "HandoffCircuitOpen", "severity": "critical", "target_agent": "coder"]
    #expect(Fingerprint(labels).description == "138eb583ea4c3265")
    #expect(Fingerprint("138eb583ea4c3265") == Fingerprint(labels))
    #expect(Fingerprint("138eb583ea4c326") == nil && Fingerprint("138eb583ea4c326x") == nil)
  }

  @Test func `the signature is that of the Standard Webhooks specification`() throws {
    let secret = try #require(SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"))
    let fields = SigningSecret.headers(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8),
      [secret, secret])
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    #expect(fields.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
    #expect(fields.last?.value == "\(signature) \(signature)")
  }

  @Test(arguments: ["", "whsec_", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ="])
  func `what is no secret is refused`(text: String) {
    #expect(SigningSecret(text) == nil)
  }

  @Test func `text from outside cannot break out of a body`() throws {
    var alert = Self.alert
    alert.labels["to_agent"] = "a\"}],\u{0}\u{1b}<b>&\u{2028}\n\\"
    let notice = Notice(to: "r", [alert], groupLabels: alert.labels, at: at(0), repetition: 0)
    for format in Webhook.Format.allCases {
      let body = Message.body(of: notice, format, Self.surroundings)
      let read = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      #expect(read?.isEmpty == false)
      #expect(!body.dropLast().contains { $0 < 0x20 })
    }
  }

  private func expectGolden(_ bytes: [UInt8], _ name: String) throws {
    var folder = URL(filePath: #filePath)
    for _ in 0..<2 { folder.deleteLastPathComponent() }
    let file = folder.appending(path: "Golden/\(name).json")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" { try Data(bytes).write(to: file) }
    #expect(try [UInt8](Data(contentsOf: file)) == bytes, "\(String(decoding: bytes, as: UTF8.self))")
  }
}

extension MessageTests {
  static let alert = Alert(
    fingerprint: Fingerprint(["alertname": "HandoffCircuitOpen", "severity": "critical", "to_agent": "coder"]
    ),
    name: "HandoffCircuitOpen", severity: .critical, state: .firing,
    labels: ["alertname": "HandoffCircuitOpen", "severity": "critical", "to_agent": "coder"],
    annotations: [
      "summary": "The circuit to coder is open", "description": "timeout: no answer <after> 30 s & more",
      "runbook_url": "/v1/runbooks/HandoffCircuitOpen",
    ], value: 1, threshold: 0, since: at(0.1), events: ["event-1"])

  static let ended: Alert = {
    var ended = alert
    ended.state = .resolved
    ended.endedAt = at(61)
    return ended
  }()

  static let firing = Notice(
    to: "oncall", [alert], groupLabels: alert.labels, at: at(1), repetition: 0)
  static let resolved = Notice(
    to: "oncall", [ended], groupLabels: alert.labels, at: at(61), repetition: 0)
  static let group: Notice = {
    let alerts = (1...12).map { number in
      var one = alert
      one.labels["to_agent"] = "agent-\(number)"
      one.annotations["summary"] = "The circuit to agent-\(number) is open"
      one.fingerprint = Fingerprint(one.labels)
      return one
    }
    return Notice(
      to: "team", alerts, groupLabels: ["alertname": "HandoffCircuitOpen"], at: at(1), repetition: 0)
  }()
}
