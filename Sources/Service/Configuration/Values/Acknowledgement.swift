/// When a sender is told that its events are safe.
public enum Acknowledgement: String, CaseIterable, Sendable {
  /// When they are on this machine's disk.
  case spool
  /// When they are committed in PostgreSQL.
  case postgres
}
