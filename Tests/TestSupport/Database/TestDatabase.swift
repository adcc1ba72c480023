/// A database of one test; dropped with the object, whoever is still connected.
public final class TestDatabase: Sendable {
  /// The server it is on.
  public let cluster: TestCluster
  /// Its name.
  public let name: String

  init(cluster: TestCluster, name: String) {
    self.cluster = cluster
    self.name = name
  }

  deinit {
    _ = try? cluster.psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
  }

  /// How its owner `handoffd` reaches it through the Unix socket, as libpq's key/value pairs.
  public var connectionString: String {
    "host=\(cluster.socketDirectory) port=\(cluster.port) user=handoffd dbname=\(name)"
  }

  /// How its owner reaches it by TCP, as a URI; through another port where something stands in between.
  public func uri(port: UInt16? = nil) -> String {
    "postgresql://handoffd:\(cluster.password)@127.0.0.1:\(port ?? cluster.port)/\(name)"
  }

  /// How the superuser reaches it.
  public var adminConnectionString: String {
    "host=\(cluster.socketDirectory) port=\(cluster.port) user=postgres dbname=\(name)"
  }

  /// Runs SQL in it as the superuser; rows are lines, columns split by `|`.
  @discardableResult
  public func psql(_ sql: String) throws -> String {
    try cluster.psql(sql, database: name)
  }
}
