// The schema, version 6: what another sidecar needs to go on with an alert, and what all have seen of late.
//
// An episode keeps the alert as it began, and since when its page is known to have arrived, so that whoever takes it over
// can tell of it, and does so only if nobody was told. A slice holds a few seconds of one sidecar's windows; it is
// replaced while they last, and deleted once no window reaches it.
extension Migration {
  static let sixth = Migration(
    version: 6, oldestReader: 1,
    statements: [
      """
      ALTER TABLE handoffd.alert_episodes ADD COLUMN told_at timestamptz, ADD COLUMN alert text,
        ADD COLUMN content bytea
      """,
      """
      CREATE TABLE handoffd.window_slices (
        spool_id uuid NOT NULL, slice bigint NOT NULL, figures bytea NOT NULL, updated_at timestamptz NOT NULL,
        PRIMARY KEY (spool_id, slice)) WITH (fillfactor = 50)
      """,
    ])
}
