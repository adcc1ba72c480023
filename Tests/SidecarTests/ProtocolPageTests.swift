import Dialects
import Envelopes
import Foundation
import Platform
import TestSupport
import Testing

/// What docs/protocols.md shows is tried as it stands, but for the port.
@Suite struct `docs/protocols.md` {
  @Test func `its examples answer what stands below them`() throws {
    let sidecar = try RunningSidecar()
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    let examples = try Self.examples()
    #expect(examples.count >= 4)
    for example in examples {
      let script = example.script.replacing("127.0.0.1:9797", with: "127.0.0.1:\(port)")
      let wanted = try JSONSerialization.jsonObject(with: Data(example.answer.utf8))
      // What was sent is seen a moment later; what is sent again would be another answer.
      if script.contains("--data-binary") {
        let answer = try Self.run(script)
        #expect(Self.holds(try Self.object(answer), wanted), "\(script)\n\(answer)")
      } else {
        try eventually("\(example.answer)", within: .seconds(20), every: .milliseconds(50)) {
          Self.holds(try Self.object(Self.run(script)), wanted)
        }
      }
    }
  }

  @Test func `it names every dialect and every finding`() throws {
    let page = try Self.page()
    for dialect in Dialect.allCases { #expect(page.contains("| `\(dialect.rawValue)` |")) }
    for code in Finding.Code.allCases { #expect(page.contains("`\(code.rawValue)`")) }
  }

  /// Whether everything that is wanted is in an answer.
  private static func holds(_ answer: Any, _ wanted: Any) -> Bool {
    switch (answer, wanted) {
    case (let answer as [String: Any], let wanted as [String: Any]):
      wanted.allSatisfy { name, value in answer[name].map { holds($0, value) } ?? false }
    case (let answer as [Any], let wanted as [Any]):
      answer.count == wanted.count && zip(answer, wanted).allSatisfy { holds($0, $1) }
    case (let answer as NSObject, let wanted as NSObject): answer.isEqual(wanted)
    default: false
    }
  }

  private static func object(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  private static func page() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/protocols.md"), encoding: .utf8)
  }

  /// Each shell example with the JSON that follows it.
  private static func examples() throws -> [(script: String, answer: String)] {
    try page().components(separatedBy: "```sh\n").dropFirst().compactMap { part in
      let blocks = part.components(separatedBy: "```")
      guard let answer = blocks.dropFirst(2).first, answer.hasPrefix("json\n") else { return nil }
      return (blocks[0], String(answer.dropFirst(5)))
    }
  }

  private static func run(_ script: String) throws -> String {
    let outcome = try Command(
      "/bin/bash", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/"
    ).run(until: SystemTime().now() + .seconds(20))
    guard outcome.code == 0 else { throw TestFailure("\(outcome)") }
    return outcome.output
  }
}
