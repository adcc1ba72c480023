import Configuration
import Platform

/// The data directory: who may enter, and where the addresses are written.
enum DataLayout {
  /// Makes the directory; as root others may pass through, because PostgreSQL runs as another user.
  static func prepare(_ settings: Settings) throws(StartFailure) {
    do throws(SystemError) {
      try Directory.create(settings.dataDirectory, mode: Identity.isRoot ? 0o711 : 0o700)
    } catch {
      throw StartFailure("\(error); choose another place with --data-dir")
    }
  }

  /// Writes the bound addresses, a line each, so that whoever started us with port 0 finds us.
  static func announce(_ addresses: [String], _ settings: Settings) throws(StartFailure) {
    let text = addresses.map { $0 + "\n" }.joined()
    do throws(SystemError) {
      let draft = file(settings) + ".new"
      let descriptor = try FileDescriptor.open(draft, [.write, .create, .truncate, .noFollow])
      try descriptor.write(all: Array(text.utf8), at: 0)
      try descriptor.setMode(0o644)
      try Directory.rename(draft, to: file(settings))
    } catch {
      throw StartFailure(error)
    }
  }

  /// Takes the addresses away: nobody listens there any more.
  static func withdraw(_ settings: Settings) {
    try? Directory.remove(file(settings))
  }

  private static func file(_ settings: Settings) -> String { settings.dataDirectory + "/handoffd.address" }
}

/// By what name this sidecar goes among those that share a database.
enum InstanceName {
  /// The configured name, else the host's with a part of the spool's identity.
  static func of(_ settings: Settings, identity: String) throws(StartFailure) -> String {
    settings.instance ?? "\(Identity.hostName)-\(identity.prefix(8))"
  }
}
