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
    let sidecar = try RunningSidecar(
      ["--rules", pager.rules(in: files, Pager.unhurried)], database: cluster.database())
    try eventually("a store that is up") { try sidecar.metric("handoffd_store_up") == 1 }
    // It learns of it with the page: it has nothing else to write.
    try cluster.stop()
    #expect(try sidecar.send(#"{"type":"circuit.opened","agent":"coder"}"#).status == 200)
    try eventually("the page") { pager.story(of: "HandoffCircuitOpen coder") == ["firing"] }
    #expect(
      try pager.isToldWithinASecond { try sidecar.send(#"{"type":"circuit.opened","agent":"\#($0)"}"#) })
    // What fires is known without a database; what has been is not, and the answer says what to do.
    try eventually("what fires") {
      try sidecar.get("/v1/alerts").objects("alerts").contains {
        Pager.name(of: $0) == "HandoffCircuitOpen coder"
      }
    }
    let history = try sidecar.process.connect().get("/v1/alerts/history")
    #expect(history.status == 503)
    #expect(history["content-type"] == "application/problem+json")
    #expect(Int(history["retry-after"] ?? "") ?? 0 > 0)
    #expect(try sidecar.send(#"{"type":"circuit.closed","agent":"coder"}"#).status == 200)
    try eventually("its end") { pager.story(of: "HandoffCircuitOpen coder") == ["firing", "resolved"] }

    try cluster.start()
    let changes = try eventually("the history", within: .seconds(60)) { () -> [[String: Any]]? in
      guard let page = try? sidecar.get("/v1/alerts/history") else { return nil }
      let changes = page.objects("transitions").filter { Pager.name(of: $0) == "HandoffCircuitOpen coder" }
      return changes.count >= 2 ? changes : nil
    }
    #expect(changes.compactMap { $0.text("state") } == ["resolved", "firing"])
    #expect(changes.allSatisfy { $0["notified"] as? Bool == true })
    #expect(pager.story(of: "HandoffCircuitOpen coder") == ["firing", "resolved"])
  }

  @Test func `what failed before a sidecar was killed is no news when it starts without a database`() throws {
    let sidecar = try RunningSidecar(url: RunningSidecar.nowhere) { data in
      let failures = (1...3).flatMap { number in
        [
          #"{"type":"handoff.initiated","handoff_id":"h\#(number)","from_agent":"a","to_agent":"coder"}"#,
          #"{"type":"handoff.failed","handoff_id":"h\#(number)","error":{"type":"timeout"}}"#,
        ]
      }
      try Backlog.leave(failures, in: data)
    }
    try sidecar.send(#"{"type":"circuit.opened","agent":"other"}"#)
    try eventually("something new") {
      try sidecar.get("/v1/alerts").objects("alerts").contains {
        Pager.name(of: $0) == "HandoffCircuitOpen other"
      }
    }
    // It is known that three in a row have failed, and that is still so; that each of them failed was told then.
    let names = try sidecar.get("/v1/alerts").objects("alerts").map(Pager.name(of:))
    #expect(names.contains("HandoffConsecutiveFailures coder"))
    #expect(!names.contains("HandoffFailed coder"))
  }
}
