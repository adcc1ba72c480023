// The real program in a process of its own, for tests that kill it.
public import Platform
import Synchronization

/// A running `handoffd serve`, and what a test does to it.
public final class SidecarProcess: Sendable {
  /// How it is started.
  public struct Options: Sendable {
    /// Arguments behind `serve --listen 127.0.0.1:0 --data-dir …`.
    public var arguments: [String]
    /// Its environment, besides `PATH`.
    public var environment: [String: String]
    /// The user it runs as; nil: this one.
    public var account: Command.Account?
    /// The program.
    public var program: String?

    /// The defaults.
    public init(
      _ arguments: [String] = [], environment: [String: String] = [:], account: Command.Account? = nil,
      program: String? = nil
    ) {
      self.arguments = arguments
      self.environment = environment
      self.account = account
      self.program = program
    }
  }

  /// Where it keeps everything.
  public let dataDirectory: String
  /// Held, because what works in it goes with it.
  private let directory: TemporaryDirectory
  private let child: ChildProcess
  private let logPath: String

  /// Starts one; `directory` gets `data` with what it keeps, unless it is told otherwise, and `handoffd.log`.
  ///
  /// It works in `directory`, so it goes with it whatever happens.
  public init(
    in directory: TemporaryDirectory, dataDirectory: String? = nil, _ options: Options = Options()
  ) throws {
    let data = dataDirectory ?? directory.file("data")
    self.dataDirectory = data
    self.directory = directory
    logPath = directory.file("handoffd.log")
    // An address that an earlier process left would be taken for this one's.
    try? Directory.remove(data + "/handoffd.address")
    child = try ChildProcess.spawn(
      Command(
        try options.program ?? BuiltProducts.program(),
        ["serve", "--listen", "127.0.0.1:0", "--data-dir", data] + options.arguments,
        environment: BuiltProducts.environment(["PATH": "/usr/local/bin:/usr/bin:/bin"], options.environment),
        workingDirectory: directory.path, runAs: options.account, output: .file(logPath), errors: .output))
  }

  deinit {
    kill()
  }

  /// Its process id.
  public var pid: Int32 { child.pid }
  /// Whether it has not ended.
  public var isRunning: Bool { child.isRunning }

  /// Where it listens, once it does.
  public func address(within limit: Duration = .seconds(60)) throws -> Endpoint {
    try eventually("an address of handoffd", within: limit) {
      if !child.isRunning { throw TestFailure("handoffd ended at its start: \(log.suffix(2_000))") }
      return knownAddress
    }
  }

  /// A connection to it, once it listens.
  public func connect(within limit: Duration = .seconds(60)) throws -> HTTPConnection {
    try HTTPConnection(address(within: limit))
  }

  /// Waits until `/-/ready` says 200.
  public func waitUntilReady(within limit: Duration = .seconds(60)) throws {
    let endpoint = try address(within: limit)
    try eventually("a ready handoffd", within: limit, every: .milliseconds(20)) {
      if !child.isRunning { throw TestFailure("handoffd ended at its start: \(log.suffix(2_000))") }
      return (try? HTTPConnection(endpoint).get("/-/ready").status) == 200
    }
  }

  /// Kills it as the kernel would, and waits until it is gone.
  public func kill() {
    child.signal(.kill)
    _ = child.wait(until: SystemTime().now() + .seconds(10))
  }

  /// Asks it to end; its exit code, nil when it did not within `limit`.
  public func terminate(_ signal: Signal = .terminate, within limit: Duration = .seconds(15)) -> Int32? {
    child.signal(signal)
    return wait(within: limit)
  }

  /// Its exit code once it ends by itself; nil when it did not within `limit`.
  public func wait(within limit: Duration) -> Int32? {
    child.wait(until: SystemTime().now() + limit * Sanitizer.slowness)
  }

  /// Sends a signal.
  public func signal(_ signal: Signal) {
    child.signal(signal)
  }

  /// Its memory in RAM; 0 when it has ended.
  public var residentBytes: Int {
    let bytes = try? FileDescriptor.open("/proc/\(pid)/status", .read).readToEnd(limit: 1 << 16)
    let line = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmRSS:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    return (kibibytes ?? 0) << 10
  }

  /// How many files and connections it has open.
  public var openFiles: Int { (try? Directory.list("/proc/\(pid)/fd"))?.count ?? 0 }

  /// What it and its predecessors in the same directory wrote.
  public var log: String {
    let bytes = try? FileDescriptor.open(logPath, .read).readToEnd(limit: 1 << 26)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }

  private var knownAddress: Endpoint? {
    let bytes = try? FileDescriptor.open(dataDirectory + "/handoffd.address", .read).readToEnd(limit: 4_096)
    let text = String(decoding: bytes ?? [], as: UTF8.self)
    // A line that has no end yet is not the whole address.
    guard let end = text.firstIndex(of: "\n"), let colon = text[..<end].lastIndex(of: ":") else { return nil }
    return UInt16(text[text.index(after: colon)..<end]).map { .port($0) }
  }
}
