import Catalogue
import Exposition
import Foundation
import Platform
import TestSupport
import Testing

/// The real Prometheus on a running sidecar to which things happen.
@Suite(.serialized) struct LiveTests {
  /// A sidecar with a database, and everything that happens to it.
  private final class Stage {
    private let directory: TemporaryDirectory
    private let database: TestDatabase
    private let process: SidecarProcess
    /// One receiver takes what it is told, the other refuses it.
    private let receivers: [ScriptedServer]
    private var chapters = 0

    init() throws {
      directory = try TemporaryDirectory()
      database = try TestCluster.shared().database()
      receivers = try ["200 OK", "400 Bad Request"].map {
        try ScriptedServer(answers: [ScriptedServer.answer($0)])
      }
      let lines = zip(["listening", "refusing"], receivers).map {
        "  - {name: \($0), webhook: {url: \"\($1.url)/\"}}"
      }
      let rules = directory.file("rules.yaml")
      try Data(("receivers:\n" + lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: rules))
      process = try SidecarProcess(
        in: directory, .init(["--database-url", database.connectionString, "--rules", rules]))
      try process.waitUntilReady()
    }

    deinit {
      _ = process.terminate()
      for receiver in receivers { receiver.stop() }
    }

    var address: Endpoint { get throws { try process.address() } }

    /// Tells the story once more, with something in it that is refused.
    func tell() throws {
      chapters += 1
      let story = Story(number: chapters, now: Date().timeIntervalSince1970)
      let answer = try process.connect().post(
        "/v1/events", story.text + "\n{\"type\":\"nonsense\",\"from_agent\":\"planner\"}",
        type: "application/x-ndjson")
      guard answer.status == 200, answer.text.contains("\"rejected\":[{\"index\":") else {
        throw TestFailure("the story was not taken: \(answer.text)")
      }
    }
  }

  @Test(arguments: [PrometheusProcess.Wish.text, .native])
  func `every query of every panel has an answer`(wish: PrometheusProcess.Wish) throws {
    let stage = try Stage()
    try stage.tell()
    let prometheus = try PrometheusProcess(scraping: stage.address, wish)
    // An annotation has an answer only where there is something to note.
    var open = Dashboard.all.flatMap { dashboard in
      dashboard.expressions.filter { !dashboard.annotations.contains($0.text) }
    }
    #expect(open.count > 100)
    // Rates need a change between two scrapes: so the story goes on.
    do {
      try eventually("an answer to every query", within: .seconds(90), every: .milliseconds(300)) {
        try stage.tell()
        open = try open.filter { try prometheus.query(Self.filled($0.text)).isEmpty }
        return open.isEmpty
      }
    } catch {
      Issue.record("\(error): \(open.map { "\($0.place): \($0.text)" }.joined(separator: "\n"))")
    }
  }

  @Test func `what Prometheus stores is what the sidecar shows`() throws {
    let stage = try Stage()
    let prometheus = try PrometheusProcess(scraping: stage.address)
    try stage.tell()
    try eventually("the failures") {
      try prometheus.query("handoff_failures_total{to_agent=\"oracle\",reason=\"timeout\"}").first?.value == 3
    }
    // Three were lost, and one was rerouted away.
    #expect(try prometheus.query("handoff_consecutive_failures{to_agent=\"oracle\"}").first?.value == 4)
    #expect(
      try prometheus.query("handoff_circuit_state{to_agent=\"oracle\",state=\"open\"}").first?.value == 1)
    #expect(try prometheus.query("sum(handoff_loops_total)").first?.value == 1)
    #expect(try prometheus.query("scrape_samples_scraped > 500").count == 1)
    // Every name it has from the sidecar is one of the catalogue.
    let names = try prometheus.get("/api/v1/label/__name__/values")["data"] as? [String] ?? []
    let ours = names.filter { $0.hasPrefix("handoff") }
    #expect(ours.count > 50)
    let known = Catalogue.definitions.map(\.heading)
    for name in ours {
      #expect(
        known.contains { heading in
          ["", "_bucket", "_sum", "_count", "_created"].contains {
            heading.sampleName + $0 == name || heading.name + $0 == name
          }
        }, "\(name)")
    }
  }

  private static func filled(_ expression: String) -> String {
    [("$__rate_interval", "5s"), ("$__range", "30s"), ("$job", ".+"), ("$instance", ".+"), ("$agent", ".+")]
      .reduce(expression) { $0.replacing($1.0, with: $1.1) }
  }
}
