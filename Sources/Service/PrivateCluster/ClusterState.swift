/// How the private PostgreSQL is doing.
public enum ClusterState: Hashable, Sendable {
  /// It is being started, or recovers from a crash.
  case starting
  /// It takes connections.
  case running
  /// It ended and is being started again; why it ended, where that is known.
  case restarting(reason: String)
  /// It was stopped for good.
  case stopped
}
