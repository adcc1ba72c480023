import Platform

/// All that is fixed about a server before it is started.
struct ServerPlan: Sendable {
  let layout: ClusterLayout
  let commands: ServerCommands
  let socketDirectory: String
  /// The cluster's directory, whatever it is called.
  let cluster: FileStatus.Identity

  /// The server's arguments, which are also how a server that was left is known to be as it should.
  var arguments: [String] {
    ["-D", commands.name(of: layout.cluster)]
      + ServerSettings.required(socketDirectory: socketDirectory).flatMap { ["-c", "\($0.0)=\($0.1)"] }
  }

  /// How to start it.
  func command() throws(SystemError) -> Command {
    try commands.command(
      commands.binaries.postgres, arguments, cluster: layout.cluster, output: .file(layout.log))
  }

  /// What libpq needs to know; the password stands in a file of its own.
  var connectionString: String {
    var settings = [
      ("host", socketDirectory), ("port", "5432"), ("dbname", ClusterNames.database),
      ("user", ClusterNames.role), ("passfile", layout.passwords),
    ]
    // Nobody else can have put a server there, but it costs nothing to ask.
    if let name = commands.account.name { settings.append(("requirepeer", name)) }
    return settings.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
  }

  /// As libpq reads values: between quotes, with quotes and backslashes escaped.
  static func quoted(_ value: String) -> String {
    if !value.isEmpty, value.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 39 && $0 != 92 }) { return value }
    let escaped = value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    return "'\(escaped)'"
  }

  /// The processes that work in the cluster.
  func workers() -> [OtherProcess] {
    OtherProcess.all(workingIn: cluster)
  }

  /// Removes lock files that no living server can mean.
  ///
  /// To be called when nobody works in the cluster. PostgreSQL itself would stumble over a process that took over the
  /// number, or over a zombie that nobody waits for.
  func removeStaleLocks() {
    try? Directory.remove(layout.postmasterFile)
    try? Directory.remove(socketDirectory + "/.s.PGSQL.5432.lock")
  }

  /// Leaves nothing outside the data directory; a directory that is not empty stays.
  func removeForeignSocketDirectory() {
    if !socketDirectory.hasPrefix(layout.dataDirectory + "/") { try? Directory.remove(socketDirectory) }
  }
}
