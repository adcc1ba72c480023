import Platform
import Postgres
import TestSupport
import Testing

@Suite struct ConnectionTests {
  @Test(arguments: Route.allCases)
  func `values go there and back in binary`(_ route: Route) throws {
    let rig = try Rig(route)
    let rows = try rig.connection().execute(
      """
      SELECT $1::text, $2::bigint, $3::integer, $4::smallint, $5::double precision, $6::boolean,
        $7::timestamptz, $8::bytea, $9::json::text, $10::text[]::text, $11::uuid::text, $12::bigint[]::text
      """,
      [
        .text("hé\u{1F600}"), .int8(.min), .int4(-7), .int2(5), .float8(-0.25), .bool(true),
        .timestamptz(WallTime(microseconds: -1)), .bytea([0, 255]), .json(Array("{\"a\":1}".utf8)),
        .texts(["a", "b c", ""]), .uuid(0x0123_4567_89AB_CDEF, 1), .int8s([1, -2]),
      ], until: rig.soon)
    #expect(try rows.value(0, 0) == "hé\u{1F600}")
    #expect(try rows.value(0, 1) == Int64.min)
    #expect(try rows.value(0, 2) == Int32(-7))
    #expect(try rows.value(0, 3) == Int16(5))
    #expect(try rows.value(0, 4) == -0.25)
    #expect(try rows.value(0, 5) == true)
    #expect(try rows.value(0, 6) == WallTime(microseconds: -1))
    #expect(try rows.value(0, 7) == [UInt8(0), 255])
    #expect(try rows.value(0, 8) == "{\"a\":1}")
    #expect(try rows.value(0, 9) == "{a,\"b c\",\"\"}")
    #expect(try rows.value(0, 10) == "01234567-89ab-cdef-0000-000000000001")
    #expect(try rows.value(0, 11) == "{1,-2}")
  }

  @Test func `nulls, empty values and wrong types are told apart`() throws {
    let rig = try Rig()
    let rows = try rig.connection().execute(
      "SELECT $1::text, $2::text, $3::bytea, 'infinity'::timestamptz", [.text(nil), .text(""), .bytea([])],
      until: rig.soon)
    #expect(try rows.optional(0, 0, as: String.self) == nil)
    #expect(try rows.value(0, 1) == "")
    #expect(try rows.value(0, 2) == [UInt8]())
    #expect(try rows.value(0, 3) == WallTime(microseconds: .max))
    #expect(throws: PostgresError.self) { try rows.value(0, 0, as: String.self) }
    #expect(throws: PostgresError.self) { try rows.value(0, 1, as: Int64.self) }
    #expect(throws: PostgresError.self) { try rows.value(9, 0, as: String.self) }
    #expect(throws: PostgresError.self) { try rows.value(0, -1, as: String.self) }
  }

