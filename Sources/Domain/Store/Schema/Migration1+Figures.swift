// The history of figures, by minute, hour and day, and what all have seen of late.
//
// A row of `rollups` belongs to the sidecar that wrote it, and nobody else writes it: so drains never wait for each other,
// and what they hold together is the sum. `minutes` says how long its time is, `kind` whose handoffs it counts (0 all, 1 a
// pair of agents, 2 the pairs that have no rows of their own). Minutes from `folded_until` on are not in hours and days yet.
//
// A slice holds a few seconds of one sidecar's windows; it is replaced while they last, and deleted once no window reaches
// it.
extension Migration {
  static let figureTables = [
    """
    CREATE TABLE handoffd.rollups (
      spool_id uuid NOT NULL, minutes smallint NOT NULL, start timestamptz NOT NULL, kind smallint NOT NULL,
      from_agent text COLLATE "C" NOT NULL, to_agent text COLLATE "C" NOT NULL,
      started bigint NOT NULL, delivered bigint NOT NULL, failed bigint NOT NULL, rejected bigint NOT NULL,
      cancelled bigint NOT NULL, expired bigint NOT NULL, parked bigint NOT NULL, rerouted bigint NOT NULL,
      timeout bigint NOT NULL, completed bigint NOT NULL, work_failed bigint NOT NULL, diverted bigint NOT NULL,
      ack_latency_us bigint NOT NULL, duration_us bigint NOT NULL, refs_requested bigint NOT NULL,
      refs_resolved bigint NOT NULL, tokens_used bigint NOT NULL, tokens_budget bigint NOT NULL,
      ack_latency bytea, duration bytea, completeness bytea, token_utilization bytea,
      PRIMARY KEY (spool_id, minutes, start, kind, from_agent, to_agent)) WITH (fillfactor = 70)
    """,
    """
    CREATE TABLE handoffd.rollup_marks (spool_id uuid PRIMARY KEY, folded_until timestamptz NOT NULL)
      WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE handoffd.window_slices (
      spool_id uuid NOT NULL, slice bigint NOT NULL, figures bytea NOT NULL, updated_at timestamptz NOT NULL,
      PRIMARY KEY (spool_id, slice)) WITH (fillfactor = 50)
    """,
  ]
}
