import Catalogue
import Exposition
import Foundation
import Testing

/// What Prometheus's own linter says of the whole catalogue.
@Suite struct PromtoolTests {
  private static let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: promtool != nil, "promtool is not installed (Debian package prometheus)"))
  func `promtool finds nothing to complain of`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    for example in [Example(), Example(isComplete: true), Example(agents: 0)] {
      var metrics = MetricsPage()
      try Data(metrics.render(.text, [example])).write(to: file)
      let (status, said) = try Self.check(file)
      #expect(status == 0, "\(said)")
      #expect(said.isEmpty)
    }
  }

  private static func check(_ page: URL) throws -> (status: Int32, said: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = promtool.map { URL(filePath: $0) }
    process.arguments = ["check", "metrics"]
    process.standardInput = try FileHandle(forReadingFrom: page)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
