import Platform

/// A program of the Prometheus family: it takes a free port, says in its log which, and then says that it is ready.
final class WebProgram: Sendable {
  private let child: ChildProcess
  /// Where it listens.
  let endpoint: Endpoint

  /// Starts `program`, which works in `directory`, and waits until it is ready.
  init(_ program: String, _ arguments: [String], in directory: TemporaryDirectory) throws {
    let logPath = directory.file("log")
    let child = try ChildProcess.spawn(
      Command(
        program, arguments, environment: ["PATH": "/usr/bin:/bin"], workingDirectory: directory.path,
        output: .file(logPath), errors: .output))
    self.child = child
    endpoint = try eventually("an address of \(program)") {
      if !child.isRunning { throw TestFailure("\(program) ended: \(Self.read(logPath).suffix(2_000))") }
      return Self.address(in: Self.read(logPath))
    }
    try eventually("a ready \(program)") {
      (try? HTTPConnection(self.endpoint).get("/-/ready").status) == 200
    }
  }

  deinit {
    child.signal(.kill)
    _ = child.wait(until: SystemTime().now() + .seconds(10))
  }

  private static func read(_ path: String) -> String {
    let bytes = try? FileDescriptor.open(path, .read).readToEnd(limit: 1 << 22)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }

  /// It says where it listens once it does, with the port it was given.
  private static func address(in log: String) -> Endpoint? {
    log.matches(of: /Listening on" address=127\.0\.0\.1:([1-9][0-9]*)/).first
      .flatMap { UInt16($0.output.1) }.map { .port($0) }
  }
}
