import Foundation
import Testing

/// What Prometheus's and Alertmanager's own tools say of the files for them.
struct PrometheusTests {
  @Test(.enabled(if: Tool.promtool != nil, "promtool is not installed (Debian package prometheus)"))
  func `promtool finds the rules good`() throws {
    let (status, said) = try Tool.run(Tool.promtool, ["check", "rules", Tool.file("prometheus.rules.yaml")])
    #expect(status == 0 && said.contains("rules found"), "\(said)")
  }

  @Test(.enabled(if: Tool.promtool != nil, "promtool is not installed (Debian package prometheus)"))
  func `the rules for Prometheus fire where they should`() throws {
    let (status, said) = try Tool.run(Tool.promtool, ["test", "rules", Tool.file("prometheus.tests.yaml")])
    #expect(status == 0 && said.contains("SUCCESS"), "\(said)")
  }

  @Test(.enabled(if: Tool.amtool != nil, "amtool is not installed (Debian package prometheus-alertmanager)"))
  func `amtool finds the example for Alertmanager good`() throws {
    let (status, said) = try Tool.run(Tool.amtool, ["check-config", Tool.file("alertmanager.example.yaml")])
    #expect(status == 0 && said.contains("SUCCESS"), "\(said)")
  }
}

/// Tools of others, and the files they look at.
enum Tool {
  static let promtool = find("promtool")
  static let amtool = find("amtool")

  static func file(_ name: String) -> String {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: "alerts/\(name)").path()
  }

  static func run(_ program: String?, _ arguments: [String]) throws -> (status: Int32, said: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = try URL(filePath: #require(program))
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  private static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
