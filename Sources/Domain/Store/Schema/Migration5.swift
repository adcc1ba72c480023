// The schema, version 5: what failed towards an agent is found without a look at what failed towards all others.
extension Migration {
  static let fifth = Migration(
    version: 5, oldestReader: 1,
    statements: [
      """
      CREATE INDEX handoffs_troubled_by_receiver
        ON handoffd.handoffs (to_agent, troubled_state, first_event_at) WHERE troubled_state IS NOT NULL
      """
    ])
}
