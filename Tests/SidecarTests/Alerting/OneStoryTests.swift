import Foundation
import Platform
import TestSupport
import Testing

/// One story, told to a sidecar that judges by its own rules and is scraped by a Prometheus with the rules for it.
@Suite(
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: PrometheusProcess.program),
    "Prometheus is not installed (Debian package prometheus)"), .timeLimit(.minutes(15 * Sanitizer.slowness)))
struct OneStoryTests {
  private let files: TemporaryDirectory

  init() throws { files = try TemporaryDirectory() }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "alerts")

  /// A shipped file with its patience shortened to a second, and Prometheus's pace with it.
  private func hasty(_ name: String) throws -> (path: String, alerts: Set<String>) {
    let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    let hasty = text.replacing(/\bfor: [0-9]+[smh]/, with: "for: 1s").replacing(
      /\binterval: [0-9]+s/, with: "interval: 200ms")
    let path = files.file(name)
    try Data(hasty.utf8).write(to: URL(filePath: path))
    return (path, Set(text.matches(of: /- alert: ([A-Za-z]+)/).map { String($0.output.1) }))
  }

  private func send(_ sidecar: RunningSidecar, _ lines: [String]) throws {
    let answer = try sidecar.send(lines.joined(separator: "\n"))
    #expect(answer.status == 200 && answer.text.contains(#""rejected":[]"#), "\(answer.text)")
  }

  private func handoff(_ id: String, _ end: String, to agent: String = "coder", _ more: String = "")
    -> [String]
  {
    [
      #"{"type":"handoff.initiated","handoff_id":"\#(id)","from_agent":"a","to_agent":"\#(agent)"\#(more)}"#,
      #"{"type":"handoff.\#(end)","handoff_id":"\#(id)"}"#,
    ]
  }

  /// What has series from the beginning, as it has in a sidecar that has run for a while: a counter that begins with
  /// its first event has not grown, as Prometheus sees it.
  private var beginning: [String] {
    var lines = handoff("w0", "failed") + handoff("w1", "acknowledged")
    lines += handoff("w2", "rolled_back") + handoff("w3", "acknowledged", to: "other")
    lines += (0..<1).flatMap { handoff("w4-\($0)", "escalated", #","task_id":"e""#) }
    lines += [
      #"{"type":"handoff.failed","handoff_id":"w5","from_agent":"a","to_agent":"coder","error":{"type":"checksum_mismatch"}}"#
    ]
    return lines
  }

  private func story(_ now: Double) -> [String] {
    var lines: [String] = []
    let envelope =
      #","envelope":{"memory_refs":{"requested":10,"resolved":5},"tokens":{"budget":1000,"used":995,"trimmed":1}}"#
    for number in 0..<60 {
      // Each was acknowledged a quarter of a minute after it was sent.
      lines += [
        #"{"type":"handoff.initiated","handoff_id":"d\#(number)","from_agent":"a","to_agent":"other","occurred_at":\#(now - 20)\#(envelope)}"#,
        #"{"type":"handoff.acknowledged","handoff_id":"d\#(number)","occurred_at":\#(now - 5)}"#,
      ]
    }
    lines += (0..<6).flatMap { handoff("f\($0)", "failed") }
    lines += [
      #"{"type":"handoff.initiated","handoff_id":"deep","from_agent":"a","to_agent":"other","hop":14}"#
    ]
    for round in 0..<4 {
      lines += handoff("l\(round)", "acknowledged", to: "b", #","task_id":"loop""#)
      lines += [
        #"{"type":"handoff.initiated","handoff_id":"m\#(round)","from_agent":"b","to_agent":"a","task_id":"loop"}"#,
        #"{"type":"handoff.acknowledged","handoff_id":"m\#(round)"}"#,
      ]
    }
    // Two hours ago something was parked, and nobody has looked at it.
    lines += [
      #"{"type":"handoff.initiated","handoff_id":"p","from_agent":"a","to_agent":"other","occurred_at":\#(now - 7300)}"#,
      #"{"type":"handoff.parked","handoff_id":"p","occurred_at":\#(now - 7200)}"#,
      #"{"type":"agent.health","agent":"ill","health":{"status":"unhealthy"}}"#,
      #"{"type":"handoff.initiated","handoff_id":"c","from_agent":"a","to_agent":"coder"}"#,
      #"{"type":"handoff.failed","handoff_id":"c","error":{"type":"checksum_mismatch"}}"#,
      #"{"type":"handoff.initiated","handoff_id":"r","from_agent":"a","to_agent":"coder"}"#,
      #"{"type":"handoff.rolled_back","handoff_id":"r","rollback":{"steps":[{"action":"undo","status":"failed"}]}}"#,
      #"{"type":"handoff.initiated","handoff_id":"k1","task_id":"k","from_agent":"a","to_agent":"b","envelope":{"constraint_hashes":["v","w","x","y"]}}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"k1"}"#,
      #"{"type":"handoff.initiated","handoff_id":"k2","task_id":"k","from_agent":"b","to_agent":"other","envelope":{"constraint_hashes":["y"]}}"#,
      #"{"type":"handoff.initiated","handoff_id":"missed","from_agent":"a","to_agent":"other","envelope":{"deadline":\#(now - 5)}}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"missed"}"#,
      #"{"type":"handoff.initiated","handoff_id":"late","from_agent":"a","to_agent":"silent"}"#,
    ]
    for depth in 1...8 {
      lines += handoff("e\(depth)", "escalated", #","task_id":"e""#).map {
        $0.replacing(
          #""handoff.escalated","#, with: #""handoff.escalated","escalation":{"depth":\#(depth)},"#)
      }
    }
    return lines
  }

  /// Budgets of which next to nothing is used: so much that those of the story do not count.
  private var idleness: [String] {
    let envelope = #","envelope":{"tokens":{"budget":1000000,"used":10}}"#
    return (0..<60).flatMap { handoff("i\($0)", "acknowledged", to: "other", envelope) }
  }

  /// What the sidecar says of itself.
  private static let own: Set = ["HandoffdStoreLagging", "HandoffdSpoolFilling"]

  @Test func `the same tiers fire in both`() throws {
    let (own, theirs) = (try hasty("handoffd.rules.yaml"), try hasty("prometheus.rules.yaml"))
    #expect(own.alerts.isSubset(of: theirs.alerts))
    let sidecar = try RunningSidecar(["--rules", own.path, "--acknowledgement-timeout", "2s"])
    try send(sidecar, beginning)
    let prometheus = try PrometheusProcess(scraping: sidecar.process.address(), rules: [theirs.path])
    try eventually("a scrape") { try !prometheus.query("handoff_failures_total").isEmpty }
    try eventually("a second scrape") {
      try prometheus.query("count_over_time(up[1m])").first?.value ?? 0 >= 3
    }
    try send(sidecar, story(Date().timeIntervalSince1970))
    let expected = own.alerts.subtracting(Self.own)
    try expect(expected.subtracting(["TokenBudgetIdle"]), of: own.alerts, sidecar, prometheus)
    // Budgets are used up, or idle; never both at a time.
    try send(sidecar, idleness)
    try expect(["TokenBudgetIdle"], of: ["TokenBudgetIdle"], sidecar, prometheus)
  }

  @Test func `a store that lags and a spool that fills up fire in both, too`() throws {
    let (own, theirs) = (try hasty("handoffd.rules.yaml"), try hasty("prometheus.rules.yaml"))
    let sidecar = try RunningSidecar(
      ["--rules", own.path, "--spool-capacity", "\(Backlog.capacity >> 20)MiB"], url: RunningSidecar.nowhere
    ) { try Backlog.fill($0) }
    let prometheus = try PrometheusProcess(scraping: sidecar.process.address(), rules: [theirs.path])
    try expect(Self.own, of: Self.own, sidecar, prometheus)
  }

  /// Waits until exactly `expected`, of `all`, have fired on both sides.
  private func expect(
    _ expected: Set<String>, of all: Set<String>, _ sidecar: RunningSidecar, _ prometheus: PrometheusProcess
  ) throws {
    var (here, there): (Set<String>, Set<String>) = ([], [])
    do {
      try eventually("all tiers on both sides", within: .seconds(120), every: .milliseconds(200)) {
        here.formUnion(try firing(sidecar).intersection(all))
        there.formUnion(try firing(prometheus).intersection(all))
        return here == expected && there == expected
      }
    } catch {
      Issue.record(
        "only the sidecar: \(here.subtracting(there)), only Prometheus: \(there.subtracting(here))")
      Issue.record("neither: \(expected.subtracting(here).subtracting(there))")
    }
  }

  private func firing(_ sidecar: RunningSidecar) throws -> Set<String> {
    Set(
      try sidecar.get("/v1/alerts").objects("alerts").filter { $0.text("state") == "firing" }
        .compactMap { $0.text("alert") })
  }

  private func firing(_ prometheus: PrometheusProcess) throws -> Set<String> {
    let data = try prometheus.get("/api/v1/alerts")["data"] as? [String: Any] ?? [:]
    return Set(
      data.objects("alerts").filter { $0.text("state") == "firing" }
        .compactMap { $0.object("labels").text("alertname") })
  }
}
