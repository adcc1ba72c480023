// How PostgreSQL's programs are started.
//
// Started by root, they run as another user, and that user must be able to walk to the cluster by its path. Under
// /root, or in a temporary directory of root's, it cannot. Then the program is handed the cluster as an open directory
// (descriptor 9) and finds it as /proc/self/fd/9, which needs no permission on the way. (Starting it inside the
// directory is not enough: PostgreSQL 15 leaves and re-enters its working directory by name.)
import Platform

/// The programs of the chosen installation, and how they reach a cluster.
struct ServerCommands: Sendable {
  let binaries: ServerBinaries
  let account: ServerAccount
  /// Whether the server's user cannot walk to the cluster.
  let isVeiled: Bool

  /// Finds out whether `account` can walk to `directory`.
  init(_ binaries: ServerBinaries, _ account: ServerAccount, reaching directory: String, time: any TimeSource)
  {
    self.binaries = binaries
    self.account = account
    guard let switching = account.switching else {
      isVeiled = false
      return
    }
    let walk = Command(
      "/bin/sh", ["-c", "cd -- \"$1\"", "sh", directory], environment: Self.environment,
      workingDirectory: "/",
      runAs: switching)
    isVeiled = (try? walk.run(until: time.now() + .seconds(5)).code) != 0
  }

  private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
  private static let veil = "/proc/self/fd/9"

  /// What the program is told the cluster is called.
  func name(of cluster: String) -> String { isVeiled ? Self.veil : cluster }

  /// `program` for `cluster`; `input` is a file in the cluster that it reads.
  func command(
    _ program: String, _ arguments: [String], cluster: String, input: String? = nil,
    output: Command.Stream = .pipe
  ) throws(SystemError) -> Command {
    var command = Command(
      program, arguments, environment: Self.environment, workingDirectory: "/", runAs: account.switching,
      output: output, errors: .output)
    // The server outlives a killed sidecar; a program whose output we wait for is of no use to anybody then.
    command.diesWithParent = output == .pipe
    if isVeiled {
      let source = input.map { "\(Self.veil)/\($0)" } ?? "/dev/null"
      command.executable = "/bin/sh"
      command.arguments = ["-c", "exec 9<&0 <\(source); exec \"$@\"", "sh", program] + arguments
      command.input = try FileDescriptor.open(cluster, [.read, .directory])
    } else if let input {
      command.input = try FileDescriptor.open("\(cluster)/\(input)", .read)
    }
    return command
  }

  /// Gives a file or directory made by this process to the server's user.
  func handOver(_ path: String) throws(SystemError) {
    if account.switching == nil { return }
    try Directory.setOwner(path, user: account.uid, group: account.gid)
  }
}
