// Where the socket is.
//
// The name of a Unix socket has at most 107 bytes, so a long data directory cannot hold it; nor can one that the
// server's user cannot reach. Then a directory of our own under /run, $XDG_RUNTIME_DIR or /tmp takes its place, named
// after the data directory's place on the disk so that each sidecar finds its own again. In /tmp anybody may have
// made that name first: it is used only if it is a directory, of the right owner, and it is closed to all others.
import Platform

/// Finds or makes the directory of the server's socket.
struct SocketDirectory: Sendable {
  let layout: ClusterLayout
  let commands: ServerCommands

  /// `/.s.PGSQL.5432`, and the zero behind it.
  private static let longest = 107 - "/.s.PGSQL.5432".utf8.count

  /// The directory, there and safe.
  func prepare() throws(ClusterError) -> String {
    var refusals: [String] = []
    for candidate in try candidates() {
      do throws(ClusterError) {
        try claim(candidate)
        return candidate
      } catch {
        refusals.append("\(candidate): \(error.cause)")
      }
    }
    throw ClusterError(
      .unsafeFile, "find a directory for the socket of the private PostgreSQL",
      refusals.joined(separator: ", "), hint: "choose a --data-dir with a shorter path")
  }

  /// Whether PostgreSQL and libpq can be told of `path`: short enough, and no character that separates lists.
  static func fits(_ path: String) -> Bool {
    path.utf8.count <= longest && path.utf8.allSatisfy { $0 > 32 && $0 < 127 && !",\"'\\@".utf8.contains($0) }
  }

  private func candidates() throws(ClusterError) -> [String] {
    let own = commands.isVeiled ? [] : [layout.dataDirectory + "/run"]
    let status = try system { () throws(SystemError) in try FileStatus.of(layout.dataDirectory) }
    guard let identity = status?.identity else { return own.filter(Self.fits) }
    let place = "\(String(identity.device, radix: 36))-\(String(identity.inode, radix: 36))"
    let others = Self.parents.flatMap { parent in
      ["", "-1", "-2"].map { "\(parent)/handoffd-\(Identity.uid)-\(place)\($0)" }
    }
    return (own + others).filter(Self.fits)
  }

  private static var parents: [String] {
    if Identity.isRoot { return ["/run", "/tmp"] }
    guard let runtime = Environment.value("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") else { return ["/tmp"] }
    return [runtime, "/tmp"]
  }

  /// Makes `path`, or makes sure that what is there is ours.
  private func claim(_ path: String) throws(ClusterError) {
    try system { () throws(SystemError) in
      if try FileStatus.of(path) == nil { try Directory.create(path, mode: 0o700) }
    }
    let found = try system { () throws(SystemError) in try FileStatus.of(path) }
    guard let found, found.kind == .directory else { throw .unusable(path, "something else has that name") }
    // In the data directory nobody else can have made it; there it may be of the server's former user.
    let isInside = path.hasPrefix(layout.dataDirectory + "/")
    guard isInside || [Identity.uid, commands.account.uid].contains(found.owner) else {
      throw .unusable(path, "it belongs to user \(found.owner)")
    }
    try system { () throws(SystemError) in
      if found.owner != commands.account.uid { try commands.handOver(path) }
      if found.mode != 0o700 { try Directory.setMode(path, 0o700) }
    }
  }
}
