import Foundation
import Platform
import TestSupport
import Testing

/// Two sidecars on one database: rules over all handoffs are judged by one of them, on what both have seen.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct FleetTests {
  private static let rules = """
    rules:
      - {alert: Failing, signal: failure.ratio, by: [], above: 0.02, window: 5m, min_handoffs: 20, min_failures: 5, severity: critical}
      - {alert: Open, signal: circuit.open, by: [to_agent], severity: critical}

    """

  private let files: TemporaryDirectory
  private let pager: Pager

  init() throws {
    files = try TemporaryDirectory()
    pager = try Pager()
  }

  private func sidecar(_ name: String, database: TestDatabase? = nil) throws -> RunningSidecar {
    let sidecar = try RunningSidecar(
      ["--rules", pager.rules(in: files, Self.rules), "--instance", name], database: database)
    try eventually("a store that is up") { try sidecar.metric("handoffd_store_up") == 1 }
    return sidecar
  }

  private func send(_ count: Int, _ end: String, _ prefix: String, to sidecar: RunningSidecar) throws {
    let lines = (0..<count).flatMap { number in
      [
        #"{"type":"handoff.initiated","handoff_id":"\#(prefix)\#(number)","from_agent":"a","to_agent":"b\#(number)"}"#,
        #"{"type":"handoff.\#(end)","handoff_id":"\#(prefix)\#(number)"}"#,
      ]
    }
    #expect(try sidecar.send(lines.joined(separator: "\n")).status == 200)
  }

  private func firing(_ sidecar: RunningSidecar) throws -> [String] {
    try sidecar.get("/v1/alerts").objects("alerts").filter { $0.text("state") == "firing" }
      .compactMap { $0.text("alert") }
  }

  private func holder(_ database: TestDatabase) throws -> String {
    try eventually("a holder of the lease") {
      let name = try database.psql("SELECT holder FROM handoffd.leases WHERE held_until > now()")
      return name.isEmpty ? nil : name
    }
  }

  @Test func `faults spread over two sidecars page once, also when the one that judges is killed`() throws {
    defer { pager.stop() }
    let one = try sidecar("one")
    let two = try sidecar("two", database: one.database)
    let isFirst = try holder(one.database) == "one"
    let (leading, other) = isFirst ? (one, two) : (two, one)
    // Twelve and twelve: too few for a verdict at either.
    try send(12, "failed", "x", to: one)
    try send(12, "failed", "y", to: two)
    try eventually("the page") { pager.story(of: "Failing") == ["firing"] }
    try eventually("who judges knows of it") { try firing(leading).contains("Failing") }
    #expect(try !firing(other).contains("Failing"))

    leading.process.kill()
    try eventually("the other has taken over", within: .seconds(60)) { try firing(other).contains("Failing") }
    #expect(try holder(one.database) == (isFirst ? "two" : "one"))
    // What was seen at the one that is dead still counts, so it goes on; when it ends, that is told once.
    try leading.restart()
    try eventually("the first is back") { try leading.metric("handoffd_store_up") == 1 }
    try eventually("it lets go") { try !firing(leading).contains("Failing") }
    #expect(pager.story(of: "Failing") == ["firing"])
    try send(700, "acknowledged", "u", to: one)
    try send(700, "acknowledged", "v", to: two)
    try eventually("its end") { pager.story(of: "Failing") == ["firing", "resolved"] }
  }

  @Test func `a sidecar that ends in order leaves the lease to the next at once`() throws {
    defer { pager.stop() }
    let one = try sidecar("one")
    #expect(try holder(one.database) == "one")
    let two = try sidecar("two", database: one.database)
    try send(30, "failed", "x", to: one)
    try eventually("the page") { pager.story(of: "Failing") == ["firing"] }
    #expect(one.process.terminate() == 0)
    // It has given the lease back, and not left it to run out.
    #expect(
      try one.database.psql(
        "SELECT count(*) FROM handoffd.leases WHERE holder = 'one' AND held_until > now()") == "0")
    try eventually("the other has taken over") { try firing(two).contains("Failing") }
    #expect(pager.story(of: "Failing") == ["firing"])
  }

  @Test func `a page that was claimed and not delivered is not lost with its sidecar`() throws {
    let deaf = try Pager(answers: Array(repeating: "503 No", count: 1_000))
    defer {
      deaf.stop()
      pager.stop()
    }
    let path = try TemporaryDirectory()
    let one = try RunningSidecar(["--rules", deaf.rules(in: path, Self.rules), "--instance", "one"])
    let two = try sidecar("two", database: one.database)
    try eventually("a store that is up") { try one.metric("handoffd_store_up") == 1 }
    try one.send(#"{"type":"circuit.opened","agent":"coder"}"#)
    try eventually("an attempt") { one.process.log.contains("cannot notify; it is tried again") }
    // Its disk is lost with it.
    one.process.kill()
    try FileManager.default.removeItem(atPath: one.process.dataDirectory)
    #expect(pager.pages.isEmpty)
    // A minute and a half go by.
    _ = try one.database.psql(
      "UPDATE handoffd.alert_episodes SET seen_at = now() - interval '100 seconds'; UPDATE handoffd.leases SET held_until = now()"
    )
    try eventually("the page", within: .seconds(90)) { pager.story(of: "Open coder").first == "firing" }
    // The one that adopts it has heard nothing of that agent, so it ends what nobody sees.
    try eventually("its end") { pager.story(of: "Open coder") == ["firing", "resolved"] }
    _ = two
  }
}
