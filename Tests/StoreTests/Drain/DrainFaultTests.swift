import Model
import Platform
import Postgres
import Spool
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct DrainFaultTests {
  /// Requests of a few events each, over a few hundred handoffs.
  static func requests(_ count: Int, using random: inout SeededRandom) -> [[Occurrence]] {
    (0..<count).map { number in
      (0..<Int.random(in: 1...8, using: &random)).map { slot in
        Occurrence(
          type: [.initiated, .acknowledged, .completed, .failed].randomElement(using: &random) ?? .initiated,
          id: "e\(number)-\(slot)", handoff: "ho_\(Int.random(in: 0..<300, using: &random))",
          at: Occurrence.base + Int64.random(in: 0..<5_000_000, using: &random),
          facts: [(.taskID, .text, "t-\(Int.random(in: 0..<9, using: &random))")])
      }
    }
  }

  private func check(_ rig: Rig, _ requests: [[Occurrence]]) throws {
    let all = requests.flatMap { $0 }
    #expect(try rig.count("handoff_events") == all.count)
    #expect(try rig.records() == all.records)
    #expect(try rig.count("quarantine") == 0)
    #expect(try rig.count("rejections") == 0)
  }

  @Test func `backends that are killed in the middle lose and double nothing`() throws {
    var random = SeededRandom(for: "killed backends")
    let rig = try Rig()
    let requests = Self.requests(1_500, using: &random)
    let source = ArraySource()
    let store = try rig.store(source)
    defer { store.stop() }
    var kills = 0
    for (number, request) in requests.enumerated() {
      source.append(request)
      if number % 150 == 75 {
        // It may just be connecting again after the last time.
        kills += try eventually("a backend to kill") {
          let killed = try rig.database.psql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'handoffd/test'"
          )
          return Int(killed).flatMap { $0 > 0 ? $0 : nil }
        }
      }
    }
    try store.drained(source)
    try check(rig, requests)
    #expect(kills >= 10)
    #expect(store.status.connections > 1)
  }

  @Test(arguments: [true, false])
  func `connections cut at COMMIT lose and double nothing`(_ isAfter: Bool) throws {
    var random = SeededRandom(for: "cut at COMMIT")
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let requests = Self.requests(300, using: &random)
    let source = ArraySource()
    let store = try rig.store(source, DatabaseAddress(rig.database.uri(port: proxy.port)))
    defer { store.stop() }
    try eventually { store.status.isUp }
    for (number, request) in requests.enumerated() {
      if number % 20 == 0 {
        if isAfter { proxy.cutAfterCommit() } else { proxy.cutBeforeCommit() }
      }
      source.append(request)
      if number % 20 == 19 { try store.drained(source) }
    }
    try store.drained(source)
    try check(rig, requests)
    #expect(proxy.counts.cuts >= 15)
    #expect(store.status.errors[.commit, default: 0] >= 10)
  }

  @Test func `a stopped backend is left, and what it was doing is done once`() throws {
    var random = SeededRandom(for: "stopped backend")
    let rig = try Rig()
    let requests = Self.requests(200, using: &random)
    let source = ArraySource()
    let store = try rig.store(source) { $0.batchDeadline = .milliseconds(400) }
    defer { store.stop() }
    var stopped: [OtherProcess] = []
    defer { stopped.forEach { $0.signal(.resume) } }
    for (number, request) in requests.enumerated() {
      source.append(request)
      if number % 70 == 35 {
        try store.drained(source)
        let pids = try rig.database.psql(
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'handoffd/test' ORDER BY backend_start DESC"
        )
        let backend = try #require(
          pids.split(separator: "\n").first.flatMap { Int32($0) }.flatMap(OtherProcess.init))
        backend.signal(.stop)
        stopped.append(backend)
        source.append([])
        let before = store.status.errors.values.reduce(0, +)
        try eventually { store.status.errors.values.reduce(0, +) > before }
        backend.signal(.resume)
      }
    }
    try store.drained(source)
    try check(rig, requests)
    #expect(stopped.count == 3)
  }

  @Test func `a database that is away is waited for`() throws {
    let cluster = try TestCluster(TestCluster.Options(isDurable: true))
    let rig = try Rig(cluster: cluster)
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    try cluster.stop(.quit)
    source.append([Occurrence(type: .acknowledged, id: "b", at: Occurrence.base + 1)])
    try eventually { !store.status.isUp && store.status.fault != nil }
    #expect(throws: StoreError.self) { try store.queries.handoff("ho_1") }
    try cluster.start()
    try store.drained(source)
    #expect(store.status.isUp)
    #expect(store.status.fault == nil)
    #expect(try store.queries.handoff("ho_1")?.events.count == 2)
  }

  @Test(arguments: [
    (
      "REVOKE INSERT ON handoffd.handoff_events FROM handoffd; ALTER TABLE handoffd.handoff_events OWNER TO postgres",
      "ALTER TABLE handoffd.handoff_events OWNER TO handoffd; GRANT INSERT ON handoffd.handoff_events TO handoffd"
    ),
    (
      "ALTER TABLE handoffd.handoffs RENAME TO elsewhere", "ALTER TABLE handoffd.elsewhere RENAME TO handoffs"
    ),
  ])
  func `a fault of configuration stops the drain, says so, and is over when it is mended`(
    _ harm: String, _ cure: String
  ) throws {
    let rig = try Rig()
    let source = ArraySource()
    let first = try rig.store(source)
    try eventually { first.status.isUp }
    first.stop()
    try rig.database.psql(harm)
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.fault != nil }
    #expect(!store.status.isHalted)
    #expect(try rig.count("spool_positions") == 1)
    try rig.database.psql(cure)
    try store.drained(source)
    #expect(store.status.fault == nil)
    #expect(try rig.count("handoff_events") == 1)
  }

  @Test func `a server that takes no writes is waited for`() throws {
    let rig = try Rig()
    try rig.database.psql(
      "ALTER ROLE handoffd IN DATABASE \(rig.database.name) SET default_transaction_read_only = on")
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.fault != nil }
    try rig.database.psql(
      "ALTER ROLE handoffd IN DATABASE \(rig.database.name) SET default_transaction_read_only = off")
    try store.drained(source)
  }

  @Test func `a server without room for one more connection is waited for`() throws {
    let rig = try Rig()
    try rig.database.psql("ALTER DATABASE \(rig.database.name) CONNECTION LIMIT 1")
    // Whoever set the limit may still count.
    let other = try eventually { try? rig.connection() }
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try eventually { store.status.fault?.contains("53300") == true }
    other.close()
    try store.drained(source)
  }

  @Test func `locks of others are waited for, and given up in time`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let store = try rig.store(source) { $0.batchDeadline = .milliseconds(300) }
    defer { store.stop() }
    try eventually { store.status.isUp }
    let other = try rig.connection()
    try other.begin(until: rig.soon)
    try other.execute("LOCK TABLE handoffd.handoffs IN EXCLUSIVE MODE", until: rig.soon)
    source.append([Occurrence(type: .initiated, id: "a")])
    try eventually { store.status.errors[.write, default: 0] > 0 }
    other.rollback(until: rig.soon)
    try store.drained(source)
    #expect(try rig.count("handoff_events") == 1)
  }

  @Test func `a second sidecar on a copy of the spool fences the first off`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let first = try rig.store(source)
    defer { first.stop() }
    try first.drained(source)
    let second = try rig.store(source, instance: "copy")
    defer { second.stop() }
    try eventually { second.status.isUp }
    source.append([Occurrence(type: .acknowledged, id: "b", at: Occurrence.base + 1)])
    try second.drained(source)
    try eventually { first.status.isHalted }
    #expect(first.status.fault?.contains("taken over") == true)
    #expect(try rig.count("handoff_events") == 2)
    #expect(!second.status.isHalted)
  }

  @Test func `a spool that was put back to an earlier state is drained under a new identity`() throws {
    let rig = try Rig()
    let source = ArraySource()
    for number in 0..<5 { source.append([Occurrence(type: .initiated, id: "e\(number)")]) }
    let first = try rig.store(source)
    try first.drained(source)
    first.stop()
    let older = source.rolledBack(to: 3)
    older.append([Occurrence(type: .completed, id: "new", at: Occurrence.base + 9)])
    let store = try rig.store(older)
    defer { store.stop() }
    try store.drained(older)
    #expect(older.identity != source.identity)
    #expect(try rig.count("handoff_events") == 6)
    #expect(store.status.events == 1)
    #expect(store.status.duplicates == 2)
    #expect(!store.status.isHalted)
  }

  @Test func `a copy of a spool that went another way gets an identity of its own, and fences nobody off`()
    throws
  {
    let rig = try Rig()
    let source = ArraySource()
    for number in 0..<3 { source.append([Occurrence(type: .initiated, id: "e\(number)")]) }
    let copy = source.rolledBack(to: 4)
    source.append([Occurrence(type: .acknowledged, id: "here", at: Occurrence.base + 1)])
    copy.append([Occurrence(type: .acknowledged, id: "there", at: Occurrence.base + 2)])
    copy.append([Occurrence(type: .completed, id: "later", at: Occurrence.base + 3)])
    let first = try rig.store(source)
    defer { first.stop() }
    try first.drained(source)
    let second = try rig.store(copy, instance: "copy")
    defer { second.stop() }
    try second.drained(copy)
    source.append([Occurrence(type: .completed, id: "last", at: Occurrence.base + 4)])
    try first.drained(source)
    #expect(!first.status.isHalted)
    #expect(
      try rig.database.psql("SELECT string_agg(event_id, ' ' ORDER BY event_id) FROM handoffd.handoff_events")
        == "e0 e1 e2 here last later there")
  }

  @Test func `an event whose commit nobody answered is counted once`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let source = ArraySource()
    let store = try rig.store(source, DatabaseAddress(rig.database.uri(port: proxy.port)))
    defer { store.stop() }
    try eventually { store.status.isUp }
    for number in 0..<5 {
      if number % 2 == 0 { proxy.cutAfterCommit() } else { proxy.cutBeforeCommit() }
      source.append([Occurrence(type: .step, id: "e\(number)", at: Occurrence.base + Int64(number))])
      try store.drained(source)
    }
    #expect(store.status.events == 5)
    #expect(store.status.duplicates == 0)
  }

  @Test func `a partition that has gone is made again`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([Occurrence(type: .initiated, id: "a")])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    try rig.database.psql("DROP TABLE handoffd.handoff_events_20261121")
    source.append([Occurrence(type: .initiated, id: "b")])
    try store.drained(source)
    #expect(try rig.database.psql("SELECT event_id FROM handoffd.handoff_events") == "b")
    #expect(try rig.count("quarantine") == 0)
  }

  @Test func `events of days that are not kept are set aside`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let day: Int64 = 86_400_000_000
    source.append([
      Occurrence(type: .initiated, id: "old", at: Occurrence.base - 200 * day),
      Occurrence(type: .initiated, id: "kept", at: Occurrence.base - 50 * day),
      Occurrence(type: .initiated, id: "ahead", at: Occurrence.base + 30 * day),
    ])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.database.psql("SELECT event_id FROM handoffd.handoff_events") == "kept")
    #expect(try rig.count("quarantine") == 2)
  }
}
