import Platform
import TestSupport
import Testing

/// The proxy between psql and a real server.
@Suite struct FaultProxyTests {
  private let database: TestDatabase
  private let proxy: FaultProxy

  init() throws {
    database = try TestCluster.shared().database()
    proxy = try FaultProxy(.port(database.cluster.port))
    try database.psql("create table facts (number int primary key); grant all on facts to handoffd")
  }

  private func psql(_ commands: String..., within limit: Duration = .seconds(20)) throws -> Command.Outcome {
    let flags = commands.flatMap { ["-c", $0] }
    return try Command(
      "/usr/bin/psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", database.uri(port: proxy.port)] + flags,
      environment: ["LC_ALL": "C"]
    ).run(until: SystemTime().now() + limit)
  }

  private func stored() throws -> String {
    try database.psql("select count(*) from facts")
  }

  @Test func `without orders everything passes`() throws {
    let outcome = try psql("begin", "insert into facts values (1)", "commit", "select count(*) from facts")
    #expect(outcome.code == 0 && outcome.output == "1\n")
    let counts = proxy.counts
    #expect(counts.connections == 1 && counts.cuts == 0 && counts.commits == 1)
  }

  @Test func `a cut right after COMMIT leaves the rows there and the client in the dark`() throws {
    proxy.cutAfterCommit()
    let outcome = try psql("begin", "insert into facts values (1)", "commit")
    #expect(outcome.code == 2 && outcome.output.contains("closed the connection"))
    try eventually("the commit") { try stored() == "1" }
    #expect(try psql("begin", "insert into facts values (2)", "commit").code == 0)
    #expect(proxy.counts.cuts == 1)
  }

  @Test func `a cut right before COMMIT leaves nothing`() throws {
    proxy.cutBeforeCommit()
    #expect(try psql("begin", "insert into facts values (1)", "commit").code == 2)
    #expect(try stored() == "0")
  }

  @Test(arguments: [(FaultProxy.Trap.Moment.sent, "0"), (.committed, "1")])
  func `at a named statement something is done, before the server has it or once it is committed`(
    moment: FaultProxy.Trap.Moment, count: String
  ) throws {
    let seen = Guarded<String?>(nil)
    proxy.when("insert into facts", is: moment) { [self] in
      let stored = try? stored()
      seen.withLock { $0 = stored }
    }
    #expect(try psql("select 1").code == 0)
    let outcome = try psql("begin", "insert into facts values (1)", "commit")
    #expect(outcome.code == 2 && outcome.output.contains("closed the connection"))
    #expect(seen.withLock { $0 } == count)
    #expect(try stored() == count)
    #expect(try psql("insert into facts values (2)").code == 0)
  }

  @Test func `a cut breaks what is connected, and what comes later passes`() throws {
    let lane = try Lane(name: "cutter") { [proxy] in
      try? eventually { proxy.counts.connections == 1 }
      proxy.cutAll()
    }
    #expect(try psql("select pg_sleep(15)").code == 2)
    lane.join()
    #expect(try psql("select 1").code == 0)
  }

  @Test func `in a black hole a client waits until it gives up`() throws {
    proxy.blackhole(true)
    #expect(throws: SystemError.self) { try psql("select 1", within: .milliseconds(300)) }
    proxy.blackhole(false)
    #expect(try psql("select 1").code == 0)
  }

  @Test func `a proxy that refuses looks like a server that is down`() throws {
    proxy.refuse(true)
    #expect(try psql("select 1").code == 2)
  }
}
