import Platform
import TestSupport
import Testing

@Suite(.enabled(if: Directory.exists(PgBouncer.program))) struct PgBouncerTests {
  @Test func `it pools by transaction and lets no start-up options through`() throws {
    let database = try TestCluster.shared().database()
    let bouncer = try PgBouncer(TestCluster.shared())
    func psql(_ uri: String) throws -> Command.Outcome {
      try Command(
        "/usr/bin/psql", ["-XAtqc", "select current_database()", uri], environment: ["LC_ALL": "C"]
      )
      .run(until: SystemTime().now() + .seconds(20))
    }
    #expect(try psql(bouncer.uri(database)).output == "\(database.name)\n")
    let refused = try psql(bouncer.uri(database) + "?options=-cTimeZone%3DUTC")
    #expect(refused.code == 2 && refused.output.contains("unsupported startup parameter"))
  }
}
