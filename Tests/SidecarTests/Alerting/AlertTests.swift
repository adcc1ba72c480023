import Foundation
import Platform
import TestSupport
import Testing

/// The real program, a real database, and somebody who is paged.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct AlertTests {
  private static let circuit = "HandoffCircuitOpen coder"

  private func sidecar(_ pager: Pager, url: String? = nil, database: TestDatabase? = nil) throws
    -> RunningSidecar
  {
    try RunningSidecar(["--rules", pager.rules(in: files)], url: url, database: database)
  }

  private let files: TemporaryDirectory

  init() throws { files = try TemporaryDirectory() }

  private static func failure(_ number: Int) -> [String] {
    [
      #"{"type":"handoff.initiated","handoff_id":"h\#(number)","from_agent":"a","to_agent":"coder"}"#,
      #"{"type":"handoff.failed","handoff_id":"h\#(number)","error":{"class":"retryable","type":"timeout","message":"no answer","hint":"check types.ts"}}"#,
    ]
  }

  private func openCircuit(_ sidecar: RunningSidecar, from first: Int = 1) throws {
    for number in first..<(first + 3) { _ = try sidecar.send(Self.failure(number).joined(separator: "\n")) }
  }

  /// Whether the alert is among those that it knows.
  private func knows(_ alert: String, _ sidecar: RunningSidecar) throws -> Bool {
    try sidecar.get("/v1/alerts").objects("alerts").contains { Pager.name(of: $0) == alert }
  }

  /// The changes of an alert, the latest first.
  private func history(of alert: String, _ sidecar: RunningSidecar) throws -> [[String: Any]] {
    try sidecar.get("/v1/alerts/history").objects("transitions").filter { Pager.name(of: $0) == alert }
  }

  private func report(_ state: String, _ sidecar: RunningSidecar, agent: String = "coder") throws {
    let answer = try sidecar.send(#"{"type":"circuit.\#(state)","agent":"\#(agent)"}"#)
    try #require(answer.status == 200)
  }

  @Test
  func `the page for an opened circuit comes within a second of the answer, with the cause and the hint`()
    throws
  {
    let pager = try Pager()
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files, Pager.unhurried)])
    try openCircuit(sidecar)
    let page = try eventually("the page") { pager.page(of: Self.circuit) }
    #expect(page.description == "Nothing is sent to coder. timeout: no answer check types.ts")
    #expect(try pager.isToldWithinASecond { try report("opened", sidecar, agent: $0) })
    try eventually("what it makes superfluous") {
      try sidecar.get("/v1/alerts").objects("alerts").contains {
        $0.text("alert") == "HandoffConsecutiveFailures" && $0.text("inhibited_by") == "HandoffCircuitOpen"
      }
    }
    let opened = Set(pager.pages.flatMap(\.alerts)).count { $0.hasPrefix("HandoffCircuitOpen ") }
    let firing = #"handoffd_alerts{rule="HandoffCircuitOpen",severity="critical",state="firing"}"#
    try eventually("the metric") { try sidecar.metric(firing) == Double(opened) }
  }

  @Test func `an episode is told once as firing and once as resolved, whatever the receiver does`() throws {
    let pager = try Pager(answers: ["503 No", "cut", "429 Slow", "200 OK", "500 No"])
    defer { pager.stop() }
    let sidecar = try sidecar(pager)
    try report("opened", sidecar)
    try eventually("the page") { pager.story(of: Self.circuit) == ["firing"] }
    try report("closed", sidecar)
    try eventually("its end") { pager.story(of: Self.circuit) == ["firing", "resolved"] }
    let changes = try eventually("the history") { () -> [[String: Any]]? in
      let changes = try history(of: Self.circuit, sidecar)
      return changes.count >= 2 ? changes : nil
    }
    #expect(changes.compactMap { $0.text("state") } == ["resolved", "firing"])
    #expect(changes.allSatisfy { $0["notified"] as? Bool == true })
  }

  @Test func `after kill -9 nobody is paged again, and what ended meanwhile is resolved`() throws {
    let pager = try Pager()
    defer { pager.stop() }
    let sidecar = try sidecar(pager)
    try report("opened", sidecar)
    try report("opened", sidecar, agent: "other")
    let other = "HandoffCircuitOpen other"
    try eventually("both pages") { pager.page(of: Self.circuit) != nil && pager.page(of: other) != nil }
    sidecar.process.kill()
    try sidecar.restart()
    try eventually("the past") { try knows(Self.circuit, sidecar) && knows(other, sidecar) }
    try report("closed", sidecar)
    try eventually("its end") { pager.story(of: Self.circuit) == ["firing", "resolved"] }
    #expect(pager.story(of: other) == ["firing"])
    try eventually("the history") {
      try history(of: Self.circuit, sidecar).count == 2 && history(of: other, sidecar).count == 1
    }
  }

  @Test func `without PostgreSQL the page goes out, and afterwards the history has each change once`() throws
  {
    let pager = try Pager()
    defer { pager.stop() }
    let database = try TestCluster.shared().database()
    let proxy = try FaultProxy(.port(database.cluster.port))
    defer { proxy.stop() }
    let sidecar = try RunningSidecar(
      ["--rules", pager.rules(in: files, Pager.unhurried)], url: database.uri(port: proxy.port),
      database: database)
    try eventually("an answer from the database") {
      try sidecar.process.connect().get("/v1/alerts/history").status == 200
    }
    proxy.refuse(true)
    proxy.cutAll()
    // Sooner than the clock is looked at, and with nothing to wait for.
    try report("opened", sidecar)
    try eventually("the page") { pager.story(of: Self.circuit) == ["firing"] }
    proxy.refuse(false)
    try eventually("the history", within: .seconds(60)) {
      (try? history(of: Self.circuit, sidecar))?.compactMap { $0.text("state") } == ["firing"]
    }
  }

  @Test func `what was grouped anew before the past came back stays grouped when it comes`() throws {
    let pager = try Pager()
    defer { pager.stop() }
    let database = try TestCluster.shared().database()
    let proxy = try FaultProxy(.port(database.cluster.port))
    defer { proxy.stop() }
    proxy.refuse(true)
    let sidecar = try sidecar(pager, url: database.uri(port: proxy.port), database: database)
    let rule = "alert: Fails, signal: failure.count, by: [from_agent, to_agent], above: 0, severity: critical"
    _ = try pager.rules(in: files, "rules: [{\(rule)}]\n")
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 200)
    _ = try sidecar.send(Self.failure(1).joined(separator: "\n"))
    try eventually("the page") { pager.story(of: "Fails coder") == ["firing"] }
    proxy.refuse(false)
    try eventually("the past", within: .seconds(60)) { sidecar.process.log.contains("the past is back") }
    // Judged twice since then.
    let judged = try sidecar.metric("handoffd_rule_last_evaluation_timestamp_seconds")
    try eventually("another look") {
      try sidecar.metric("handoffd_rule_last_evaluation_timestamp_seconds") > judged + 1.5
    }
    #expect(pager.story(of: "Fails coder") == ["firing"])
  }

  @Test func `of several sidecars on one database, one pages`() throws {
    let pager = try Pager()
    defer { pager.stop() }
    let first = try sidecar(pager)
    let second = try sidecar(pager, database: first.database)
    for one in [first, second] {
      try eventually("a store that is up") { try one.metric("handoffd_store_up") == 1 }
    }
    try report("opened", first)
    try eventually("the page") { pager.story(of: Self.circuit) == ["firing"] }
    try report("opened", second)
    try eventually("the second sees it") { try knows(Self.circuit, second) }
    try report("closed", second)
    try report("closed", first)
    try eventually("its end") { pager.story(of: Self.circuit).contains("resolved") }
    // A database that is too busy to say in time who speaks is not waited for; then both do, and say so.
    let isUnasked = [first, second].contains { $0.process.log.contains("cannot ask who speaks") }
    #expect(isUnasked || pager.story(of: Self.circuit) == ["firing", "resolved"], "\(pager.pages)")
  }

  @Test func `new rules are used at once, and faulty ones change nothing`() throws {
    let pager = try Pager()
    defer { pager.stop() }
    let sidecar = try sidecar(pager)
    _ = try pager.rules(in: files, "rules: [{alert: A, signal: nothing}]\n")
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 422)
    try report("opened", sidecar)
    try eventually("the page") { pager.story(of: Self.circuit) == ["firing"] }
    _ = try pager.rules(in: files, "rules: [{alert: Mine, signal: circuit.open, severity: critical}]\n")
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 200)
    try eventually("the new page") { pager.story(of: "Mine coder") == ["firing"] }
    #expect(pager.story(of: Self.circuit) == ["firing", "resolved"])
  }

  @Test func `a rule that groups anew ends its old alerts, and goes on with new ones`() throws {
    let pager = try Pager()
    defer { pager.stop() }
    func rules(by names: String) throws {
      let rule = "alert: Fails, signal: failure.count, by: [\(names)], above: 0, severity: critical"
      _ = try pager.rules(in: files, "rules: [{\(rule)}]\n")
    }
    let sidecar = try sidecar(pager)
    try rules(by: "to_agent")
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 200)
    _ = try sidecar.send(Self.failure(1).joined(separator: "\n"))
    try eventually("the page") { pager.story(of: "Fails coder") == ["firing"] }
    // By pairs nothing was grouped until now.
    try rules(by: "from_agent, to_agent")
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 200)
    try eventually("its end") { pager.story(of: "Fails coder") == ["firing", "resolved"] }
    _ = try sidecar.send(Self.failure(2).joined(separator: "\n"))
    try eventually("the page of the pair") {
      let alerts = try sidecar.get("/v1/alerts").objects("alerts")
      return alerts.contains { $0.object("labels").text("from_agent") == "a" }
    }
    try eventually("its page") { pager.story(of: "Fails coder") == ["firing", "resolved", "firing"] }
    try eventually("the history") {
      try sidecar.get("/v1/alerts/history").objects("transitions").count { $0.text("alert") == "Fails" } == 3
    }
  }
}
