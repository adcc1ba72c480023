import Platform
import PrivateCluster
import TestSupport
import Testing

@Suite struct RefusalTests {
  private func refusal(_ bench: ClusterBench) -> ClusterError? {
    do {
      try PrivateCluster.start(dataDirectory: bench.data, log: .silent).stop(within: .seconds(20))
      return nil
    } catch {
      return error
    }
  }

  @Test func `a cluster of an older major version is refused with the way out`() throws {
    let bench = try ClusterBench()
    try bench.start().stop(within: .seconds(20))
    try bench.write("9\n", to: bench.cluster + "/PG_VERSION")
    let error = try #require(refusal(bench))
    #expect(error.code == .otherVersion)
    for word in ["made by PostgreSQL 9", "older", "pg_upgrade", "--database-url", bench.cluster] {
      #expect(error.description.contains(word))
    }
  }

  @Test func `two sidecars do not share a cluster`() throws {
    let bench = try ClusterBench()
    let cluster = try bench.start()
    let error = try #require(refusal(bench))
    #expect(error.code == .locked)
    #expect(error.description.contains("process \(Identity.pid)"))
    cluster.stop(within: .seconds(20))
  }

  @Test func `what is no cluster is left alone`() throws {
    let bench = try ClusterBench()
    try Directory.create(bench.cluster)
    try bench.write("dear diary", to: bench.cluster + "/diary")
    let error = try #require(refusal(bench))
    #expect(error.code == .unsafeFile)
    #expect(Directory.exists(bench.cluster + "/diary"))
  }

  @Test func `a directory that all users share is refused`() throws {
    let bench = try ClusterBench()
    try Directory.create(bench.data)
    try Directory.setMode(bench.data, 0o1777)
    #expect(try #require(refusal(bench)).description.contains("shared by all users"))
  }

  @Test func `a server that cannot start says why`() throws {
    let bench = try ClusterBench()
    try bench.start().stop(within: .seconds(20))
    try bench.write("shared_buffers = nonsense\n", to: bench.cluster + "/postgresql.auto.conf")
    let error = try #require(refusal(bench))
    #expect(error.code == .start)
    #expect(error.cause.contains("postgresql.auto.conf"))
  }

  @Test func `a cluster that stands open is closed`() throws {
    let bench = try ClusterBench()
    try bench.start().stop(within: .seconds(20))
    try Directory.setMode(bench.cluster, 0o755)
    try bench.start().stop(within: .seconds(20))
    #expect(try bench.mode(bench.cluster) == "700")
  }
}
