import Model
import Platform
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite struct RetentionTests {
  private static let day: Int64 = 86_400_000_000

  /// Stores events as they came in so many days ago.
  private func store(_ events: [Occurrence], daysAgo: Int64, _ rig: Rig, _ source: ArraySource) throws {
    let then = Occurrence.base - daysAgo * Self.day
    let dated = events.map { event in
      var event = event
      event.at -= daysAgo * Self.day
      return event
    }
    source.append(
      dated.payload(
        receivedAt: then,
        rejections: [
          Rejection(
            refusal: Refusal(index: 0, pointer: "", code: .invalidJSON, message: "no"), body: [1])
        ]), events: events.count, receivedAt: then)
    let store = try rig.store(source, time: WanderingWall(from: then, step: 0)) {
      $0.retentionDays = nil
      $0.rollupDays = nil
    }
    try store.drained(source)
    store.stop()
  }

  private func handoff(_ id: String) -> [Occurrence] {
    [
      Occurrence(
        type: .initiated, id: "a", handoff: id,
        facts: [(.fromAgent, .text, "from_\(id)"), (.toAgent, .text, "to")]),
      Occurrence(type: .acknowledged, id: "b", handoff: id, at: Occurrence.base + 1_000_000),
      Occurrence(type: .agentHealth, id: "h_\(id)", facts: [(.agent, .text, "sick_\(id)")]),
    ]
  }

  private func partitions(_ rig: Rig) throws -> [String] {
    try rig.database.psql(
      "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'handoffd.handoff_events'::regclass ORDER BY 1"
    ).split(separator: "\n").map { String($0.suffix(8)) }
  }

  private func ids(_ table: String, _ column: String, _ rig: Rig) throws -> [String] {
    try rig.database.psql("SELECT DISTINCT \(column) FROM handoffd.\(table) ORDER BY 1").split(
      separator: "\n"
    )
    .map(String.init)
  }

  @Test(arguments: Route.allCases)
  func `what is past its time goes, and nothing else`(_ route: Route) throws {
    let rig = try Rig(route)
    let source = ArraySource()
    try store(
      handoff("old") + [Occurrence(type: .initiated, id: "a", handoff: "long")], daysAgo: 30, rig, source)
    try store(handoff("middle"), daysAgo: 12, rig, source)
    try store(handoff("edge"), daysAgo: 9, rig, source)
    try store(
      [Occurrence(type: .completed, id: "z", handoff: "long")] + handoff("new"), daysAgo: 0, rig, source)
    let store = try rig.store(source) {
      $0.retentionDays = 7
      $0.rollupDays = 20
      $0.retentionPace = .seconds(1)
    }
    defer { store.stop() }
    try eventually("a run that is complete") { store.status.retention.lastRun != nil }
    #expect(try ids("handoffs", "handoff_id", rig) == ["edge", "long", "new"])
    #expect(try ids("handoff_events", "handoff_id", rig) == ["edge", "long", "new"])
    #expect(try ids("subject_events", "subject", rig) == ["sick_edge", "sick_new"])
    #expect(try ids("subject_identities", "subject", rig) == ["sick_edge", "sick_new"])
    #expect(try partitions(rig).first == "20261112")
    #expect(try !ids("agents", "agent", rig).contains("from_old"))
    #expect(try rig.count("rejections") == 2)
    // Minutes go with the events, hours and days later.
    let rows = try rig.database.psql(
      """
      SELECT DISTINCT minutes, date(start AT TIME ZONE 'UTC') FROM handoffd.rollups WHERE kind = 0 AND started > 0
      ORDER BY 1, 2
      """)
    #expect(rows.contains("1|2026-11-12"))
    #expect(!rows.contains("1|2026-11-09"))
    #expect(!rows.contains("2026-10-22"))
    let removed = store.status.retention.removed
    // Three days ahead of each were made, in both logs.
    #expect(removed[.partitions] == 14)
    #expect(removed[.handoffs] == 2)
    #expect(removed[.identities] == 2)
    #expect(removed[.rejections] == 2)
    #expect(store.status.errors == [:])
  }

  @Test func `what changes after its history is gone brings none of it back`() throws {
    let rig = try Rig()
    let source = ArraySource()
    try store([Occurrence(type: .initiated, id: "a")], daysAgo: 30, rig, source)
    source.append([Occurrence(type: .completed, id: "b")])
    let store = try rig.store(source) {
      $0.retentionDays = 90
      $0.rollupDays = 7
      $0.retentionPace = .seconds(1)
    }
    defer { store.stop() }
    try store.drained(source)
    try eventually("a run that is complete") { store.status.retention.lastRun != nil }
    #expect(try rig.database.psql("SELECT count(*) FROM handoffd.rollups WHERE timeout <> 0") == "0")
    #expect(
      try rig.database.psql("SELECT sum(delivered) FROM handoffd.rollups WHERE kind = 0 AND minutes = 1")
        == "1")
  }

  @Test func `a role that may only write leaves it to others, and says so once`() throws {
    let rig = try Rig()
    let source = ArraySource()
    try store(handoff("old"), daysAgo: 30, rig, source)
    let role = "writer_\(rig.database.name)"
    try rig.database.psql(
      """
      CREATE ROLE \(role) LOGIN; GRANT USAGE ON SCHEMA handoffd TO \(role);
      GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA handoffd TO \(role);
      """)
    defer { _ = try? rig.database.psql("DROP OWNED BY \(role); DROP ROLE \(role)") }
    let connection = try rig.connection()
    var partitions = Partitions()
    let today = Timestamp(microseconds: rig.time.wall().microseconds).day
    try partitions.ensure(Set(today...(today + 3)), connection, until: rig.soon)
    source.append(handoff("new"))
    let store = try rig.store(source, rig.address.with("user", role)) {
      $0.retentionDays = 7
      $0.retentionPace = .milliseconds(60)
    }
    defer { store.stop() }
    try store.drained(source)
    #expect(try ids("handoffs", "handoff_id", rig) == ["new", "old"])
    #expect(store.status.errors[.retain] == nil)
    #expect(store.status.retention.lastRun == nil)
  }

  @Test func `while an export reads, nobody waits: neither who writes nor who removes`() throws {
    var random = SeededRandom(for: "retention under load")
    let rig = try Rig()
    let past = ArraySource()
    for days in 10...14 { try store(handoff("old_\(days)"), daysAgo: Int64(days), rig, past) }
    let export = try rig.connection()
    try export.begin(TransactionSettings(readOnly: true, oneSnapshot: true), until: rig.soon)
    try export.execute("SELECT count(*) FROM handoffd.handoff_events", until: rig.soon)
    let sources = [ArraySource(), ArraySource()]
    let events = (0..<600).flatMap { handoff("ho_\($0)") }.shuffled(using: &random)
    for start in stride(from: 0, to: events.count, by: 20) {
      for source in sources { source.append(Array(events[start..<min(start + 20, events.count)])) }
    }
    let stores = try sources.enumerated().map { number, source in
      try rig.store(SmallBatches(source, bytes: 16_384), instance: "s\(number)") {
        $0.retentionDays = 2
        $0.retentionPace = .milliseconds(200)
      }
    }
    defer { stores.forEach { $0.stop() } }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    try eventually("records that are gone") {
      stores.reduce(0) { $0 + ($1.status.retention.removed[.handoffs] ?? 0) } == 5
    }
    #expect(try partitions(rig).contains("20261108"))
    try export.commit(until: rig.soon)
    try eventually("a run that is complete") { stores.allSatisfy { $0.status.retention.lastRun != nil } }
    #expect(try !partitions(rig).contains("20261108"))
    #expect(stores.allSatisfy { $0.status.errors == [:] })
    #expect(try rig.count("handoffs") == 600)
    #expect(
      try rig.database.psql(
        "SELECT sum(delivered) FROM handoffd.rollups WHERE kind = 0 AND minutes = 1 AND start > '2026-11-20'")
        == "600")
  }
}
