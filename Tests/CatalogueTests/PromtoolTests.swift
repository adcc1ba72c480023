import Catalogue
import Exposition
import Foundation
import Testing

/// What Prometheus's own tool says of the whole catalogue, and of what the dashboards ask.
@Suite(.enabled(if: promtool != nil, "promtool is not installed (Debian package prometheus)"))
struct PromtoolTests {
  @Test(arguments: [Example(), Example(isComplete: true), Example(agents: 0)])
  func `promtool finds nothing to complain of`(example: Example) throws {
    var metrics = CataloguePage()
    let (status, said) = try run(["check", "metrics"], metrics.render(.text, [example]))
    #expect(status == 0, "\(said)")
    #expect(said.isEmpty)
  }

  @Test(arguments: Dashboard.all) func `every expression of a dashboard is one`(dashboard: Dashboard) throws {
    let rules = dashboard.expressions.enumerated().map { place, expression in
      let text = expression.text.replacing("$__rate_interval", with: "5m").replacing("$__range", with: "1h")
      return ["record": "handoff:expression:\(place)", "expr": text]
    }
    let groups = ["groups": [["name": dashboard.uid, "rules": rules] as [String: Any]]]
    let yaml = try JSONSerialization.data(withJSONObject: groups, options: .withoutEscapingSlashes)
    let (status, said) = try run(["check", "rules"], Array(yaml))
    #expect(status == 0, "\(said)")
    #expect(said.contains("\(rules.count) rules found"), "\(said)")
  }

  /// Runs promtool on a file of those bytes; as `check metrics` reads it from its input, it gets it there too.
  private func run(_ arguments: [String], _ bytes: [UInt8]) throws -> (status: Int32, said: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "promtool-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bytes).write(to: file)
    let process = Process()
    let output = Pipe()
    process.executableURL = promtool.map { URL(filePath: $0) }
    process.arguments = arguments[1] == "metrics" ? arguments : arguments + [file.path()]
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}

private let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
