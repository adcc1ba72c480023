import Platform

/// The passwords of a private cluster, kept in a file that libpq reads by itself.
///
/// They never appear in an argument, a connection string or a log. Should the file be lost, new ones are
/// given to the server while it is down: whoever owns the cluster's files needs no password for that.
struct Passwords: Hashable, Sendable {
  /// Of the role that handoffd works as.
  var role: String
  /// Of the superuser, for whoever administers.
  var superuser: String

  /// New ones.
  static func random() -> Passwords {
    var generator = SystemRandomNumberGenerator()
    func word() -> String {
      (0..<3).map { _ in
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
      }.joined()
    }
    return Passwords(role: word(), superuser: word())
  }

  /// Puts them into a file that nobody else can read, whole or not at all.
  func write(to path: String) throws(SystemError) {
    let text = """
      # handoffd's private PostgreSQL; host, port, database, role, password.
      *:*:*:\(ClusterNames.role):\(role)
      *:*:*:\(ClusterNames.superuser):\(superuser)

      """
    let draft = path + ".new"
    try? Directory.remove(draft)
    let file = try FileDescriptor.open(draft, [.write, .create, .exclusive, .noFollow], mode: 0o600)
    try file.write(all: Array(text.utf8))
    try file.sync()
    try Directory.rename(draft, to: path)
  }

  /// Statements that make the server know them, for its single-user mode.
  var statements: [String] {
    [
      """
      DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(ClusterNames.role)') \
      THEN CREATE ROLE \(ClusterNames.role); END IF; END $$
      """,
      "ALTER ROLE \(ClusterNames.role) LOGIN PASSWORD '\(role)'",
      "ALTER ROLE \(ClusterNames.superuser) LOGIN PASSWORD '\(superuser)'",
    ]
  }
}

/// What things are called in a private cluster.
enum ClusterNames {
  /// The role that handoffd works as.
  static let role = "handoffd"
  /// The database, owned by the role.
  static let database = "handoffd"
  /// The superuser.
  static let superuser = "postgres"
}
