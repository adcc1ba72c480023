// Making a cluster, once.
//
// Everything happens in a directory beside its final place: initdb, settings, access rules, role and database. Only
// when that is whole and on the disk does it get its name. Whatever kills us in between, the next start finds either no
// cluster (and removes the draft) or a whole one.
import Platform

/// Makes the cluster of a data directory.
struct ClusterCreation: Sendable {
  let layout: ClusterLayout
  let commands: ServerCommands
  let time: any TimeSource

  /// Makes it, and gives it its name.
  func run() throws(ClusterError) {
    let passwords = Passwords.random()
    try system { () throws(SystemError) in try passwords.write(to: layout.passwords) }
    let draft = layout.newDraft()
    do throws(ClusterError) {
      try system { () throws(SystemError) in
        try Directory.create(draft, mode: 0o700)
        try commands.handOver(draft)
      }
      try initialize(draft)
      try system { () throws(SystemError) in try configure(draft) }
      try Provision(commands: commands, time: time)
        .run([.passwords, .database], passwords: passwords, on: draft)
      try system { () throws(SystemError) in try publish(draft) }
    } catch {
      try? Directory.removeTree(draft)
      throw error
    }
  }

  /// Removes what is left of clusters whose making was cut short, with what still works there.
  ///
  /// initdb dies with the sidecar; the server it drives notices a moment later. What cannot be removed now is removed
  /// by a later start, for every draft has a name of its own.
  static func removeDrafts(_ layout: ClusterLayout, time: any TimeSource, log: Log) throws(ClusterError) {
    for draft in try layout.drafts() {
      if let status = try? FileStatus.of(draft) {
        let workers = OtherProcess.all(workingIn: status.identity)
        // Left to itself it gives back its shared memory.
        let grace = time.now() + .seconds(3)
        workers.forEach { _ = $0.wait(until: grace) }
        workers.forEach { $0.signal(.kill) }
        workers.forEach { _ = $0.wait(until: grace + .seconds(5)) }
      }
      do throws(SystemError) {
        try Directory.removeTree(draft)
      } catch {
        log(
          .warning,
          "what is left of a private PostgreSQL in the making cannot be removed; the next start tries again",
          ["reason": .of(error)])
      }
    }
  }

  private func initialize(_ draft: String) throws(ClusterError) {
    let arguments = [
      "-D", commands.name(of: draft), "--username=\(ClusterNames.superuser)", "--encoding=UTF8",
      "--locale=C", "--data-checksums", "--auth=reject", "--no-instructions",
    ]
    let outcome = try system { () throws(SystemError) in
      try commands.command(commands.binaries.initdb, arguments, cluster: draft)
        .run(until: time.now() + .seconds(300))
    }
    if outcome.code == 0 { return }
    throw ClusterError(
      .creation, "make the private PostgreSQL in \(layout.cluster)",
      "initdb: \(ProgramOutput.reason(outcome))",
      hint: "nothing is left behind; the next start tries again, and --database-url uses another database")
  }

  private func configure(_ draft: String) throws(SystemError) {
    let settings = try FileDescriptor.open("\(draft)/postgresql.conf", [.write, .append, .noFollow])
    try settings.write(all: Array(ServerSettings.defaults.utf8))
    try settings.sync()
    let access = try FileDescriptor.open("\(draft)/pg_hba.conf", [.write, .truncate, .noFollow])
    try access.write(all: Array(ServerSettings.access.utf8))
    try access.sync()
  }

  private func publish(_ draft: String) throws(SystemError) {
    try Directory.sync(draft)
    // An empty directory may stand there; anything else was refused before.
    try Directory.rename(draft, to: layout.cluster)
    try Directory.sync(layout.dataDirectory)
  }
}
