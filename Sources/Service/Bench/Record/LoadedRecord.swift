import Model
import Platform
import Postgres
import Store
import TestSupport

/// A database with a month of events and more than a year of history, and a sidecar that answers from it.
final class LoadedRecord {
  let workload: RecordWorkload
  let database: TestDatabase
  let subject: Subject
  /// How long loading took.
  let seconds: Double
  /// The cursor of page 100.
  private(set) var hundredth = ""

  /// Loads so many events by the drain itself, and repeats the month's history for the year before.
  init(events: Int, on cluster: TestCluster, time: any TimeSource) throws {
    let now = time.wall()
    workload = RecordWorkload(events: events, now: now)
    database = try cluster.database()
    let start = time.now()
    try Self.drain(workload, into: database, time: time, at: now)
    try Self.repeatHistory(in: database)
    seconds = (time.now() - start).inSeconds
    try Self.vacuum(database, time: time)
    subject = try Subject(database: database.connectionString)
    try subject.waitUntilDraining()
    hundredth = try cursor(ofPage: 100)
  }

  /// Over a connection, because `psql` gives up after a minute.
  private static func vacuum(_ database: TestDatabase, time: any TimeSource) throws {
    let connection = try Connection.open(
      DatabaseAddress(database.adminConnectionString),
      SessionOptions(applicationName: "handoffd/bare", readWrite: false),
      until: time.now() + .seconds(10), time: time, log: .silent)
    try connection.run("VACUUM ANALYZE", until: time.now() + .seconds(900))
  }

  private static func drain(
    _ workload: RecordWorkload, into database: TestDatabase, time: any TimeSource, at now: WallTime
  ) throws {
    let source = GeneratedSource(workload, receivedAt: now)
    let store = Store(
      StoreSettings(database: try DatabaseAddress(database.connectionString), instance: "bench"),
      source: source, seed: 1, time: time, log: .silent)
    try store.start()
    defer { store.stop(by: time.now() + .seconds(10)) }
    try eventually("the load", within: .seconds(3_600), every: .milliseconds(100)) {
      store.status.position == source.tail
    }
    guard store.status.events == UInt64(workload.events) else {
      throw TestFailure("\(store.status.events) of \(workload.events) events were stored")
    }
  }

  /// The month once more for each month of a year before; by the minute only as long as events are kept.
  private static func repeatHistory(in database: TestDatabase) throws {
    let rest = try database.psql(
      """
      SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = 'handoffd.rollups'::regclass AND attnum > 3
      """)
    try database.psql(
      """
      INSERT INTO handoffd.rollups (spool_id, minutes, start, \(rest))
      SELECT spool_id, minutes, start - n * interval '\(RecordWorkload.days + 1) days', \(rest)
      FROM handoffd.rollups, generate_series(1, 12) AS n WHERE minutes > 1 OR n <= 2
      """)
  }

  /// An answer that must be good.
  private func get(_ target: String, over connection: HTTPConnection) throws -> HTTPAnswer {
    let answer = try connection.get(target)
    guard answer.status == 200 else { throw TestFailure("\(target): \(answer.status) \(answer.text)") }
    return answer
  }

  /// How long each of some questions takes, in milliseconds, ascending.
  func milliseconds(_ targets: [String], _ time: any TimeSource) throws -> [Double] {
    let connection = try subject.process.connect()
    return try targets.map { target in
      let start = time.now()
      _ = try get(target, over: connection)
      return (time.now() - start).inSeconds * 1e3
    }.sorted()
  }

  /// The cursor of the page that is so many pages from the first.
  private func cursor(ofPage page: Int) throws -> String {
    let connection = try subject.process.connect()
    var cursor = ""
    for _ in 1..<page {
      let more = cursor.isEmpty ? "" : "&cursor=\(cursor)"
      let text = try get("/v1/handoffs?limit=100" + more, over: connection).text
      guard let start = text.firstRange(of: "\"next_cursor\":\"")?.upperBound,
        let end = text[start...].firstIndex(of: "\"")
      else { throw TestFailure("there is no page \(page)") }
      cursor = String(text[start..<end])
    }
    return cursor
  }
}
