import Dialects
import Envelopes
import Foundation
import TestSupport
import Testing

/// What docs/protocols.md shows is tried as it stands, but for the port.
@Suite struct `docs/protocols.md` {
  @Test func `its examples answer what stands below them`() throws {
    let sidecar = try RunningSidecar()
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    let examples = try ShellExample.all(of: Self.page, at: port).filter { $0.answer != nil }
    #expect(examples.count >= 4)
    for example in examples {
      let shown = try #require(example.answer)
      let wanted = try JSONSerialization.jsonObject(with: Data(shown.utf8))
      // What was sent is seen a moment later; what is sent again would be another answer.
      if example.script.contains("--data-binary") {
        let answer = try example.run()
        #expect(Self.holds(try Self.object(answer), wanted), "\(example.script)\n\(answer)")
      } else {
        try eventually("\(shown)", within: .seconds(20), every: .milliseconds(50)) {
          Self.holds(try Self.object(example.run()), wanted)
        }
      }
    }
  }

  @Test func `it names every dialect and every finding`() throws {
    let page = try ShellExample.text(of: Self.page)
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

  private static let page = "docs/protocols.md"
}
