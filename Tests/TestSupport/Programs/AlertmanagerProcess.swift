import Foundation
import Platform

/// Debian's Alertmanager, which tells a receiver of a test's own.
public final class AlertmanagerProcess: Sendable {
  /// Where Debian puts it.
  public static let program = "/usr/bin/prometheus-alertmanager"

  private let directory: TemporaryDirectory
  private let process: WebProgram

  /// Starts one that tells the webhook `receiver` at once, of ends as well, and again each `repeats`.
  public init(telling receiver: String, repeats: String = "4h") throws {
    directory = try TemporaryDirectory("handoffd-alertmanager")
    let configuration = """
      route: {receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: \(repeats)}
      receivers: [{name: test, webhook_configs: [{url: '\(receiver)', send_resolved: true}]}]

      """
    try FileDescriptor.open(directory.file("alertmanager.yml"), [.write, .create]).write(
      all: Array(configuration.utf8))
    process = try WebProgram(
      Self.program,
      [
        "--config.file=\(directory.file("alertmanager.yml"))", "--storage.path=\(directory.file("data"))",
        "--web.listen-address=127.0.0.1:0", "--cluster.listen-address=",
      ], in: directory)
  }

  /// Its address, for whoever tells it of alerts.
  public var url: String { "http://\(process.endpoint)" }

  /// What it has of an alert, if it has it.
  public func alert(_ name: String) throws -> [String: Any]? {
    let answer = try HTTPConnection(process.endpoint).get("/api/v2/alerts")
    guard answer.status == 200,
      let list = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]]
    else { throw TestFailure("Alertmanager: \(answer.status) \(answer.text)") }
    return list.first { ($0["labels"] as? [String: Any])?["alertname"] as? String == name }
  }
}
