import Platform
import Sidecar

extension ServeCommand {
  /// Runs the sidecar in this process.
  static let start: Start = { settings, reload in
    let build = BuildIdentity.of(commit: Commit.hash)
    return Sidecar.run(
      settings, build: BuildLabels(version: build.version, revision: build.commit, swift: build.swift),
      reload: reload)
  }
}
