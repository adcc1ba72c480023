import Platform

/// Why there is no private PostgreSQL, and what to do about it.
public struct ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds that callers tell apart.
  public enum Code: String, Hashable, Sendable {
    /// No server programs were found.
    case noServer = "no_server"
    /// The cluster was made by another major version than the programs found.
    case otherVersion = "other_version"
    /// Another sidecar has the data directory.
    case locked
    /// A directory or file is not as it must be: owner, mode, kind.
    case unsafeFile = "unsafe_file"
    /// The cluster could not be made.
    case creation
    /// The server could not be started or reached.
    case start
    /// A system call failed.
    case system
  }

  /// The kind.
  public var code: Code
  /// What was tried, as `<verb> <subject>`.
  public var subject: String
  /// Why it did not work.
  public var cause: String
  /// What to do about it.
  public var hint: String

  /// Such as `cannot find the PostgreSQL server: …; install the package postgresql …`.
  public var description: String {
    "cannot \(subject): \(cause)" + (hint.isEmpty ? "" : "; \(hint)")
  }

  init(_ code: Code, _ subject: String, _ cause: String, hint: String = "") {
    self.code = code
    self.subject = subject
    self.cause = cause
    self.hint = hint
  }

  init(_ error: SystemError) {
    self.init(
      .system, "\(error.call) \(error.subject)", "\(error.reason) (\(error.errno))",
      hint: "the private PostgreSQL is not started; --database-url uses another one")
  }

  /// No programs anywhere.
  static func noServer(searched places: [String]) -> ClusterError {
    ClusterError(
      .noServer, "find a PostgreSQL server",
      "no directory among \(places.joined(separator: ", ")) has both postgres and initdb",
      hint:
        "install the package postgresql (apt-get install postgresql), or use an existing database with --database-url"
    )
  }

  /// Root may not run the server, and there is nobody else.
  static func noAccount() -> ClusterError {
    ClusterError(
      .start, "start the private PostgreSQL as root",
      "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody",
      hint:
        "install the package postgresql, start handoffd as another user, or use another database with --database-url"
    )
  }

  /// A plain user cannot run another's cluster.
  static func foreignCluster(owner: UInt32) -> ClusterError {
    ClusterError(
      .unsafeFile, "start the private PostgreSQL",
      "its directory belongs to user \(owner), not to user \(Identity.uid)",
      hint: "start handoffd as that user or as root, or choose another --data-dir")
  }

  /// A file or directory is not as it must be.
  static func unusable(_ path: String, _ cause: String, hint: String = "") -> ClusterError {
    ClusterError(.unsafeFile, "use \(path)", cause, hint: hint)
  }

  /// The cluster on the disk is of `found`, the newest programs are of `installed`.
  static func otherVersion(_ directory: String, found: Int, installed: ServerVersion) -> ClusterError {
    let older = found < installed.major
    let upgrade =
      older
      ? "install postgresql-\(found) beside it to go on as before, move the data with pg_upgrade while handoffd is stopped, or use another database with --database-url"
      : "install postgresql-\(found) or newer, or use another database with --database-url"
    return ClusterError(
      .otherVersion, "start the private PostgreSQL in \(directory)",
      "it was made by PostgreSQL \(found), which is \(older ? "older" : "newer") than the installed \(installed)",
      hint: "nothing was changed; \(upgrade)")
  }
}

/// Runs `body`, and turns what the system said into a `ClusterError`.
func system<Result>(_ body: () throws(SystemError) -> Result) throws(ClusterError) -> Result {
  do throws(SystemError) { return try body() } catch { throw ClusterError(error) }
}
