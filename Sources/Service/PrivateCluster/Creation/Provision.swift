import Platform

/// Gives a cluster, while no server runs on it, the role, the passwords and the database that handoffd needs.
struct Provision: Sendable {
  /// What to see to.
  enum Part: Hashable, Sendable {
    case passwords
    case database
  }

  let commands: ServerCommands
  let time: any TimeSource
  private static let script = "handoffd.sql"

  /// Does all of `parts` to `cluster`.
  func run(_ parts: [Part], passwords: Passwords, on cluster: String) throws(ClusterError) {
    let statements = parts.flatMap { part in
      switch part {
      case .passwords: passwords.statements
      case .database: ["CREATE DATABASE \(ClusterNames.database) OWNER \(ClusterNames.role)"]
      }
    }
    let path = "\(cluster)/\(Self.script)"
    defer { try? Directory.remove(path) }
    let outcome = try system { () throws(SystemError) in
      try write(statements, to: path)
      // In single-user mode nobody is asked for a password. -j: a statement ends with a semicolon and an empty line.
      let arguments = [
        "--single", "-j", "-D", commands.name(of: cluster), "-c", "exit_on_error=true", "-c",
        "log_min_error_statement=panic", ClusterNames.superuser,
      ]
      return try commands.command(
        commands.binaries.postgres, arguments, cluster: cluster, input: Self.script
      ).run(until: time.now() + .seconds(300))
    }
    if outcome.code != 0 {
      throw ClusterError(
        .creation, "set up the private PostgreSQL in \(cluster)", ProgramOutput.reason(outcome),
        hint: "the server is not started; --database-url uses another one")
    }
  }

  private func write(_ statements: [String], to path: String) throws(SystemError) {
    try? Directory.remove(path)
    let text = statements.map { $0 + ";\n\n" }.joined()
    let file = try FileDescriptor.open(path, [.write, .create, .exclusive, .noFollow], mode: 0o600)
    try file.write(all: Array(text.utf8))
    try commands.handOver(path)
  }
}

/// What a program of PostgreSQL said when it failed.
enum ProgramOutput {
  /// Its last complaint, or its last line, on one line.
  static func reason(_ outcome: Command.Outcome) -> String {
    let lines = outcome.output.split(whereSeparator: \.isNewline).map(String.init)
    let complaint = lines.last { line in ["FATAL:", "PANIC:", "error:"].contains { line.contains($0) } }
    return "\(complaint ?? lines.last ?? "it said nothing") (exit code \(outcome.code))"
  }
}
