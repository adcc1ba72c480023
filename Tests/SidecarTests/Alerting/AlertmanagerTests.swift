import Foundation
import Platform
import TestSupport
import Testing

/// The real program, the real Alertmanager, and a receiver behind it.
@Suite(
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: AlertmanagerProcess.program),
    "Alertmanager is not installed (Debian package prometheus-alertmanager)"),
  .timeLimit(.minutes(15 * Sanitizer.slowness)))
struct AlertmanagerTests {
  private let files: TemporaryDirectory

  init() throws { files = try TemporaryDirectory() }

  /// What Alertmanager said of an alert, in order.
  private func told(_ receiver: ScriptedServer, of alert: String) -> [[String: Any]] {
    receiver.requests.compactMap { try? JSONSerialization.jsonObject(with: Data($0.body)) as? [String: Any] }
      .filter { $0.objects("alerts").contains { $0.object("labels").text("alertname") == alert } }
  }

  private func sidecar(_ rules: String) throws -> RunningSidecar {
    let path = files.file("rules.yaml")
    try Data(rules.utf8).write(to: URL(filePath: path))
    return try RunningSidecar(["--rules", path])
  }

  @Test func `an alert fires in Alertmanager, is sent again, repeats, and resolves`() throws {
    let receiver = try ScriptedServer(answers: [ScriptedServer.answer("200 OK")])
    defer { receiver.stop() }
    let alertmanager = try AlertmanagerProcess(telling: receiver.url, repeats: "2s")
    let sidecar = try sidecar("receivers: [{name: am, alertmanager: {urls: [\"\(alertmanager.url)/\"]}}]\n")
    #expect(try sidecar.send(#"{"type":"circuit.opened","agent":"coder"}"#).status == 200)
    try eventually("the page") { !told(receiver, of: "HandoffCircuitOpen").isEmpty }
    let known = try #require(try alertmanager.alert("HandoffCircuitOpen"))
    #expect(known.object("labels").text("to_agent") == "coder")
    #expect(known.object("labels").text("severity") == "critical")
    let fingerprint = try sidecar.get("/v1/alerts").objects("alerts").first {
      $0.text("alert") == "HandoffCircuitOpen"
    }
    #expect(fingerprint?.text("fingerprint") == known.text("fingerprint"))
    try eventually("repeats") { told(receiver, of: "HandoffCircuitOpen").count >= 3 }
    // It is sent again each minute, with an end that is ahead: so it outlives a while in which it is not.
    let ends = try #require(known.text("endsAt"))
    try eventually("it is sent again", within: .seconds(90), every: .milliseconds(200)) {
      try alertmanager.alert("HandoffCircuitOpen")?.text("endsAt").map { $0 > ends } ?? false
    }
    #expect(told(receiver, of: "HandoffCircuitOpen").allSatisfy { $0.text("status") == "firing" })
    #expect(try sidecar.send(#"{"type":"circuit.closed","agent":"coder"}"#).status == 200)
    try eventually("its end") { told(receiver, of: "HandoffCircuitOpen").last?.text("status") == "resolved" }
    let stories = told(receiver, of: "HandoffCircuitOpen").compactMap { $0.text("status") }
    #expect(stories.count { $0 == "resolved" } == 1)
  }

  @Test func `the webhook says what Alertmanager's own says, name for name`() throws {
    let receiver = try ScriptedServer(answers: [ScriptedServer.answer("200 OK")])
    let pager = try Pager()
    defer {
      receiver.stop()
      pager.stop()
    }
    let alertmanager = try AlertmanagerProcess(telling: receiver.url)
    let sidecar = try sidecar(
      """
      receivers:
        - {name: test, webhook: {url: "\(pager.url)"}}
        - {name: am, alertmanager: {urls: ["\(alertmanager.url)"]}}

      """)
    #expect(try sidecar.send(#"{"type":"circuit.opened","agent":"coder"}"#).status == 200)
    try eventually("both pages") {
      pager.page(of: "HandoffCircuitOpen coder") != nil && !told(receiver, of: "HandoffCircuitOpen").isEmpty
    }
    let theirs = try #require(told(receiver, of: "HandoffCircuitOpen").first)
    let page = try #require(pager.page(of: "HandoffCircuitOpen coder"))
    let ours = try #require(JSONSerialization.jsonObject(with: Data(page.body)) as? [String: Any])
    #expect(Set(ours.keys) == Set(theirs.keys))
    for key in ["receiver", "status", "version"] { #expect(ours.text(key) == theirs.text(key), "\(key)") }
    for key in ["commonLabels", "commonAnnotations", "groupLabels"] {
      #expect(ours.object(key) as NSDictionary == theirs.object(key) as NSDictionary, "\(key)")
    }
    func alert(in document: [String: Any]) -> [String: Any]? {
      document.objects("alerts").first { Pager.name(of: $0) == "HandoffCircuitOpen coder" }
    }
    let (our, their) = (try #require(alert(in: ours)), try #require(alert(in: theirs)))
    #expect(Set(our.keys) == Set(their.keys))
    for key in ["status", "fingerprint", "generatorURL", "endsAt"] {
      #expect(our.text(key) == their.text(key), "\(key)")
    }
    #expect(our.object("labels") as NSDictionary == their.object("labels") as NSDictionary)
    #expect(our.object("annotations") as NSDictionary == their.object("annotations") as NSDictionary)
    // Alertmanager keeps thousandths of a second, and leaves out the zeros at their end as we do.
    #expect(our.text("startsAt") == their.text("startsAt"))
  }
}
