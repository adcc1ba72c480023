import Platform
import PrivateCluster

/// Debian's PgBouncer in transaction mode in front of a test cluster, as strict as it comes: no start-up parameter is let through
/// that it does not know.
public final class PgBouncer: Sendable {
  /// Its port on 127.0.0.1.
  public let port: UInt16
  private let cluster: TestCluster
  private let directory: TemporaryDirectory
  private let child: ChildProcess

  /// Where Debian puts it.
  public static let program = "/usr/sbin/pgbouncer"

  /// Starts one, and waits until it lets somebody through; `poolSize` server connections at most for each database.
  public init(_ cluster: TestCluster, poolSize: Int = 8) throws {
    self.cluster = cluster
    directory = try TemporaryDirectory("handoffd-bouncer")
    port = try Socket.freePort()
    // PgBouncer refuses root as PostgreSQL does.
    let account = try ServerAccount.forServer()
    let configuration = Self.configuration(cluster, port: port, poolSize: poolSize, directory.path)
    for (name, text) in [("bouncer.ini", configuration), ("users", Self.users(cluster)), ("log", "")] {
      try FileDescriptor.open(directory.file(name), [.write, .create]).write(all: Array(text.utf8))
      if account.switching != nil {
        try Directory.setOwner(directory.file(name), user: account.uid, group: account.gid)
      }
    }
    child = try ChildProcess.spawn(
      Command(
        Self.program, ["-q", directory.file("bouncer.ini")], environment: ["PATH": "/usr/bin:/bin"],
        workingDirectory: directory.path, runAs: account.switching, output: .discard, errors: .discard))
    try waitUntilOpen()
  }

  deinit {
    stop()
  }

  /// How the owner of `database` reaches it through here.
  public func uri(_ database: TestDatabase) -> String {
    database.uri(port: port)
  }

  /// Ends it.
  public func stop() {
    child.signal(.kill)
    _ = child.wait(until: SystemTime().now() + .seconds(5))
  }

  /// What it wrote.
  public var log: String {
    let bytes = try? FileDescriptor.open(directory.file("log"), .read).readToEnd(limit: 1 << 22)
    return String(decoding: bytes ?? [], as: UTF8.self)
  }

  private static func configuration(
    _ cluster: TestCluster, port: UInt16, poolSize: Int, _ directory: String
  ) -> String {
    """
    [databases]
    * = host=\(cluster.socketDirectory) port=\(cluster.port)
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = \(port)
    unix_socket_dir =
    auth_type = scram-sha-256
    auth_file = \(directory)/users
    logfile = \(directory)/log
    pool_mode = transaction
    default_pool_size = \(poolSize)
    max_client_conn = 500
    server_login_retry = 1

    """
  }

  private static func users(_ cluster: TestCluster) -> String {
    ["handoffd", "postgres"].map { "\"\($0)\" \"\(cluster.password)\"\n" }.joined()
  }

  private func waitUntilOpen() throws {
    let command = Command(
      cluster.binaries.directory + "/psql",
      ["-XAtqc", "select 1", "postgresql://handoffd:\(cluster.password)@127.0.0.1:\(port)/postgres"],
      environment: ["LC_ALL": "C", "PGCONNECT_TIMEOUT": "5"], workingDirectory: "/")
    try eventually("PgBouncer") {
      if !child.isRunning { throw TestFailure("PgBouncer ended: \(log)") }
      return try command.run(until: SystemTime().now() + .seconds(10)).code == 0
    }
  }
}
