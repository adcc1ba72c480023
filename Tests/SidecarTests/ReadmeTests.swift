import Foundation
import Platform
import TestSupport
import Testing

/// What the README says is tried as it stands, but for the port.
@Suite struct ReadmeTests {
  @Test func `the README's examples do what it says`() throws {
    let sidecar = try RunningSidecar()
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    let examples = try Self.examples().map { $0.replacing("127.0.0.1:9797", with: "127.0.0.1:\(port)") }
    #expect(examples.count >= 4)
    let first = try #require(examples.first)
    #expect(try Self.run(first) == #"{"accepted":3,"duplicates":0,"rejected":[]}"#)
    #expect(try Self.run(first) == #"{"accepted":0,"duplicates":3,"rejected":[]}"#)
    _ = try sidecar.handoff("ho_readme", events: 3)
    // What an example's answer is known by, by what it asks for.
    let marks = [
      ("/metrics", "handoffd_ingest_events_total 3"), ("/v1/summary", "\"completed\":1"),
      ("/readiness", "\"ready\":true"), ("/v1/handoffs", "\"state\":\"completed\""),
    ]
    for example in examples.dropFirst() {
      let output = try Self.run(example)
      let mark = try #require(marks.first { example.contains($0.0) }, "\(example)")
      #expect(output.contains(mark.1), "\(output)")
    }
  }

  /// The shell examples that talk to a sidecar.
  private static func examples() throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    return text.components(separatedBy: "```sh\n").dropFirst().compactMap { part in
      part.components(separatedBy: "```").first
    }.filter { $0.contains("127.0.0.1:9797") }
  }

  private static func run(_ script: String) throws -> String {
    let outcome = try Command(
      "/bin/bash", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/"
    ).run(until: SystemTime().now() + .seconds(20))
    guard outcome.code == 0 else { throw TestFailure("\(outcome)") }
    return outcome.output
  }
}
