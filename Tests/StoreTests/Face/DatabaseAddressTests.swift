import Postgres
import TestSupport
import Testing

@Suite struct DatabaseAddressTests {
  @Test(arguments: [
    "postgresql://user:geheim@db.example:5433/handoffs?sslmode=require",
    "host=db.example port=5433 user=user password=geheim dbname=handoffs",
  ])
  func `a URI and key-value pairs are read, and the password is not shown`(_ text: String) throws {
    let address = try DatabaseAddress(text)
    #expect(address.description == "db.example:5433/handoffs")
    #expect(address["user"] == "user")
    #expect(address["password"] == nil)
    #expect(!"\(address)".contains("geheim"))
  }

  @Test(arguments: [
    "postgresql://user:geheim%zz@host/db", "postgresql://user:ge@heim@host/db", "host=x geheim",
    "host=x geheim=1",
    "host='geheim", "postgresql://user:geheim@[::1/db", "postgresql://host/db?geheim", "host=x\0geheim",
  ])
  func `what cannot be read is refused without showing it`(_ text: String) throws {
    let error = try #require(throws: PostgresError.self) { try DatabaseAddress(text) }
    #expect(error.faultClass == .configuration)
    #expect(!error.description.contains("heim") || text.contains("geheim=1") || text.contains("?geheim"))
  }

  @Test func `a wrong password is a matter of configuration, and is not shown`() throws {
    let rig = try Rig()
    let address = try DatabaseAddress(rig.database.uri()).with("password", "ganz-geheim")
    let error = try #require(throws: PostgresError.self) { try rig.connection(address) }
    #expect(error.sqlState == SQLState("28P01"))
    #expect(error.faultClass == .configuration)
    #expect(!error.description.contains("geheim"))
  }

  @Test func `a missing database, a missing role and a missing server are told apart`() throws {
    let rig = try Rig()
    func fault(_ name: String, _ value: String) throws -> PostgresError {
      try #require(throws: PostgresError.self) { try rig.connection(rig.address.with(name, value)) }
    }
    #expect(try fault("dbname", "nowhere").sqlState == SQLState("3D000"))
    #expect(try fault("user", "nobody").sqlState == SQLState("28000"))
    let gone = try fault("host", "/nowhere")
    #expect(gone.code == .connection)
    #expect(gone.faultClass == .transient)
  }

  @Test func `a server that takes no writes is told apart`() throws {
    let rig = try Rig()
    try rig.database.psql("ALTER DATABASE \(rig.database.name) SET default_transaction_read_only = on")
    let error = try #require(throws: PostgresError.self) {
      try Connection.open(
        rig.address, SessionOptions(applicationName: "x", readWrite: true), until: rig.soon, time: rig.time,
        log: rig.log)
    }
    #expect(error.faultClass == .wrongNode)
  }

  @Test func `the session shows its name`() throws {
    let rig = try Rig()
    let connection = try rig.connection()
    #expect(
      try connection.execute("SELECT current_setting('application_name')", until: rig.soon).single()
        == "handoffd/probe")
  }
}
