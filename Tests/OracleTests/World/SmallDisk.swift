import Platform
import TestSupport

/// A disk of a few megabytes, to be filled.
///
/// It is a tmpfs in a mount namespace of its own, reached through the process that holds it: so it goes when that
/// process goes, whatever happens to the test, and nothing is ever left mounted.
final class SmallDisk: Sendable {
  /// Where it is.
  let path: String
  private let directory: TemporaryDirectory
  private let holder: ChildProcess

  /// Mounts one; nil where that is not allowed.
  init?(megabytes: Int) throws {
    directory = try TemporaryDirectory("handoffd-disk")
    let place = directory.file("disk")
    try Directory.create(place, mode: 0o711)
    let script = """
      mount -t tmpfs -o size=\(megabytes)m,mode=711 none '\(place)' && : >'\(place)/mounted' && exec sleep 86400
      """
    let namespaces = Identity.isRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"]
    holder = try ChildProcess.spawn(
      Command(
        "/usr/bin/unshare", namespaces + ["/bin/sh", "-c", script],
        environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], workingDirectory: directory.path,
        output: .discard, errors: .discard))
    let path = "/proc/\(holder.pid)/root\(place)"
    self.path = path
    try eventually("a mounted tmpfs, or a refusal") { [holder] in
      Directory.exists(path + "/mounted") || !holder.isRunning
    }
    if !holder.isRunning { return nil }
  }

  deinit {
    holder.signal(.kill)
    _ = holder.wait(until: SystemTime().now() + .seconds(5))
  }

  /// Takes all the room that is left.
  func fill() throws {
    let ballast = try FileDescriptor.open(path + "/ballast", [.write, .create, .truncate])
    var (at, piece): (Int64, Int) = (0, 1 << 20)
    while piece >= 1 {
      do {
        try ballast.write(all: [UInt8](repeating: 1, count: piece), at: at)
        at += Int64(piece)
      } catch {
        piece /= 4
      }
    }
  }

  /// Gives it back.
  func relieve() {
    try? Directory.remove(path + "/ballast")
  }
}
