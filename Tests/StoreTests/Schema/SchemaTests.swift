import Model
import Platform
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite struct SchemaTests {
  @Test(arguments: Route.allCases)
  func `twelve sidecars that start at once make one schema`(_ route: Route) throws {
    let rig = try Rig(route)
    let failures = Guarded<[String]>([])
    let lanes = try (0..<12).map { number in
      try Lane(name: "migrate") {
        do {
          let connection = try rig.connection()
          try Migrator(connection: connection, instance: "m\(number)", time: rig.time, log: rig.log).run(
            until: rig.soon)
          var partitions = Partitions()
          try partitions.ensure([20_778, 20_779, 20_780], connection, until: rig.soon)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    lanes.forEach { $0.join() }
    #expect(failures.withLock { $0 } == [])
    #expect(try rig.count("schema_version") == Migration.all.count)
    #expect(
      try rig.database.psql(
        "SELECT count(*) FROM pg_inherits WHERE inhparent IN ('handoffd.handoff_events'::regclass, 'handoffd.subject_events'::regclass)"
      ) == "6")
  }

  @Test func `a migration that dies half-way is done again`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.begin(until: rig.soon)
    try connection.execute("CREATE SCHEMA handoffd", until: rig.soon)
    for statement in Migration.first.statements.prefix(5) {
      try connection.execute(statement, until: rig.soon)
    }
    connection.close()
    try Migrator(connection: rig.connection(), instance: "m", time: rig.time, log: rig.log).run(
      until: rig.soon)
    #expect(try rig.count("schema_version") == Migration.all.count)
  }

  @Test func `a newer schema that lets this program in is worked with`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let first = try rig.store(source)
    try first.drained(source)
    try eventually { first.status.isUp }
    first.stop()
    try rig.database.psql(
      """
      ALTER TABLE handoffd.handoffs ADD COLUMN later text;
      INSERT INTO handoffd.schema_version VALUES (\(Migration.current + 3), \(Migration.current), now(), 'later')
      """)
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.count("handoffs") == 1)
  }

  @Test func `a schema that is too new stops the drain in words that help`() throws {
    let rig = try Rig()
    try Migrator(connection: rig.connection(), instance: "m", time: rig.time, log: rig.log).run(
      until: rig.soon)
    try rig.database.psql("INSERT INTO handoffd.schema_version VALUES (99, 98, now(), 'later')")
    let store = try rig.store(ArraySource())
    defer { store.stop() }
    try eventually { store.status.fault != nil }
    let fault = try #require(store.status.fault)
    #expect(fault.contains("version 99") && fault.contains("update handoffd"))
  }

  @Test func `a role that may only write does so on a schema that is there`() throws {
    let rig = try Rig()
    try Migrator(connection: rig.connection(), instance: "m", time: rig.time, log: rig.log).run(
      until: rig.soon)
    let connection = try rig.connection()
    var partitions = Partitions()
    let today = Timestamp(microseconds: rig.time.wall().microseconds).day
    try partitions.ensure(Set(today...(today + 3)), connection, until: rig.soon)
    let role = "writer_\(rig.database.name)"
    try rig.database.psql(
      """
      CREATE ROLE \(role) LOGIN; GRANT USAGE ON SCHEMA handoffd TO \(role);
      GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA handoffd TO \(role)
      """)
    defer { _ = try? rig.database.psql("DROP OWNED BY \(role); DROP ROLE \(role)") }
    let source = ArraySource()
    source.append([
      Occurrence(type: .initiated, id: "a", facts: [(.fromAgent, .text, "x")]),
      Occurrence(type: .agentHealth, id: "h", facts: [(.agent, .text, "x")]),
    ])
    let store = try rig.store(source, rig.address.with("user", role))
    try store.drained(source)
    #expect(store.status.events == 2)
    store.stop()
  }

  @Test func `a database that is not UTF-8 is refused`() throws {
    let cluster = try TestCluster.shared()
    let name = "latin_\(UInt32.random(in: 0 ... .max))"
    try cluster.psql("CREATE DATABASE \(name) OWNER handoffd ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    defer { _ = try? cluster.psql("DROP DATABASE \(name) WITH (FORCE)") }
    let rig = try Rig()
    let store = try rig.store(ArraySource(), rig.address.with("dbname", name))
    defer { store.stop() }
    try eventually { store.status.fault?.contains("UTF8") == true }
  }

  @Test func `partitions end at midnight UTC, whatever the server's zone`() throws {
    let rig = try Rig()
    try rig.database.psql("ALTER DATABASE \(rig.database.name) SET TimeZone = 'Europe/Berlin'")
    let source = ArraySource()
    let midnight = Occurrence.base / 86_400_000_000 * 86_400_000_000
    source.append([
      Occurrence(type: .initiated, id: "a", at: midnight - 1),
      Occurrence(type: .initiated, id: "b", at: midnight),
      Occurrence(type: .initiated, id: "c", at: midnight + 86_399_999_999),
    ])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let found = try rig.database.psql(
      "SELECT right(tableoid::regclass::text, 8), event_id FROM handoffd.handoff_events ORDER BY 2")
    #expect(found == "20261120|a\n20261121|b\n20261121|c")
  }

  @Test func `statements are as wide as the tables`() throws {
    let rig = try Rig()
    try Migrator(connection: rig.connection(), instance: "m", time: rig.time, log: rig.log).run(
      until: rig.soon)
    for (table, columns) in [
      ("handoff_row", HandoffRow.columns), ("handoffs", HandoffRow.columns),
      ("handoff_events", EventRow.handoffColumns), ("subject_events", EventRow.subjectColumns),
    ] {
      let there = try rig.database.psql(
        "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'handoffd.\(table)'::regclass AND attnum > 0 AND attgenerated = ''"
      )
      #expect(there == columns)
    }
    #expect(HandoffRow.columns.split(separator: ",").count == Int(HandoffRow.count))
  }
}
