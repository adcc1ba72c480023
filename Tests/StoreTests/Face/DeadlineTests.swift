import Platform
import Postgres
import TestSupport
import Testing

@Suite struct DeadlineTests {
  @Test func `a stopped server is left at the deadline`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    let backend = try #require(OtherProcess(connection.backendPID))
    backend.signal(.stop)
    defer { backend.signal(.resume) }
    let start = rig.time.now()
    let error = try #require(throws: PostgresError.self) {
      try connection.execute("SELECT 1", until: start + .milliseconds(200))
    }
    #expect(error.code == .deadline)
    #expect(rig.time.now() - start < .seconds(5))
    #expect(!connection.isUsable)
    #expect(throws: error) { try connection.execute("SELECT 1", until: rig.soon) }
  }

  @Test func `a copy into a stopped server ends at the deadline`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE t (x text)", until: rig.soon)
    var buffer = WireBuffer()
    for _ in 0..<40_000 {
      buffer.beginRow(fields: 1)
      buffer.field(String(repeating: "x", count: 1_000))
    }
    let backend = try #require(OtherProcess(connection.backendPID))
    let deadline = rig.time.now() + .milliseconds(500)
    defer { backend.signal(.resume) }
    let error = try #require(throws: PostgresError.self) {
      try connection.copyIn("COPY t FROM STDIN (FORMAT binary)", until: deadline) {
        sink throws(PostgresError) in
        backend.signal(.stop)
        try sink.send(buffer)
      }
    }
    #expect(error.code == .deadline)
    #expect(!connection.isUsable)
  }

  @Test func `a silent network is left at the deadline, also while connecting`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let address = try DatabaseAddress(rig.database.uri(port: proxy.port))
    let connection = try rig.connection(address)
    proxy.blackhole(true)
    #expect(
      try #require(throws: PostgresError.self) {
        try connection.execute("SELECT 1", until: rig.time.now() + .milliseconds(200))
      }.code == .deadline)
    #expect(
      try #require(throws: PostgresError.self) {
        try Connection.open(
          address, SessionOptions(applicationName: "x", readWrite: true),
          until: rig.time.now() + .milliseconds(200),
          time: rig.time, log: rig.log)
      }.code == .deadline)
  }

  @Test func `a host that is silent does not use up the time of the next`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    proxy.blackhole(true)
    let address = try DatabaseAddress(
      "host=127.0.0.1,127.0.0.1 port=\(proxy.port),\(rig.cluster.port) user=handoffd password=\(rig.cluster.password) dbname=\(rig.database.name)"
    )
    let connection = try Connection.open(
      address, SessionOptions(applicationName: "x", readWrite: true), until: rig.time.now() + .seconds(2),
      time: rig.time, log: rig.log)
    #expect(connection.isUsable)
  }

  @Test func `an interruption ends waiting`() throws {
    let rig = try Rig()
    let interruption = Interruption()
    let connection = try Connection.open(
      rig.address, SessionOptions(applicationName: "x", readWrite: true, interruption: interruption),
      until: rig.soon, time: rig.time, log: rig.log)
    let lane = try Lane(name: "interrupt") {
      pause(.milliseconds(50))
      interruption.raise()
    }
    let start = rig.time.now()
    #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(30)", until: rig.soon) }
    #expect(rig.time.now() - start < .seconds(10))
    lane.join()
  }

  @Test func `cancelling ends what the server does`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    let error = try #require(throws: PostgresError.self) {
      try connection.execute("SELECT pg_sleep(30)", until: rig.soon) {
        // A request to cancel that comes before the statement has begun is lost.
        try? eventually {
          try rig.database.psql(
            "SELECT state FROM pg_stat_activity WHERE pid = \(connection.backendPID)") == "active"
        }
        connection.cancel()
      }
    }
    #expect(error.sqlState == .queryCanceled)
    #expect(connection.isUsable)
  }

  @Test func `a commit whose answer is lost says that the outcome is unknown`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let connection = try rig.connection(DatabaseAddress(rig.database.uri(port: proxy.port)))
    try connection.execute("CREATE TABLE t (n integer)", until: rig.soon)
    try connection.begin(until: rig.soon)
    try connection.execute("INSERT INTO public.t VALUES (1)", until: rig.soon)
    proxy.cutAfterCommit()
    let error = try #require(throws: PostgresError.self) { try connection.commit(until: rig.soon) }
    #expect(error.outcomeIsUnknown)
    #expect(!connection.isUsable)
    try eventually { try rig.database.psql("SELECT n FROM t") == "1" }
  }
}
