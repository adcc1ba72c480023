import Platform
import PrivateCluster
import TestSupport
import Testing

@Suite struct FirstStartTests {
  @Test func `a cluster is made once, answers, and keeps what it was given`() throws {
    let bench = try ClusterBench()
    let first = try bench.start()
    #expect(first.state == .running)
    try bench.psql(first, "create table kept as select 7 as number")
    #expect(
      try bench.psql(
        first,
        "select current_user, pg_encoding_to_char(encoding), datcollate, pg_get_userbyid(datdba) from pg_database where datname = current_database()"
      ) == "handoffd|UTF8|C|handoffd")
    let pid = try #require(first.processID)
    first.stop(within: .seconds(20))
    #expect(first.state == .stopped)
    #expect(OtherProcess(pid) == nil)
    let second = try bench.start()
    #expect(try bench.psql(second, "select number from kept") == "7")
    #expect(bench.lines.all.filter { $0.contains("a private PostgreSQL is made") }.count == 1)
    second.stop(within: .seconds(20))
  }

  @Test func `it is closed to everybody else`() throws {
    let bench = try ClusterBench()
    let cluster = try bench.start()
    defer { cluster.stop(within: .seconds(20)) }
    #expect(try bench.mode(bench.cluster) == "700")
    #expect(try bench.mode(bench.data + "/run") == "700")
    #expect(try bench.mode(bench.data + "/postgres.pgpass") == "600")
    #expect(try bench.mode(bench.data + "/postgres.log") == "600")
    #expect(try bench.mode(bench.data) == (Identity.isRoot ? "711" : "700"))
    #expect(try FileStatus.of(bench.cluster)?.owner != 0)
    #expect(
      try bench.psql(cluster, "select setting from pg_settings where name = 'listen_addresses'").isEmpty)
    #expect(try bench.psql(cluster, "show data_checksums") == "on")
    #expect(try bench.psql(cluster, "select rolsuper from pg_roles where rolname = current_user") == "f")
    let password = try #require(Self.password(bench))
    #expect(!cluster.connectionString.contains(password))
    #expect(!bench.lines.hold(password))
    #expect(throws: TestFailure.self) {
      try bench.psqlRaw(
        cluster.connectionString.replacing("passfile=", with: "password=wrong passfile=/none"))
    }
  }

  @Test func `the server inherits nothing but its log`() throws {
    let bench = try ClusterBench()
    let held = try FileDescriptor.open(bench.directory.file("held"), [.write, .create])
    let cluster = try bench.start()
    defer { cluster.stop(within: .seconds(20)) }
    let pid = try #require(cluster.processID)
    let files = try Directory.list("/proc/\(pid)/fd").compactMap {
      Directory.destination(ofLink: "/proc/\(pid)/fd/\($0)")
    }
    #expect(!files.contains(held.path))
    #expect(!files.contains { $0.hasSuffix(".lock") })
    #expect(
      files.filter { $0.hasPrefix(bench.data) && !$0.contains("/postgres/") } == [
        bench.data + "/postgres.log", bench.data + "/postgres.log",
      ])
  }

  @Test func `the rest of a making that was cut short is removed`() throws {
    let bench = try ClusterBench()
    try Directory.create(bench.data + "/postgres.new-abc/base")
    let cluster = try bench.start()
    cluster.stop(within: .seconds(20))
    #expect(try Directory.list(bench.data).filter { $0.hasPrefix("postgres.new") }.isEmpty)
  }

  @Test func `a long path moves the socket elsewhere`() throws {
    let bench = try ClusterBench(String(repeating: "d", count: 100))
    let cluster = try bench.start()
    defer { cluster.stop(within: .seconds(20)) }
    #expect(!cluster.connectionString.contains("host=" + bench.data))
    #expect(try bench.psql(cluster, "select 1") == "1")
    let host = try #require(cluster.connectionString.split(separator: " ").first?.dropFirst(5))
    #expect(try bench.mode(String(host)) == "700")
  }

  @Test(.enabled(if: Identity.isRoot))
  func `a directory that the server's user cannot walk to does as well`() throws {
    let bench = try ClusterBench("deep/data", mode: 0o700)
    let cluster = try bench.start()
    #expect(
      try bench.psql(cluster, "create table kept as select 7 as number; select number from kept") == "7")
    let host = try #require(cluster.connectionString.split(separator: " ").first?.dropFirst(5))
    #expect(host.hasPrefix("/run/") || host.hasPrefix("/tmp/"))
    let pid = try #require(cluster.processID)
    cluster.abandon()
    let adopting = try bench.start()
    #expect(adopting.processID == pid)
    adopting.stop(within: .seconds(20))
    let again = try bench.start()
    #expect(try bench.psql(again, "select number from kept") == "7")
    again.stop(within: .seconds(20))
    #expect(!Directory.exists(String(host)))
  }

  private static func password(_ bench: ClusterBench) -> String? {
    let bytes = try? FileDescriptor.open(bench.data + "/postgres.pgpass", .read).readToEnd(limit: 4_096)
    let lines = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
    return lines.first { $0.contains(":handoffd:") }?.split(separator: ":").last.map(String.init)
  }
}

extension ClusterBench {
  func psqlRaw(_ connection: String) throws {
    let outcome = try Command(
      "/usr/bin/psql", ["-XAtqwc", "select 1", "-d", connection], environment: ["LC_ALL": "C"]
    ).run(until: SystemTime().now() + .seconds(60))
    if outcome.code != 0 { throw TestFailure(outcome.output) }
  }
}
