@testable import Configuration

/// Files that exist only here.
func files(
  _ contents: [String: String], open: Set<String> = [], workingDirectory: String = "/home/me"
) -> ConfigurationFiles {
  ConfigurationFiles(
    read: { path in
      guard let text = contents[path] else {
        return .failure(FileProblem(reason: "No such file or directory"))
      }
      return .success(Array(text.utf8))
    },
    isOpenToAll: { open.contains($0) },
    workingDirectory: { workingDirectory })
}

/// What `serve` makes of a command line, an environment and some files.
func load(
  _ arguments: [String] = [], _ environment: [String: String] = ["HOME": "/home/op"],
  _ contents: [String: String] = [:]
) -> Result<Settings, ConfigurationFaults> {
  Settings.load(arguments: arguments, environment: environment, files: files(contents))
}

/// The faults, a line each.
func faults(
  _ arguments: [String] = [], _ environment: [String: String] = ["HOME": "/home/op"],
  _ contents: [String: String] = [:]
) -> [String] {
  switch load(arguments, environment, contents) {
  case .success: []
  case .failure(let faults): faults.faults.map(\.description)
  }
}
