// What became of alerts, and who speaks for all.
//
// A change of an alert is known by the journal it was written to and its number there, so writing it again changes
// nothing. An episode is claimed by whoever comes first; `seen_at` says that somebody still sees it. It keeps the alert as
// it began, and since when its page is known to have arrived, so that whoever takes it over can tell of it, and does so
// only if nobody was told. A lease is held until its end, and by whoever renews it.
extension Migration {
  static let alertTables = [
    """
    CREATE TABLE handoffd.alert_transitions (
      fingerprint text COLLATE "C" NOT NULL, journal_id uuid NOT NULL, number bigint NOT NULL,
      instance text NOT NULL, at timestamptz NOT NULL, alert text NOT NULL, severity text NOT NULL,
      state text NOT NULL, labels json NOT NULL, annotations json NOT NULL, value double precision,
      threshold double precision NOT NULL, since timestamptz NOT NULL, events json NOT NULL,
      notified boolean NOT NULL, PRIMARY KEY (fingerprint, journal_id, number))
    """,
    "CREATE INDEX alert_transitions_by_time ON handoffd.alert_transitions (at)",
    """
    CREATE TABLE handoffd.alert_episodes (
      fingerprint text COLLATE "C" PRIMARY KEY, episode bigint NOT NULL, state text NOT NULL,
      since timestamptz NOT NULL, instance text NOT NULL, seen_at timestamptz NOT NULL, told_at timestamptz,
      alert text, content bytea) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE handoffd.leases (
      name text COLLATE "C" PRIMARY KEY, holder text NOT NULL, held_until timestamptz NOT NULL)
      WITH (fillfactor = 50)
    """,
  ]
}
