import TestSupport

/// What is done to the sidecars and to PostgreSQL.
enum Fault: String, CaseIterable, Sendable {
  case killSidecar = "kill -9 of a sidecar"
  case killAllSidecars = "kill -9 of all sidecars"
  case endSidecar = "SIGTERM to a sidecar"
  case cutAll = "all connections cut"
  case cutAfterCommit = "cut right after COMMIT was sent"
  case cutBeforeCommit = "cut right before COMMIT"
  case killBackend = "kill -9 of a backend"
  case killPostmaster = "kill -9 of the postmaster"
  case stopBackend = "a backend stopped for a while"
  case databaseDown = "PostgreSQL down for a while"
  case blackhole = "a network that passes nothing"
  case fullDisk = "a full spool disk"

  /// How many rounds of it one run has; fewer where everything is slow.
  var rounds: Int { Sanitizer.current == nil ? allRounds : (allRounds + 4) / 5 }

  private var allRounds: Int {
    switch self {
    case .killSidecar: 46
    case .killAllSidecars: 10
    case .endSidecar: 5
    case .cutAll: 32
    case .cutAfterCommit: 40
    case .cutBeforeCommit: 30
    case .killBackend: 14
    case .killPostmaster: 6
    case .stopBackend: 8
    case .databaseDown: 6
    case .blackhole: 4
    case .fullDisk: 3
    }
  }
}
