// The schema, version 2: what a sidecar looks for when it comes back.
//
// Both indexes hold a few rows of logs that only grow: what is not in them costs nothing but a look at its type.
extension Migration {
  static let second = Migration(
    version: 2, oldestReader: 1,
    statements: [
      """
      CREATE INDEX handoff_events_parked ON handoffd.handoff_events (handoff_id)
        WHERE type = 'handoff.parked'
      """,
      """
      CREATE INDEX subject_events_of_circuits ON handoffd.subject_events (received_at)
        WHERE kind = 'agent' AND type <> 'agent.health'
      """,
    ])
}
