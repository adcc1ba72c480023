import Platform
import Postgres
import TestSupport

/// What is in the database.
struct StoredState: Sendable {
  struct Event: Sendable {
    var identity: SentEvent.Identity
    var content: Int64
  }

  var events: [Event] = []
  /// The coded record of each handoff.
  var records: [String: [UInt8]] = [:]
  /// How many events were set aside, or refused after they had been acknowledged.
  var setAside: Int64 = 0
  /// How many spools have drained into it.
  var spools: Int64 = 0
  /// How many identities of events about agents and tasks are remembered.
  var identities: Int64 = 0

  /// Reads everything through `connection`.
  init(_ connection: Connection) throws {
    let end = SystemTime().now() + .seconds(60)
    for sql in [
      "SELECT 'handoff', handoff_id, event_id, content FROM handoffd.handoff_events",
      "SELECT kind, subject, event_id, content FROM handoffd.subject_events",
    ] {
      let rows = try connection.execute(sql, until: end)
      for row in 0..<rows.count {
        let identity = SentEvent.Identity(
          kind: try rows.value(row, 0), subject: try rows.value(row, 1), eventID: try rows.value(row, 2))
        events.append(Event(identity: identity, content: try rows.value(row, 3)))
      }
    }
    let rows = try connection.execute("SELECT handoff_id, merge FROM handoffd.handoffs", until: end)
    for row in 0..<rows.count { records[try rows.value(row, 0)] = try rows.value(row, 1, as: [UInt8].self) }
    setAside = try connection.execute(
      "SELECT (SELECT count(*) FROM handoffd.quarantine) + (SELECT count(*) FROM handoffd.rejections)",
      until: end
    ).single()
    spools = try connection.execute("SELECT count(*) FROM handoffd.spool_positions", until: end).single()
    identities = try connection.execute("SELECT count(*) FROM handoffd.subject_identities", until: end)
      .single()
  }
}

extension TestDatabase {
  /// A connection of the test's own, past every proxy.
  func connect() throws -> Connection {
    let time = SystemTime()
    return try Connection.open(
      DatabaseAddress(connectionString), SessionOptions(applicationName: "judge", readWrite: false),
      until: time.now() + .seconds(10), time: time, log: Log(level: .error, format: .text, time: time))
  }
}
