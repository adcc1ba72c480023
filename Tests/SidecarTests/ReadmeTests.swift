import TestSupport
import Testing

/// What the README says is tried as it stands, but for the port.
@Suite struct ReadmeTests {
  @Test func `the README's examples do what it says`() throws {
    let sidecar = try RunningSidecar()
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    let examples = try ShellExample.all(of: "README.md", at: port)
    #expect(examples.count >= 4)
    let first = try #require(examples.first)
    #expect(try first.run() == #"{"accepted":3,"duplicates":0,"rejected":[]}"#)
    #expect(try first.run() == #"{"accepted":0,"duplicates":3,"rejected":[]}"#)
    _ = try sidecar.handoff("ho_readme", events: 3)
    // What an example's answer is known by, by what it asks for.
    let marks = [
      ("/metrics", "handoffd_ingest_events_total 3"), ("/v1/summary", "\"completed\":1"),
      ("/readiness", "\"ready\":true"), ("/v1/handoffs", "\"state\":\"completed\""),
    ]
    for example in examples.dropFirst() {
      let output = try example.run()
      let mark = try #require(marks.first { example.script.contains($0.0) }, "\(example)")
      #expect(output.contains(mark.1), "\(output)")
    }
  }
}
