/// What a session is for.
public struct SessionOptions: Sendable {
  /// Shown in `pg_stat_activity`, unless the database URL names another.
  public var applicationName: String
  /// Whether only a server that takes writes will do.
  public var readWrite: Bool
  /// Ends whatever the session waits for, when raised.
  public var interruption: Interruption?

  /// A session that goes by `applicationName`.
  public init(applicationName: String, readWrite: Bool, interruption: Interruption? = nil) {
    self.applicationName = applicationName
    self.readWrite = readWrite
    self.interruption = interruption
  }

  /// The settings of libpq that make such a session.
  ///
  /// There is no `options` among them: PgBouncer
  /// refuses it, so everything else is set within transactions.
  func settings(_ address: DatabaseAddress) -> [String: String] {
    var all = address.settings
    // NAMEDATALEN cuts longer names, and says so each time.
    if all["application_name"] == nil {
      all["application_name"] = String(decoding: applicationName.utf8.prefix(63), as: UTF8.self)
    }
    all["client_encoding"] = "UTF8"
    if all["gssencmode"] == nil { all["gssencmode"] = "disable" }
    if readWrite { all["target_session_attrs"] = "read-write" }
    return all
  }
}