  @Test(arguments: [
    ("SELECT 1/0", "22012", FaultClass.poison), ("SELECT * FROM nowhere", "42P01", .configuration),
    ("SELEC", "42601", .configuration), ("SELECT repeat('x', 10)::varchar(3)::integer", "22P02", .poison),
    ("SELECT 'x'::json", "22P02", .poison),
    ("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", "40001", .collision),
    ("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", "40P01", .collision),
    ("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", "53100", .full),
    ("DO $$ BEGIN RAISE SQLSTATE '53300'; END $$", "53300", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", "55P03", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE '57P01'; END $$", "57P01", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE '25006'; END $$", "25006", .wrongNode),
    ("DO $$ BEGIN RAISE SQLSTATE '58030'; END $$", "58030", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE 'XX000'; END $$", "XX000", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE '08006'; END $$", "08006", .transient),
    ("DO $$ BEGIN RAISE SQLSTATE '54000'; END $$", "54000", .poison),
    ("DO $$ BEGIN RAISE SQLSTATE '23514'; END $$", "23514", .poison),
    ("DO $$ BEGIN RAISE SQLSTATE '28P01'; END $$", "28P01", .configuration),
  ])
  func `an error says what is to be done about it`(_ sql: String, _ state: String, _ fault: FaultClass) throws
  {
    let rig = try Rig()
    let connection = try rig.connection()
    let error = try #require(throws: PostgresError.self) { try connection.execute(sql, until: rig.soon) }
    #expect(error.sqlState == SQLState(state))
    #expect(error.faultClass == fault)
    #expect(connection.isUsable)
    #expect(try connection.execute("SELECT 1", until: rig.soon).single(as: Int64.self) == 1)
  }

  @Test(arguments: Route.allCases)
  func `rows are copied in and out`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE t (n integer PRIMARY KEY, x text)", until: rig.soon)
    var buffer = WireBuffer()
    for number in 0..<100_000 {
      buffer.beginRow(fields: 2)
      buffer.field(Int32(number))
      buffer.field(number % 3 == 0 ? nil : "text \(number)")
    }
    #expect(
      try connection.copyIn("COPY t FROM STDIN (FORMAT binary)", rows: buffer, until: rig.soon) == 100_000)
    var lines = 0
    var bytes = 0
    try connection.copyOut("COPY t TO STDOUT", until: rig.soon) {
      lines += 1
      bytes += $0.count
    }
    #expect(lines == 100_000)
    #expect(bytes > 1_000_000)
    #expect(try rig.database.psql("SELECT count(*), count(x), max(n) FROM t") == "100000|66666|99999")
  }

  @Test func `a refused copy leaves the connection usable and the table empty`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE t (n integer PRIMARY KEY, x text)", until: rig.soon)
    var buffer = WireBuffer()
    for number in [1, 2, 1] {
      buffer.beginRow(fields: 2)
      buffer.field(Int32(number))
      buffer.field([UInt8(0xFF)])
    }
    let error = try #require(throws: PostgresError.self) {
      try connection.copyIn("COPY t FROM STDIN (FORMAT binary)", rows: buffer, until: rig.soon)
    }
    #expect(error.sqlState == SQLState("22021"))
    let missing = try #require(throws: PostgresError.self) {
      try connection.copyIn("COPY nowhere FROM STDIN (FORMAT binary)", rows: buffer, until: rig.soon)
    }
    #expect(missing.sqlState == .undefinedTable)
    #expect(connection.isUsable)
    #expect(try connection.execute("SELECT count(*) FROM t", until: rig.soon).single(as: Int64.self) == 0)
  }

  @Test func `a body that gives up a copy leaves nothing behind`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE t (n integer)", until: rig.soon)
    let error = try #require(throws: PostgresError.self) {
      try connection.copyIn("COPY t FROM STDIN (FORMAT binary)", until: rig.soon) { _ throws(PostgresError) in
        throw PostgresError(.unexpectedAnswer, "test", "given up")
      }
    }
    #expect(error.action == "test")
    #expect(connection.isUsable)
    #expect(try connection.execute("SELECT count(*) FROM t", until: rig.soon).single(as: Int64.self) == 0)
  }

  @Test(arguments: Route.allCases)
  func `a transaction is all or nothing, and sets only for itself`(_ route: Route) throws {
    let rig = try Rig(route)
    let connection = try rig.connection()
    try connection.execute("CREATE TABLE public.t (n integer)", until: rig.soon)
    let settings = TransactionSettings(statementTimeout: .milliseconds(1_234), lockTimeout: .seconds(1))
    let seen = try connection.transaction(settings, until: rig.soon) { () throws(PostgresError) in
      try connection.execute("INSERT INTO public.t VALUES (1)", until: rig.soon)
      return try connection.execute(
        "SELECT current_setting('statement_timeout') || current_setting('TimeZone') || current_setting('search_path')",
        until: rig.soon
      ).single(as: String.self)
    }
    #expect(seen == "1234msUTCpg_catalog, pg_temp")
    #expect(throws: PostgresError.self) {
      try connection.transaction(until: rig.soon) { () throws(PostgresError) in
        try connection.execute("INSERT INTO public.t VALUES (2)", until: rig.soon)
        try connection.execute("SELECT 1/0", until: rig.soon)
      }
    }
    #expect(!connection.isInTransaction)
    #expect(
      try connection.execute("SELECT current_setting('statement_timeout')", until: rig.soon).single() == "0")
    #expect(try rig.database.psql("SELECT n FROM t") == "1")
  }

  @Test func `committing what had failed is an error`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    try connection.begin(until: rig.soon)
    #expect(throws: PostgresError.self) { try connection.execute("SELECT 1/0", until: rig.soon) }
    let error = try #require(throws: PostgresError.self) { try connection.commit(until: rig.soon) }
    #expect(error.message.contains("rolled back"))
    #expect(!error.outcomeIsUnknown)
  }

  @Test func `the pool lends, keeps and replaces connections`() throws {
    let rig = try Rig()
    let pool = ConnectionPool(
      rig.address, SessionOptions(applicationName: "handoffd/pool", readWrite: false), limit: 1,
      time: rig.time,
      log: rig.log)
    func pid() throws -> Int32 {
      try pool.withConnection(until: rig.soon) { connection throws(PostgresError) in connection.backendPID }
    }
    let first = try pid()
    #expect(try pid() == first)
    try rig.database.psql("SELECT pg_terminate_backend(\(first))")
    #expect(throws: PostgresError.self) {
      try pool.withConnection(until: rig.soon) { connection throws(PostgresError) in
        _ = try connection.execute("SELECT 1", until: rig.soon)
      }
    }
    #expect(try pid() != first)
    _ = try pool.withConnection(until: rig.soon) { _ throws(PostgresError) in
      #expect(throws: PostgresError.self) {
        try pool.withConnection(until: rig.time.now() + .milliseconds(30)) { _ throws(PostgresError) in }
      }
    }
    pool.close()
    #expect(throws: PostgresError.self) { try pid() }
  }
}
