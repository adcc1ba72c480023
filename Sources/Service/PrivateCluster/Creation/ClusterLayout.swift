import Platform

/// Where the parts of a private cluster lie.
struct ClusterLayout: Hashable, Sendable {
  /// The data directory, absolute and without links.
  let dataDirectory: String

  /// The cluster itself.
  var cluster: String { dataDirectory + "/postgres" }
  /// Held by the sidecar that works here.
  var lock: String { dataDirectory + "/postgres.lock" }
  /// What the server writes.
  var log: String { dataDirectory + "/postgres.log" }
  /// The passwords, as libpq's password file.
  var passwords: String { dataDirectory + "/postgres.pgpass" }
  /// The server's own note of its process.
  var postmasterFile: String { cluster + "/postmaster.pid" }
  /// The command line of the last server.
  var optionsFile: String { cluster + "/postmaster.opts" }

  /// Clusters are made under such a name, and renamed when they are whole.
  private static let draftPrefix = "postgres.new-"

  /// A name for a cluster in the making.
  func newDraft() -> String {
    var random = SystemRandomNumberGenerator()
    return "\(dataDirectory)/\(Self.draftPrefix)\(String(random.next(), radix: 36))"
  }

  /// What is left of clusters whose making was cut short.
  func drafts() throws(ClusterError) -> [String] {
    try system { () throws(SystemError) in try Directory.list(dataDirectory) }
      .filter { $0.hasPrefix(Self.draftPrefix) }.map { "\(dataDirectory)/\($0)" }
  }

  /// What stands where the cluster should be.
  enum Found: Hashable {
    case nothing
    case cluster(major: Int, owner: UInt32, mode: UInt32)
    case somethingElse
  }

  /// Looks what stands where the cluster should be.
  func find() throws(ClusterError) -> Found {
    try system { () throws(SystemError) in
      guard let status = try FileStatus.of(cluster) else { return .nothing }
      guard status.kind == .directory else { return .somethingElse }
      let names = try Directory.list(cluster)
      if names.isEmpty { return .nothing }
      guard names.contains("PG_VERSION"), names.contains("global"),
        let major = ServerVersion.major(ofCluster: try Self.text(cluster + "/PG_VERSION"))
      else { return .somethingElse }
      return .cluster(major: major, owner: status.owner, mode: status.mode)
    }
  }

  /// A small file as text; empty when it is not there.
  static func text(_ path: String) throws(SystemError) -> String {
    do throws(SystemError) {
      let bytes = try FileDescriptor.open(path, [.read, .noFollow]).readToEnd(limit: 65_536)
      return String(decoding: bytes, as: UTF8.self)
    } catch  where error.isNotFound {
      return ""
    }
  }
}
