extension Schema {
  /// The sidecar itself.
  static let sidecar: [(String, Schema)] = [
    (
      "SidecarReadiness",
      whole([
        ("status", words(["ready", "degraded", "recovering", "unready", "stopping"])),
        ("reasons", list(text)),
      ])
    ),
    (
      "Reload",
      whole([
        ("status", words(["reloaded"])), ("changed", list(text).meaning("Settings in force now.")),
        ("needs_restart", list(text).meaning("Settings that wait for a restart.")),
      ])
    ),
  ]
}
