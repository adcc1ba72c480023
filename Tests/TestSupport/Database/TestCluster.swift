// A real PostgreSQL for tests: one a test run, started when it is first asked for, or one of a test's own that may be
// stopped and killed. It listens on a Unix socket and on a free port of 127.0.0.1 (for proxies). Nothing is synced to
// disk unless asked for. The data goes with the run, however that ends.
public import Platform
package import PrivateCluster
import Synchronization

/// A throw-away PostgreSQL server.
public final class TestCluster: Sendable {
  /// How a cluster is set up.
  public struct Options: Sendable {
    /// Whether commits reach the disk; needed only where the server is killed.
    public var isDurable = false
    /// Further settings.
    public var settings: [String: String] = [:]
    /// Where the data lies; nil: among the temporary files.
    public var parent: String?

    /// The defaults.
    public init(isDurable: Bool = false, settings: [String: String] = [:], parent: String? = nil) {
      self.isDurable = isDurable
      self.settings = settings
      self.parent = parent
    }
  }

  /// The programs it runs.
  package let binaries: ServerBinaries
  /// Where it keeps everything.
  public let directory: TemporaryDirectory
  /// Its port on 127.0.0.1.
  public let port: UInt16
  /// The password of the role `handoffd`, and of `postgres`.
  public let password: String

  private let account: ServerAccount
  private let options: Options
  private let server = Guarded<ChildProcess?>(nil)
  private let count = Atomic<Int>(0)

  /// The directory of its Unix socket.
  public var socketDirectory: String { directory.file("socket") }
  /// The data directory.
  public var dataDirectory: String { directory.file("data") }

  /// The one of this test run.
  public static func shared() throws -> TestCluster {
    try common.get()
  }

  private static let common = Result { try TestCluster(Options(settings: ["shared_buffers": "128MB"])) }

  /// Makes and starts one.
  public init(_ options: Options = Options()) throws {
    self.options = options
    let time = SystemTime()
    account = try ServerAccount.forServer()
    binaries = try ServerBinaries.choose(
      among: ServerBinaries.installed(askedAs: account.switching, time: time), forCluster: "", of: nil)
    directory = try TemporaryDirectory("handoffd-pg", in: options.parent)
    port = try Socket.freePort()
    password = String(UInt64.random(in: .min ... .max), radix: 36)
    try create()
    try start()
    try provide()
  }

  /// The process id of the postmaster, nil when it does not run.
  public var pid: Int32? { server.withLock { $0.flatMap { $0.isRunning ? $0.pid : nil } } }

  /// Starts it, and waits until it answers.
  public func start() throws {
    let command = serverCommand()
    // After a kill the old backends may still hold the shared memory: then the server refuses, and is asked again.
    try eventually("a running PostgreSQL", within: .seconds(60)) {
      let child = try ChildProcess.spawn(command)
      server.withLock { $0 = child }
      let deadline = SystemTime().now() + .seconds(30)
      while SystemTime().now() < deadline, child.isRunning {
        if (try? psql("select 1")) == "1" { return true }
        pause(.milliseconds(20))
      }
      child.signal(.kill)
      _ = child.wait(until: SystemTime().now() + .seconds(5))
      return false
    }
  }

  /// Stops it: `.interrupt` disconnects everybody, `.quit` is a crash, `.terminate` waits for the clients.
  public func stop(_ signal: Signal = .interrupt, within limit: Duration = .seconds(30)) throws {
    guard let child = server.withLock({ $0 }) else { return }
    child.signal(signal)
    guard child.wait(until: SystemTime().now() + limit) != nil else {
      throw TestFailure("PostgreSQL did not stop within \(limit)")
    }
  }

  /// Kills the postmaster as the kernel would; its backends live on until they notice.
  public func kill() {
    guard let child = server.withLock({ $0 }) else { return }
    child.signal(.kill)
    _ = child.wait(until: SystemTime().now() + .seconds(10))
  }

  /// A new empty database that goes with the object.
  public func database(owner: String = "handoffd") throws -> TestDatabase {
    let number = count.add(1, ordering: .relaxed).newValue
    let name = "test_\(number)"
    try psql("CREATE DATABASE \(name) OWNER \(owner)")
    return TestDatabase(cluster: self, name: name)
  }

  /// Runs SQL as the superuser with psql, which shares no code with what is tested; rows are lines, columns split by `|`.
  @discardableResult
  public func psql(_ sql: String, database: String = "postgres") throws -> String {
    let command = Command(
      binaries.directory + "/psql",
      [
        "-XAtq", "-v", "ON_ERROR_STOP=1", "-d",
        "host=\(socketDirectory) port=\(port) user=postgres dbname=\(database)", "-c", sql,
      ],
      environment: ["LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"], workingDirectory: "/")
    let outcome = try command.run(until: SystemTime().now() + .seconds(60))
    if outcome.code != 0 { throw TestFailure("psql: \(outcome.output)") }
    return String(outcome.output.last == "\n" ? outcome.output.dropLast() : outcome.output[...])
  }

  /// What the server wrote.
  public var log: String {
    let bytes = try? FileDescriptor.open(directory.file("log"), .read).readToEnd(limit: 1 << 24)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }

  private func create() throws {
    for name in ["data", "socket"] {
      try Directory.create(directory.file(name), mode: 0o700)
      if account.switching != nil {
        try Directory.setOwner(directory.file(name), user: account.uid, group: account.gid)
      }
    }
    let outcome = try Command(
      binaries.initdb,
      [
        "-D", dataDirectory, "-U", "postgres", "-E", "UTF8", "--locale=C", "-k", "-N", "--no-instructions",
        "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=\(try passwordFile())",
      ], environment: environment, workingDirectory: dataDirectory, runAs: account.switching
    ).run(until: SystemTime().now() + .seconds(120))
    if outcome.code != 0 { throw TestFailure("initdb: \(outcome.output)") }
  }

  /// Readable for the server's user only: the directory is its own.
  private func passwordFile() throws -> String {
    let path = socketDirectory + "/password"
    try FileDescriptor.open(path, [.write, .create, .exclusive]).write(all: Array("\(password)\n".utf8))
    if account.switching != nil { try Directory.setOwner(path, user: account.uid, group: account.gid) }
    return path
  }

  private func provide() throws {
    try psql("CREATE ROLE handoffd LOGIN PASSWORD '\(password)'")
  }

  private var environment: [String: String] { ["PATH": "/usr/bin:/bin", "LC_ALL": "C"] }

  private func serverCommand() -> Command {
    var settings = [
      "listen_addresses": "127.0.0.1", "port": "\(port)", "unix_socket_directories": socketDirectory,
      "unix_socket_permissions": "0700", "max_connections": "200", "ssl": "off", "timezone": "UTC",
      "max_wal_size": "1GB", "shared_buffers": "32MB", "log_line_prefix": "%m [%p] ",
    ]
    if !options.isDurable {
      settings.merge(["fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"]) { $1 }
    }
    settings.merge(options.settings) { $1 }
    let flags = settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    return Command(
      binaries.postgres, ["-D", dataDirectory] + flags, environment: environment,
      workingDirectory: dataDirectory, runAs: account.switching, output: .file(directory.file("log")),
      errors: .output)
  }
}
