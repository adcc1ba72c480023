package import Platform

/// The programs of one PostgreSQL installation.
package struct ServerBinaries: Hashable, Sendable {
  /// Where they lie.
  package var directory: String
  /// What `postgres --version` says.
  package var version: ServerVersion

  /// The server.
  package var postgres: String { directory + "/postgres" }
  /// The program that makes clusters.
  package var initdb: String { directory + "/initdb" }

  /// Every installation on this machine, the newest first.
  ///
  /// The programs are asked as `account`, because a directory of `PATH` may be anybody's.
  package static func installed(
    askedAs account: Command.Account?, time: any TimeSource
  ) throws(ClusterError) -> [ServerBinaries] {
    let places = candidates(askedAs: account, time: time)
    var found: [ServerBinaries] = []
    for place in places where isComplete(place) {
      if let version = version(of: place, account, time) {
        found.append(ServerBinaries(directory: place, version: version))
      }
    }
    if found.isEmpty { throw .noServer(searched: places) }
    return found.enumerated()
      .sorted {
        $0.element.version == $1.element.version
          ? $0.offset < $1.offset : $0.element.version > $1.element.version
      }
      .map(\.element)
  }

  /// The one to use: of the cluster's own major version where there is a cluster, else the newest.
  package static func choose(
    among installed: [ServerBinaries], forCluster directory: String, of major: Int?
  ) throws(ClusterError) -> ServerBinaries {
    guard let newest = installed.first else { throw .noServer(searched: []) }
    guard let major else { return newest }
    if let same = installed.first(where: { $0.version.major == major }) { return same }
    throw .otherVersion(directory, found: major, installed: newest.version)
  }

  /// `pg_config --bindir`, Debian's directories and `PATH`, each once, in this order.
  private static func candidates(askedAs account: Command.Account?, time: any TimeSource) -> [String] {
    let path = (Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
      .split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    var places = configured(path, account, time) + debian() + path
    var seen: Set<String> = []
    places.removeAll { !seen.insert($0).inserted }
    return places
  }

  private static func configured(
    _ path: [String], _ account: Command.Account?, _ time: any TimeSource
  ) -> [String] {
    guard let program = path.map({ $0 + "/pg_config" }).first(where: Directory.exists),
      let outcome = try? Command(
        program, ["--bindir"], environment: ["LC_ALL": "C"], workingDirectory: "/", runAs: account
      ).run(until: time.now() + .seconds(5)),
      outcome.code == 0
    else { return [] }
    let line = outcome.output.prefix { $0 != "\n" }
    return line.hasPrefix("/") ? [String(line)] : []
  }

  private static func debian() -> [String] {
    let root = "/usr/lib/postgresql"
    return ((try? Directory.list(root)) ?? []).map { "\(root)/\($0)/bin" }
  }

  private static func isComplete(_ place: String) -> Bool {
    Directory.exists(place + "/postgres") && Directory.exists(place + "/initdb")
  }

  private static func version(
    of place: String, _ account: Command.Account?, _ time: any TimeSource
  ) -> ServerVersion? {
    let command = Command(
      place + "/postgres", ["--version"], environment: ["LC_ALL": "C"], workingDirectory: "/", runAs: account)
    guard let outcome = try? command.run(until: time.now() + .seconds(5)), outcome.code == 0 else {
      return nil
    }
    return ServerVersion(programSays: outcome.output)
  }
}
