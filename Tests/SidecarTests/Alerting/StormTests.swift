import Foundation
import Platform
import TestSupport
import Testing

/// Ten thousand alerts at once, through real delivery.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct StormTests {
  private static let count = 10_000
  /// Of how much memory the alerts may be the reason.
  private static let most = 256 << 20

  private func report(_ state: String, _ sidecar: RunningSidecar) throws {
    for start in stride(from: 0, to: Self.count, by: 2_000) {
      let lines = (start..<(start + 2_000)).map { #"{"type":"circuit.\#(state)","agent":"agent-\#($0)"}"# }
      #expect(try sidecar.send(lines.joined(separator: "\n")).status == 200)
    }
  }

  @Test func `ten thousand pages are grouped and delivered once each, and memory stays bounded`() throws {
    let files = try TemporaryDirectory()
    let pager = try Pager(answers: ["503 No", "cut"])
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files)])
    let before = sidecar.process.residentBytes
    var most = before
    for (state, status) in [("opened", "firing"), ("closed", "resolved")] {
      try report(state, sidecar)
      try eventually("all are \(status)", within: .seconds(120), every: .milliseconds(50)) {
        most = max(most, sidecar.process.residentBytes)
        return pager.pages.filter { $0.status == status }.reduce(0) { $0 + $1.alerts.count } >= Self.count
      }
      let told = pager.pages.filter { $0.status == status }
      #expect(told.reduce(0) { $0 + $1.alerts.count } == Self.count)
      #expect(Set(told.flatMap(\.alerts)).count == Self.count)
      // A hundred to a notification, and a few that came before the storm was one.
      #expect(told.count < 400, "\(told.count) notifications")
      let firing = #"handoffd_alerts{rule="HandoffCircuitOpen",severity="critical",state="firing"}"#
      let count = state == "opened" ? Double(Self.count) : 0
      try eventually("the metric") { try sidecar.metric(firing) == count }
    }
    #expect(Sanitizer.current != nil || most - before < Self.most, "\((most - before) >> 20) MiB")
    try eventually("the history", within: .seconds(120), every: .milliseconds(200)) {
      try sidecar.database.psql("SELECT count(*) FROM handoffd.alert_transitions") == "\(2 * Self.count)"
    }
  }
}
