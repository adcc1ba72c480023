import Platform
import TestSupport
import Testing

@Suite struct TestClusterTests {
  @Test func `a test gets an empty database of its own, owned by handoffd`() throws {
    let cluster = try TestCluster.shared()
    let database = try cluster.database()
    let other = try cluster.database()
    #expect(database.name != other.name)
    #expect(
      try database.psql(
        "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate from pg_database where datname = current_database()"
      ) == "handoffd|UTF8|C")
  }

  @Test func `a database goes with its object, also while somebody is connected`() throws {
    let cluster = try TestCluster.shared()
    var database: TestDatabase? = try cluster.database()
    let name = try #require(database?.name)
    let socket = try Socket.connect(to: .port(cluster.port))
    database = nil
    #expect(try cluster.psql("select count(*) from pg_database where datname = '\(name)'") == "0")
    socket.shutDown()
  }

  @Test func `a cluster of a test's own survives being killed`() throws {
    let cluster = try TestCluster(.init(isDurable: true))
    try cluster.psql("create table kept as select 7 as number")
    cluster.kill()
    #expect(cluster.pid == nil)
    try cluster.start()
    #expect(try cluster.psql("select number from kept") == "7")
  }

  @Test func `nothing works in a temporary directory once it is removed`() throws {
    let cluster = try TestCluster()
    let directory = cluster.directory.path
    let pid = try #require(cluster.pid)
    cluster.directory.remove()
    #expect(!Directory.exists(directory))
    #expect(OtherProcess(pid) == nil)
  }
}
