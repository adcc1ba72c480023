// Judging for all: whoever holds the lease takes over what fires by rules of fleet scope, and looks after what others have
// left behind.
import Model
import Platform
import Postgres

extension AlertLedger {
  /// Takes or renews a lease; whether it is ours.
  public func hold(
    _ lease: String, for length: Duration, within limit: Duration
  ) throws(StoreError) -> Bool {
    try write("hold a lease", limit) { scope throws(PostgresError) in
      let rows = try scope.rows(
        """
        INSERT INTO handoffd.leases AS l (name, holder, held_until)
        VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
        ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, held_until = EXCLUDED.held_until
        WHERE l.holder = EXCLUDED.holder OR l.held_until < clock_timestamp() RETURNING 1
        """, [.text(lease), .text(instance), .float8(length / .seconds(1))])
      return !rows.isEmpty
    }
  }

  /// Gives a lease back, so that another sidecar need not wait for its end.
  public func yield(_ lease: String, within limit: Duration) throws(StoreError) {
    try write("give back a lease", limit) { scope throws(PostgresError) in
      _ = try scope.rows(
        "UPDATE handoffd.leases SET held_until = clock_timestamp() WHERE name = $1 AND holder = $2",
        [.text(lease), .text(instance)])
    }
  }

  /// Takes over everything that fires by rules of those names, whoever spoke for it.
  public func takeOver(rules: [String], within limit: Duration) throws(StoreError) -> [Episode] {
    try write("take over alerts", limit) { scope throws(PostgresError) in
      try scope.episodes(
        """
        UPDATE handoffd.alert_episodes SET instance = $1, seen_at = clock_timestamp()
        WHERE state = 'firing' AND alert = ANY($2::text[]) AND content IS NOT NULL
        """, [.text(instance), .texts(rules)])
    }
  }

  /// Takes over what nobody sees any more: at once where nobody is known to have been told, else after a while.
  public func adopt(within limit: Duration) throws(StoreError) -> [Episode] {
    try write("adopt alerts", limit) { scope throws(PostgresError) in
      try scope.episodes(
        """
        UPDATE handoffd.alert_episodes SET instance = $1, seen_at = clock_timestamp()
        WHERE state = 'firing' AND instance <> $1 AND content IS NOT NULL AND seen_at < clock_timestamp()
          - CASE WHEN told_at IS NULL THEN interval '\(Self.orphanedAfter)' ELSE interval '\(Self.sameFaultWithin)' END
        """, [.text(instance)])
    }
  }
}

extension QueryScope {
  fileprivate func episodes(_ update: String, _ parameters: [Parameter]) throws(PostgresError) -> [Episode] {
    let rows = try rows(
      update + " RETURNING fingerprint, since, coalesce(alert, ''), content, told_at IS NOT NULL", parameters)
    var episodes: [Episode] = []
    for row in 0..<rows.count {
      episodes.append(
        Episode(
          fingerprint: try rows.value(row, 0), since: try rows.moment(row, 1), alert: try rows.value(row, 2),
          content: try rows.value(row, 3), isTold: try rows.value(row, 4)))
    }
    return episodes
  }
}
