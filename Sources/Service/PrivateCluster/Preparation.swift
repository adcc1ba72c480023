import Platform

/// Everything that comes before the first launch.
struct Preparation {
  let time: any TimeSource
  let log: Log

  /// Finds or makes what a server needs, and locks it against other sidecars.
  func run(_ dataDirectory: String) throws(ClusterError) -> (ServerPlan, FileLock) {
    let layout = ClusterLayout(dataDirectory: try open(dataDirectory))
    let lock = try take(layout)
    let found = try layout.find()
    let account = try account(found, layout)
    let commands = try commands(found, account, layout)
    try ClusterCreation.removeDrafts(layout, time: time, log: log)
    if found == .nothing { try create(layout, commands) } else { try close(found, layout) }
    let socketDirectory = try SocketDirectory(layout: layout, commands: commands).prepare()
    let status = try system { () throws(SystemError) in try FileStatus.of(layout.cluster) }
    guard let status else { throw .unusable(layout.cluster, "it disappeared") }
    let plan = ServerPlan(
      layout: layout, commands: commands, socketDirectory: socketDirectory, cluster: status.identity)
    return (plan, lock)
  }

  /// The data directory, there, and as root open for walking through.
  private func open(_ directory: String) throws(ClusterError) -> String {
    let path = try system { () throws(SystemError) in
      if !Directory.exists(directory) {
        try Directory.create(directory, mode: Identity.isRoot ? 0o711 : 0o700)
      }
      return try Directory.canonical(directory)
    }
    let found = try system { () throws(SystemError) in try FileStatus.of(path) }
    guard let found, found.kind == .directory else { throw .unusable(path, "it is not a directory") }
    if found.mode & 0o1000 != 0 {
      throw .unusable(path, "it is shared by all users", hint: "choose a --data-dir of its own below it")
    }
    if Identity.isRoot, found.owner == 0, found.mode != 0o711 {
      try system { () throws(SystemError) in try Directory.setMode(path, 0o711) }
    }
    return path
  }

  private func take(_ layout: ClusterLayout) throws(ClusterError) -> FileLock {
    do throws(FileLock.Failure) {
      return try FileLock(layout.lock)
    } catch {
      switch error {
      case .system(let error): throw ClusterError(error)
      case .held(let pid):
        throw ClusterError(
          .locked, "use the private PostgreSQL in \(layout.cluster)",
          "another handoffd\(pid.map { " (process \($0))" } ?? "") works there",
          hint: "stop it, or choose another --data-dir")
      }
    }
  }

  private func account(_ found: ClusterLayout.Found, _ layout: ClusterLayout) throws(ClusterError)
    -> ServerAccount
  {
    switch found {
    case .nothing: return try ServerAccount.forServer()
    case .cluster(_, let owner, _):
      if owner == 0 {
        throw .unusable(
          layout.cluster, "it belongs to root, and PostgreSQL refuses to run as root",
          hint: "give it with all it holds to another user: chown -R postgres")
      }
      return try ServerAccount.forServer(ownerOfCluster: owner)
    case .somethingElse:
      throw .unusable(
        layout.cluster, "it is not a PostgreSQL cluster, and not empty",
        hint: "move it away, choose another --data-dir, or use another database with --database-url")
    }
  }

  private func commands(
    _ found: ClusterLayout.Found, _ account: ServerAccount, _ layout: ClusterLayout
  ) throws(ClusterError) -> ServerCommands {
    var major: Int?
    if case .cluster(let number, _, _) = found { major = number }
    let installed = try ServerBinaries.installed(askedAs: account.switching, time: time)
    let binaries = try ServerBinaries.choose(among: installed, forCluster: layout.cluster, of: major)
    if let newest = installed.first, newest.version.major > binaries.version.major {
      log(
        .info,
        "the private PostgreSQL stays with the version that made it; pg_upgrade would move it to a newer one",
        ["version": .of(binaries.version), "newest": .of(newest.version)])
    }
    let commands = ServerCommands(binaries, account, reaching: layout.dataDirectory, time: time)
    if commands.isVeiled {
      log(
        .info,
        "the server's user cannot walk to the data directory; the cluster is handed to it as an open directory",
        ["user": .text(account.name ?? "\(account.uid)"), "directory": .text(layout.dataDirectory)])
    }
    return commands
  }

  private func create(_ layout: ClusterLayout, _ commands: ServerCommands) throws(ClusterError) {
    log(
      .info, "a private PostgreSQL is made; this happens once",
      ["directory": .text(layout.cluster), "version": .of(commands.binaries.version)])
    try ClusterCreation(layout: layout, commands: commands, time: time).run()
  }

  /// Nobody but the server's user may look into the cluster.
  private func close(_ found: ClusterLayout.Found, _ layout: ClusterLayout) throws(ClusterError) {
    guard case .cluster(_, _, let mode) = found, mode & 0o077 != 0 else { return }
    log(
      .warning, "the private PostgreSQL's directory was open to others; it is closed",
      ["directory": .text(layout.cluster), "mode": .text(String(mode, radix: 8))])
    try system { () throws(SystemError) in try Directory.setMode(layout.cluster, 0o700) }
  }
}
