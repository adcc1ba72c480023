import Exposition

extension Catalogue {
  /// The sidecar itself, as a program and as a process.
  static let program: [Definition] = [
    Definition(
      .labelOverflow, .counter, by: [.overflow],
      "Times something found no room of its own: a name in a label, or what is remembered of a handoff or task."
    ),
    Definition(.configReloadSuccessful, .gauge, "Whether the last reload of the configuration succeeded."),
    Definition(.configReloadSuccess, .gauge, "When the configuration was last loaded with success."),
    Definition(
      .build, .info, by: [.version, .revision, .swiftVersion], "What this program was built from."),
    Definition(.processCPU, .counter, "Total user and system CPU time spent."),
    Definition(.processResidentMemory, .gauge, "Resident memory of the process."),
    Definition(.processVirtualMemory, .gauge, "Virtual memory of the process."),
    Definition(.processOpenFiles, .gauge, "Number of open file descriptors."),
    Definition(.processMaxFiles, .gauge, "Maximum number of open file descriptors."),
    Definition(.processStartTime, .gauge, "Start time of the process since the Unix epoch."),
  ]
}
