import Model
import Platform
import Postgres
import Spool
import Store
import TestSupport
import Testing

/// The ways to the database that everything must work over.
enum Route: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case direct
  case bouncer

  var testDescription: String { self == .direct ? "straight" : "through PgBouncer" }
}

/// The machine's monotonic clock, and a wall clock that stands on the tests' day.
struct StandingWall: TimeSource {
  func now() -> MonotonicInstant { SystemTime().now() }
  func wall() -> WallTime { WallTime(microseconds: Occurrence.base + 60_000_000) }
}

/// A database of a test's own, with the ways to it.
final class Rig: Sendable {
  let cluster: TestCluster
  let database: TestDatabase
  let bouncer: PgBouncer?
  let address: DatabaseAddress
  let time = StandingWall()
  let log = Log.silent

  init(_ route: Route = .direct, cluster: TestCluster? = nil) throws {
    self.cluster = try cluster ?? TestCluster.shared()
    database = try self.cluster.database()
    bouncer = route == .bouncer ? try PgBouncer(self.cluster) : nil
    address = try DatabaseAddress(bouncer?.uri(database) ?? database.connectionString)
  }

  func settings(instance: String = "test", _ address: DatabaseAddress? = nil) -> StoreSettings {
    var settings = StoreSettings(database: address ?? self.address, instance: instance)
    settings.linger = .zero
    return settings
  }

  /// A store on this database that drains `source`; it runs until `stop`.
  func store(
    _ source: any RecordSource, instance: String = "test", _ address: DatabaseAddress? = nil,
    time: (any TimeSource)? = nil, log: Log? = nil, change: (inout StoreSettings) -> Void = { _ in }
  ) throws -> Store {
    var settings = settings(instance: instance, address)
    change(&settings)
    let store = Store(
      settings, source: source, seed: .random(in: 0...(.max)), time: time ?? self.time, log: log ?? self.log)
    try store.start()
    return store
  }

  func connection(_ address: DatabaseAddress? = nil) throws -> Connection {
    try Connection.open(
      address ?? self.address, SessionOptions(applicationName: "handoffd/probe", readWrite: false),
      until: soon, time: time, log: log)
  }

  var soon: MonotonicInstant { time.now() + .seconds(20) }

  /// The codings of all records that are stored.
  func records() throws -> [String: [UInt8]] {
    let rows = try connection(DatabaseAddress(database.adminConnectionString)).execute(
      "SELECT handoff_id, merge FROM handoffd.handoffs", until: soon)
    var all: [String: [UInt8]] = [:]
    for row in 0..<rows.count { all[try rows.value(row, 0)] = try rows.value(row, 1) }
    return all
  }

  /// How many pages of the database a statement looks at.
  func pages(of sql: String, _ parameters: [Parameter], over connection: Connection) throws -> Int {
    let rows = try connection.execute(
      "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + sql, parameters, until: soon)
    for row in 0..<rows.count {
      let line: String = try rows.value(row, 0)
      guard let start = line.firstRange(of: "Buffers: shared ") else { continue }
      return line[start.upperBound...].split { !$0.isNumber }.compactMap { Int($0) }.reduce(0, +)
    }
    throw TestFailure("the plan does not say how many pages were looked at")
  }

  func count(_ table: String) throws -> Int {
    try #require(Int(try database.psql("SELECT count(*) FROM handoffd.\(table)")))
  }
}

extension Store {
  /// Waits until everything in `source` is committed.
  func drained(_ source: some RecordSource, within limit: Duration = .seconds(30)) throws {
    try eventually("the drain", within: limit) { status.position == source.tail }
  }

  func stop() { stop(by: SystemTime().now() + .seconds(10)) }
}
