import Platform
import TestSupport

/// Debian's Pushgateway, which holds and serves what was pushed to it: the yardstick of a metrics page.
final class Gateway {
  /// Where Debian puts it.
  private static let program = "/usr/bin/prometheus-pushgateway"

  let endpoint: Endpoint
  private let directory: TemporaryDirectory
  private let child: ChildProcess

  /// Starts one, and waits until it answers.
  init() throws {
    directory = try TemporaryDirectory("handoffd-gateway")
    let endpoint = Endpoint.port(try Socket.freePort())
    self.endpoint = endpoint
    let child = try ChildProcess.spawn(
      Command(
        Self.program, ["--web.listen-address=\(endpoint)", "--log.level=error"],
        environment: ["PATH": "/usr/bin:/bin"], workingDirectory: directory.path, output: .discard,
        errors: .discard))
    self.child = child
    try eventually("a ready Pushgateway") {
      if !child.isRunning { throw TestFailure("\(Self.program) ended at its start") }
      return (try? HTTPConnection(endpoint).get("/-/ready").status) == 200
    }
  }

  deinit {
    child.signal(.kill)
    _ = child.wait(until: SystemTime().now() + .seconds(5))
  }

  /// Pushes a page under a job, in place of what it had.
  func push(_ page: [UInt8], job: String, over connection: HTTPConnection) throws {
    let answer = try connection.send(
      "PUT", "/metrics/job/\(job)", headers: [("Content-Type", "text/plain; version=0.0.4")], body: page)
    guard answer.status == 200 else {
      throw TestFailure("a push was answered \(answer.status): \(answer.text)")
    }
  }
}
