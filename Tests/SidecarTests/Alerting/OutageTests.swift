import Foundation
import Platform
import TestSupport
import Testing

/// Alerts while PostgreSQL is stopped.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct OutageTests {
  @Test func `the page goes out within a second, and afterwards the history holds each change once`() throws {
    let files = try TemporaryDirectory()
    let cluster = try TestCluster()
    let pager = try Pager()
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files)], database: cluster.database())
    try cluster.stop()
    try eventually("the sidecar knows") { try sidecar.metric("handoffd_store_up") == 0 }
    #expect(try sidecar.send(#"{"type":"circuit.opened","agent":"coder"}"#).status == 200)
    let answered = SystemTime().now()
    try eventually("the page") { pager.story(of: "HandoffCircuitOpen coder") == ["firing"] }
    let page = try #require(pager.pages.first)
    #expect(page.at < answered + .seconds(1) * Sanitizer.slowness)
    // What fires is known without a database; what has been is not, and the answer says what to do.
    #expect(
      try sidecar.get("/v1/alerts").objects("alerts").contains { $0.text("alert") == "HandoffCircuitOpen" })
    let history = try sidecar.process.connect().get("/v1/alerts/history")
    #expect(history.status == 503)
    #expect(history["content-type"] == "application/problem+json")
    #expect(Int(history["retry-after"] ?? "") ?? 0 > 0)
    #expect(try sidecar.send(#"{"type":"circuit.closed","agent":"coder"}"#).status == 200)
    try eventually("its end") { pager.story(of: "HandoffCircuitOpen coder") == ["firing", "resolved"] }

    try cluster.start()
    let changes = try eventually("the history", within: .seconds(60)) { () -> [[String: Any]]? in
      guard let page = try? sidecar.get("/v1/alerts/history") else { return nil }
      let changes = page.objects("transitions").filter { $0.text("alert") == "HandoffCircuitOpen" }
      return changes.count >= 2 ? changes : nil
    }
    #expect(changes.compactMap { $0.text("state") } == ["resolved", "firing"])
    #expect(changes.allSatisfy { $0["notified"] as? Bool == true })
    #expect(pager.story(of: "HandoffCircuitOpen coder") == ["firing", "resolved"])
  }
}
