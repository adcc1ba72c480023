import Platform
import Postgres
import TestSupport
import Testing

/// Statements that go together, over each way to the database.
@Suite struct PipelineTests {
  private static let reading = TransactionSettings(
    readOnly: true, oneSnapshot: true, statementTimeout: .milliseconds(4_321), lockTimeout: .milliseconds(20),
    idleTimeout: .seconds(5))

  private func isClean(_ connection: Connection, _ rig: Rig) throws -> Bool {
    let rows = try connection.execute(
      "SELECT current_setting('statement_timeout') || current_setting('transaction_read_only')",
      until: rig.soon)
    return try !connection.isInTransaction && rows.single(as: String.self) == "0off"
  }

  @Test(arguments: Route.allCases)
  func `each statement gives its own rows, however large they are`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    let long = String(repeating: "x", count: 300_000)
    for _ in 0..<3 {
      let rows = try connection.execute(
        together: [
          Statement("SELECT $1::text", [.text(long)]), Statement("SELECT generate_series(1, 100000)"),
          Statement("SELECT 1 WHERE false"),
          Statement("SELECT $1::bigint, $2::text", [.int8(7), .text(nil)]),
        ], until: rig.soon)
      #expect(rows.map(\.count) == [1, 100_000, 0, 1])
      #expect(try rows[0].single(as: String.self) == long)
      #expect(try rows[1].value(99_999, 0) == Int32(100_000))
      #expect(try rows[3].value(0, 0) == Int64(7) && rows[3].isNull(0, 1))
    }
    #expect(try connection.execute(together: [], until: rig.soon).isEmpty)
    #expect(try isClean(connection, rig))
  }

  @Test(arguments: Route.allCases)
  func `behind a statement that fails none is run, and the connection goes on`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE public.t (n integer)", until: rig.soon)
    for place in 0..<3 {
      var statements = (0..<3).map { Statement("INSERT INTO public.t SELECT \($0)") }
      statements.insert(Statement("SELECT 1/$1", [.int4(0)]), at: place)
      let error = try #require(throws: PostgresError.self) {
        try connection.execute(together: statements, until: rig.soon)
      }
      #expect(error.sqlState == SQLState("22012"))
      #expect(error.action == "run SELECT 1/$1")
      #expect(connection.isUsable)
    }
    #expect(throws: PostgresError.self) {
      try connection.execute(together: [Statement("SELECT 1"), Statement("SELECT\0 2")], until: rig.soon)
    }
    #expect(throws: PostgresError.self) {
      try connection.execute(together: [Statement("COPY public.t TO STDOUT")], until: rig.soon)
    }
    #expect(try rig.database.psql("SELECT count(*) FROM t") == "0")
  }

  @Test(arguments: Route.allCases)
  func `a transaction that reads is begun and ended by what is asked in it`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE public.t AS SELECT 1 AS n", until: rig.soon)
    let writer = try rig.connection()
    let seen = try connection.withTransaction(Self.reading, until: rig.soon) {
      transaction throws(PostgresError) in
      let first = try transaction.rows(of: [
        Statement("SELECT count(*) FROM public.t"),
        Statement(
          "SELECT concat_ws(' ', current_setting('transaction_read_only'), current_setting('transaction_isolation'), "
            + "current_setting('statement_timeout'), current_setting('TimeZone'), current_setting('search_path'))"
        ),
      ])
      #expect(connection.isInTransaction)
      try writer.execute("INSERT INTO public.t VALUES (2)", until: rig.soon)
      let last = try transaction.rows(of: [Statement("SELECT count(*) FROM public.t")], isLast: true)
      #expect(!connection.isInTransaction)
      #expect(throws: PostgresError.self) { try transaction.rows(of: [Statement("SELECT 1")]) }
      return (
        try first[0].single(as: Int64.self), try last[0].single(as: Int64.self),
        try first[1].single(as: String.self)
      )
    }
    #expect(seen.0 == 1 && seen.1 == 1)
    #expect(seen.2 == "on repeatable read 4321ms UTC pg_catalog, pg_temp")
    #expect(try isClean(connection, rig))
    #expect(
      try connection.execute("SELECT count(*) FROM public.t", until: rig.soon).single(as: Int64.self) == 2)
  }

  @Test(arguments: Route.allCases)
  func `whatever a transaction fails of, the connection is handed back clean`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE public.t (n integer)", until: rig.soon)
    let holder = try rig.connection()
    try holder.begin(until: rig.soon)
    try holder.execute("LOCK TABLE public.t", until: rig.soon)
    defer { holder.rollback(until: rig.soon) }
    let slow = TransactionSettings(
      readOnly: true, statementTimeout: .milliseconds(20), lockTimeout: .seconds(9))
    let cases: [(TransactionSettings, String, SQLState)] = [
      (Self.reading, "SELECT 1/0", SQLState("22012")), (Self.reading, "SELEC", SQLState("42601")),
      (Self.reading, "CREATE TABLE public.u ()", .readOnly),
      (Self.reading, "SELECT count(*) FROM public.t", .lockNotAvailable),
      (slow, "SELECT count(*) FROM public.t", .queryCanceled), (slow, "SELECT pg_sleep(20)", .queryCanceled),
    ]
    for (settings, sql, state) in cases {
      for isLast in [false, true] {
        for asked in [[sql], ["SELECT 1", sql], [sql, "SELECT 2"], ["SELECT 1", sql, "SELECT 2"]] {
          let error = try #require(throws: PostgresError.self) {
            try connection.withTransaction(settings, until: rig.soon) { transaction throws(PostgresError) in
              if asked.count == 3 { _ = try transaction.rows(of: [Statement("SELECT 0")]) }
              _ = try transaction.rows(of: asked.map { Statement($0) }, isLast: isLast)
            }
          }
          #expect(error.sqlState == state, "\(asked)")
        }
      }
      #expect(try isClean(connection, rig), "\(sql)")
    }
  }

  @Test func `a transaction that writes commits by itself, and one in which nothing is asked is none`() throws
  {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE public.t (n integer)", until: rig.soon)
    let writing = TransactionSettings()
    try connection.withTransaction(writing, until: rig.soon) { transaction throws(PostgresError) in
      _ = try transaction.rows(of: [Statement("INSERT INTO public.t VALUES (1)")], isLast: true)
      #expect(connection.isInTransaction)
      _ = try transaction.rows(of: [Statement("INSERT INTO public.t VALUES (2)")])
    }
    let error = try #require(throws: PostgresError.self) {
      try connection.withTransaction(writing, until: rig.soon) { transaction throws(PostgresError) in
        _ = try transaction.rows(of: [Statement("INSERT INTO public.t VALUES (3)")])
        throw PostgresError(.decoding, "test", "given up")
      }
    }
    #expect(error.action == "test")
    try connection.withTransaction(writing, until: rig.soon) { _ throws(PostgresError) in
      #expect(!connection.isInTransaction)
    }
    #expect(try isClean(connection, rig))
    #expect(try rig.database.psql("SELECT string_agg(n::text, '') FROM t") == "12")
  }

  @Test(arguments: Route.allCases)
  func `a server that is silent in the middle is left at the deadline`(_ route: Route) throws {
    let rig = try Rig(route)
    let proxy = try FaultProxy(.port(rig.bouncer?.port ?? rig.cluster.port))
    defer { proxy.stop() }
    let connection = try rig.connection(DatabaseAddress(rig.database.uri(port: proxy.port)))
    let deadline = rig.time.now() + .milliseconds(300)
    let error = try #require(throws: PostgresError.self) {
      try connection.withTransaction(Self.reading, until: deadline) { transaction throws(PostgresError) in
        _ = try transaction.rows(of: [Statement("SELECT 1")])
        proxy.blackhole(true)
        _ = try transaction.rows(of: [Statement("SELECT 2"), Statement("SELECT 3")], isLast: true)
      }
    }
    #expect(error.code == .deadline)
    #expect(!connection.isUsable)
  }

  @Test func `a session that is ended in the middle is lost, with the server's reason`() throws {
    let rig = try Rig()
    let connection = try rig.connection(DatabaseAddress(rig.database.adminConnectionString))
    let error = try #require(throws: PostgresError.self) {
      try connection.execute(
        together: [
          Statement("SELECT 1"), Statement("SELECT pg_terminate_backend(pg_backend_pid())"),
          Statement("SELECT 2"),
        ], until: rig.soon)
    }
    #expect(error.faultClass == .transient)
    #expect(error.sqlState == SQLState("57P01"))
    #expect(!connection.isUsable)
  }

  @Test func `what runs in a pipeline can be cancelled`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    let lane = try Lane(name: "cancel") { [pid = connection.backendPID] in
      try? eventually {
        try rig.database.psql(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = \(pid) AND query ~ 'pg_sleep'")
          == "t"
      }
    }
    let error = try #require(throws: PostgresError.self) {
      try connection.execute(
        together: [Statement("SELECT 1"), Statement("SELECT pg_sleep(20)"), Statement("SELECT 2")],
        until: rig.soon)
    }
    lane.join()
    #expect(error.sqlState == .queryCanceled)
    #expect(try isClean(connection, rig))
  }
}
