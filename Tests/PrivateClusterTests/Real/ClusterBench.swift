import Platform
import PrivateCluster
import TestSupport
import Testing

/// A data directory, and what a test does with the private cluster in it.
final class ClusterBench: Sendable {
  let directory: TemporaryDirectory
  let data: String
  let lines = Lines()

  init(_ data: String = "data", mode: UInt32 = 0o711) throws {
    directory = try TemporaryDirectory("handoffd-private", mode: mode)
    self.data = directory.file(data)
  }

  var log: Log { Log(level: .debug, sink: { [lines] in lines.add($0) }) }
  var cluster: String { data + "/postgres" }

  func start() throws -> PrivateCluster {
    do {
      return try PrivateCluster.start(dataDirectory: data, log: log)
    } catch {
      print(lines.all.joined())
      throw error
    }
  }

  /// Runs SQL as handoffd does, by psql.
  @discardableResult
  func psql(_ cluster: PrivateCluster, _ sql: String) throws -> String {
    let outcome = try Command(
      "/usr/bin/psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", cluster.connectionString, "-c", sql],
      environment: ["LC_ALL": "C"]
    ).run(until: SystemTime().now() + .seconds(60))
    if outcome.code != 0 { throw TestFailure(outcome.output) }
    return String(outcome.output.last == "\n" ? outcome.output.dropLast() : outcome.output[...])
  }

  /// The postmaster that the cluster's own file names.
  var postmaster: Int32? {
    let bytes = try? FileDescriptor.open(cluster + "/postmaster.pid", .read).readToEnd(limit: 4_096)
    return String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").first.flatMap { Int32($0) }
  }

  func mode(_ path: String) throws -> String {
    String(try #require(try FileStatus.of(path)).mode, radix: 8)
  }

  func write(_ text: String, to path: String) throws {
    try FileDescriptor.open(path, [.write, .create, .truncate]).write(all: Array(text.utf8))
  }
}
