internal import Alerts
import Wording

extension Settings {
  /// Finds the data directory, and what does not go together.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] {
    var faults =
      exposureFaults(surroundings) + repetitionFaults(surroundings)
      + ConfigurationFault.ofRules(rules, surroundings)
    if dataDirectory.isEmpty { dataDirectory = DataDirectory.standard(surroundings.environment) ?? "" }
    if dataDirectory.isEmpty {
      faults.append(DataDirectory.missing(surroundings.origin(of: "data-dir")))
    }
    dataDirectory = DataDirectory.absolute(dataDirectory, from: surroundings.files.workingDirectory())
    warnings = passwordWarnings(surroundings)
    if maxUnpackedBody < maxBody {
      faults.append(
        ConfigurationFault(
          .conflict, at: surroundings.origin(of: "max-unpacked-body"),
          "max-unpacked-body is less than max-body", hint: "what is not packed must fit as well"))
    }
    return faults
  }

  private func exposureFaults(_ surroundings: Surroundings) -> [ConfigurationFault] {
    guard !insecureBind else { return [] }
    return listen.enumerated().filter { !$0.element.address.isLoopback }.map { index, address in
      ConfigurationFault(
        .conflict, at: surroundings.origin(of: "listen", at: index), trying: "listen on \(address)",
        "other machines can reach this address, and nothing asks who calls",
        hint: "listen on 127.0.0.1 or [::1] and let a proxy with access control forward to it, "
          + "or say --insecure-bind where everyone on that network is trusted")
    }
  }

  private func passwordWarnings(_ surroundings: Surroundings) -> [ConfigurationFault] {
    guard database?.holdsPassword == true else { return [] }
    let origin = surroundings.origin(of: "database-url")
    switch origin {
    case .flag:
      return [
        ConfigurationFault(
          .exposed, at: origin, "every user of this machine can read this password in the list of processes",
          hint: "say it in HANDOFFD_DATABASE_URL, in a file that only this user can read, or in a passfile")
      ]
    case .file(let path, _, _) where surroundings.files.isOpenToAll(path):
      return [
        ConfigurationFault(
          .exposed, at: origin, "every user of this machine can read this password",
          hint: "run chmod o-rwx \(Printable.plain(path))")
      ]
    default: return []
    }
  }

  private func repetitionFaults(_ surroundings: Surroundings) -> [ConfigurationFault] {
    listen.indices.filter { listen[$0].port != 0 && listen[..<$0].contains(listen[$0]) }.map { index in
      ConfigurationFault(
        .conflict, at: surroundings.origin(of: "listen", at: index), trying: "listen on \(listen[index])",
        "the same address is named twice")
    }
  }
}

extension ConfigurationFault {
  /// What is wrong with the file of rules that the option `rules` names, if it names one.
  static func ofRules(_ path: String?, _ surroundings: Surroundings) -> [ConfigurationFault] {
    guard let path else { return [] }
    switch surroundings.files.read(path) {
    case .failure(let problem):
      return [
        ConfigurationFault(
          .file, at: surroundings.origin(of: "rules"), trying: "read \(Printable.plain(path))", problem.reason
        )
      ]
    case .success(let bytes):
      guard case .failure(let found) = RulesReader.read(bytes) else { return [] }
      return found.faults.map { fault in
        ConfigurationFault(
          .file, at: .file(path, line: fault.line, column: fault.column), fault.cause, hint: fault.hint)
      }
    }
  }
}

/// Where data lives when nobody says.
enum DataDirectory {
  /// systemd's state directory, else the user's; nil when neither is known.
  static func standard(_ environment: [String: String]) -> String? {
    // systemd names several directories with colons between them.
    if let state = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return String(state) }
    // Relative paths are to be ignored, says the base directory specification.
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return joined(state, "handoffd") }
    if let home = environment["HOME"], home.hasPrefix("/") { return joined(home, ".local/state/handoffd") }
    return nil
  }

  static func missing(_ origin: Origin) -> ConfigurationFault {
    ConfigurationFault(
      .conflict, at: origin, trying: "choose a data directory",
      "none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is set", hint: "say --data-dir")
  }

  static func absolute(_ path: String, from workingDirectory: String) -> String {
    let whole = path.isEmpty || path.hasPrefix("/") ? path : joined(workingDirectory, path)
    let trimmed = whole.reversed().drop { $0 == "/" }.reversed()
    return trimmed.isEmpty && !whole.isEmpty ? "/" : String(trimmed)
  }

  private static func joined(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }
}
