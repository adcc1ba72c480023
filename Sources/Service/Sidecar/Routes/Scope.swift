/// Whose numbers an answer holds.
enum Scope: String, CaseIterable, Sendable {
  /// Those of all sidecars, from the database: corrected, and as far back as is kept.
  case fleet
  /// Those of this sidecar, from memory: live, also while the database is away.
  case instance
}
