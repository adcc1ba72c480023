// The schema, version 2: what a sidecar looks for when it comes back, and what is asked of the whole fleet.
//
// Each of these indexes holds a few rows, by a fact that does not change in the usual life of a handoff or
// by the type of an event: what is not in them costs nothing but a look.
extension Migration {
  static let second = Migration(
    version: 2, oldestReader: 1,
    statements: [
      """
      CREATE INDEX handoff_events_parked ON handoffd.handoff_events (handoff_id)
        WHERE type = 'handoff.parked'
      """,
      """
      CREATE INDEX handoff_events_validated ON handoffd.handoff_events (occurred_at)
        WHERE type = 'handoff.validated'
      """,
      """
      CREATE INDEX handoffs_rerouted ON handoffd.handoffs (original_to_agent, first_event_at)
        WHERE original_to_agent IS NOT NULL
      """,
      """
      CREATE INDEX subject_events_of_circuits ON handoffd.subject_events (received_at)
        WHERE kind = 'agent' AND type <> 'agent.health'
      """,
    ])
}
