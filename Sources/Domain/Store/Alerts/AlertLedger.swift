// What sidecars tell each other of alerts, and the history of all: short writing transactions on a connection that
// nobody else uses, each with the deadline its caller gives. A database that does not answer in time is not waited for.
public import Model
import Platform
import Postgres

/// Alerts, as all sidecars of a database share them.
public final class AlertLedger: Sendable {
  private let pool: ConnectionPool
  let instance: String
  private let time: any TimeSource

  /// An episode that nobody has seen for longer is nobody's any more.
  static let orphanedAfter = "90 seconds"
  /// An orphan that fires again within this is still the same fault.
  static let sameFaultWithin = "15 minutes"

  init(_ settings: StoreSettings, time: any TimeSource, log: Log) {
    instance = settings.instance
    self.time = time
    pool = ConnectionPool(
      settings.database,
      SessionOptions(applicationName: "handoffd/\(settings.instance)/alerts", readWrite: true), limit: 2,
      time: time, log: log)
  }

  func close() { pool.close() }

  /// What became of the wish to speak for an episode.
  public enum Claim: Sendable {
    /// It is new, and ours to tell.
    case new
    /// Another sidecar speaks for it.
    case others
    /// Whoever began it is gone: the same fault goes on since then, and its end is ours to tell; its beginning, too,
    /// unless that is known to have arrived.
    case inherited(since: Timestamp, isTold: Bool)
  }

  /// Tries to speak for alerts that have begun to fire.
  public func claim(_ alerts: [Episode], within limit: Duration) throws(StoreError) -> [String: Claim] {
    let keys = alerts.sorted { $0.fingerprint < $1.fingerprint }
    return try write("claim alerts", limit) { scope throws(PostgresError) in
      let inherited = try scope.inherit(keys.map(\.fingerprint), instance)
      let rows = try scope.rows(
        """
        INSERT INTO handoffd.alert_episodes AS e
          (fingerprint, episode, state, since, instance, seen_at, told_at, alert, content)
        SELECT k.fingerprint, 1, 'firing', k.since, $5, clock_timestamp(), NULL, k.alert, k.content
        FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::bytea[]) AS k (fingerprint, since, alert, content)
        ORDER BY k.fingerprint
        ON CONFLICT (fingerprint) DO UPDATE SET episode = e.episode + 1, state = 'firing', since = EXCLUDED.since,
          instance = EXCLUDED.instance, seen_at = EXCLUDED.seen_at, told_at = NULL, alert = EXCLUDED.alert,
          content = EXCLUDED.content
        WHERE e.state <> 'firing' OR e.seen_at < clock_timestamp() - interval '\(Self.sameFaultWithin)'
        RETURNING fingerprint
        """,
        [
          .texts(keys.map(\.fingerprint)),
          .array(of: .timestamptz, keys) { $1.field(microsecondsSince1970: $0.since.microseconds) },
          .texts(keys.map(\.alert)), .array(of: .bytea, keys) { $1.field($0.content) }, .text(instance),
        ])
      var claims: [String: Claim] = [:]
      for key in keys { claims[key.fingerprint] = .others }
      for row in 0..<rows.count { claims[try rows.value(row, 0, as: String.self)] = .new }
      return claims.merging(inherited) { $1 }
    }
  }

  /// Says that we still see the episodes that are ours.
  public func keep(_ fingerprints: [String], within limit: Duration) throws(StoreError) {
    try write("keep alerts", limit) { scope throws(PostgresError) in
      _ = try scope.rows(
        """
        UPDATE handoffd.alert_episodes SET seen_at = clock_timestamp()
        WHERE fingerprint = ANY($1::text[]) AND instance = $2 AND state = 'firing'
        """, [.texts(fingerprints.sorted()), .text(instance)])
    }
  }

  /// Says that whoever wants to know of episodes of ours was told.
  public func noteTold(_ fingerprints: [String], within limit: Duration) throws(StoreError) {
    try write("note who was told of alerts", limit) { scope throws(PostgresError) in
      _ = try scope.rows(
        """
        UPDATE handoffd.alert_episodes SET told_at = clock_timestamp()
        WHERE fingerprint = ANY($1::text[]) AND instance = $2 AND state = 'firing' AND told_at IS NULL
        """, [.texts(fingerprints.sorted()), .text(instance)])
    }
  }

  /// Says that episodes of ours have ended.
  public func end(_ fingerprints: [String], within limit: Duration) throws(StoreError) {
    try write("end alerts", limit) { scope throws(PostgresError) in
      _ = try scope.rows(
        """
        UPDATE handoffd.alert_episodes SET state = 'resolved', seen_at = clock_timestamp()
        WHERE fingerprint = ANY($1::text[]) AND instance = $2 AND state = 'firing'
        """, [.texts(fingerprints.sorted()), .text(instance)])
    }
  }

  func write<Result>(
    _ action: String, _ limit: Duration, _ body: (QueryScope) throws(PostgresError) -> Result
  ) throws(StoreError) -> Result {
    let deadline = time.now() + limit
    do throws(PostgresError) {
      return try pool.withConnection(until: deadline) { connection throws(PostgresError) in
        let settings = TransactionSettings(
          statementTimeout: limit, lockTimeout: limit, idleTimeout: .seconds(5))
        return try connection.withTransaction(settings, until: deadline) {
          transaction throws(PostgresError) in
          try body(QueryScope(transaction: transaction))
        }
      }
    } catch {
      throw StoreError(action, error)
    }
  }
}

extension QueryScope {
  /// Takes over what fires and has lost its sidecar a short while ago, or is ours and was forgotten.
  fileprivate func inherit(
    _ fingerprints: [String], _ instance: String
  ) throws(PostgresError) -> [String: AlertLedger.Claim] {
    let rows = try rows(
      """
      UPDATE handoffd.alert_episodes SET instance = $2, seen_at = clock_timestamp()
      WHERE fingerprint = ANY($1::text[]) AND state = 'firing'
        AND seen_at > clock_timestamp() - interval '\(AlertLedger.sameFaultWithin)'
        AND (instance = $2 OR seen_at < clock_timestamp() - interval '\(AlertLedger.orphanedAfter)')
      RETURNING fingerprint, since, told_at IS NOT NULL
      """, [.texts(fingerprints), .text(instance)])
    var found: [String: AlertLedger.Claim] = [:]
    for row in 0..<rows.count {
      found[try rows.value(row, 0)] = .inherited(
        since: try rows.moment(row, 1), isTold: try rows.value(row, 2))
    }
    return found
  }
}
