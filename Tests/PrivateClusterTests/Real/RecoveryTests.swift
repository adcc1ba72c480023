import Platform
import PrivateCluster
import TestSupport
import Testing

@Suite struct RecoveryTests {
  @Test func `a server that a killed sidecar left is taken over`() throws {
    let bench = try ClusterBench()
    var cluster = try bench.start()
    let pid = try #require(cluster.processID)
    for _ in 0..<5 {
      cluster.abandon()
      cluster = try bench.start()
      #expect(cluster.processID == pid)
    }
    #expect(try bench.psql(cluster, "select 1") == "1")
    cluster.stop(within: .seconds(20))
    #expect(OtherProcess(pid) == nil)
  }

  @Test func `a server that was left with other settings is stopped and started`() throws {
    let bench = try ClusterBench()
    let left = try bench.start()
    let pid = try #require(left.processID)
    left.abandon()
    try bench.write("/usr/bin/postgres \"-D\" \"elsewhere\"\n", to: bench.cluster + "/postmaster.opts")
    let cluster = try bench.start()
    #expect(cluster.processID != pid)
    #expect(OtherProcess(pid) == nil)
    #expect(bench.lines.hold("because=\"it was started with other settings\""))
    cluster.stop(within: .seconds(20))
  }

  @Test func `a killed postmaster is started again, though a backend is still at work`() throws {
    let bench = try ClusterBench()
    let cluster = try bench.start()
    try bench.psql(cluster, "create table kept as select 7 as number")
    let pid = try #require(cluster.processID)
    let busy = try ChildProcess.spawn(
      Command(
        "/usr/bin/psql",
        [
          "-Xqc", "select count(*) from (select generate_series(1, 4000000000)) as endless", "-d",
          cluster.connectionString,
        ],
        environment: ["LC_ALL": "C"], output: .discard, errors: .discard))
    try eventually("a busy backend") {
      try bench.psql(
        cluster,
        "select count(*) from pg_stat_activity where query like '%series%' and state = 'active' and pid <> pg_backend_pid()"
      )
        == "1"
    }
    Signals.send(.kill, to: pid)
    try eventually("another server", within: .seconds(60)) {
      cluster.state == .running && cluster.processID != pid
    }
    #expect(try bench.psql(cluster, "select number from kept") == "7")
    #expect(bench.lines.hold("the private PostgreSQL ended; it is started again"))
    busy.signal(.kill)
    _ = busy.wait(until: SystemTime().now() + .seconds(5))
    cluster.stop(within: .seconds(20))
  }

  @Test func `sidecar and postmaster killed together do not keep the next start away`() throws {
    let bench = try ClusterBench()
    let cluster = try bench.start()
    try bench.psql(cluster, "create table kept as select 7 as number")
    let pid = try #require(cluster.processID)
    // Killed before the supervision ends and while it could not see it: what is left is a note with a dead number.
    cluster.abandon()
    Signals.send(.kill, to: pid)
    let next = try bench.start()
    #expect(next.processID != pid)
    #expect(try bench.psql(next, "select number from kept") == "7")
    next.stop(within: .seconds(20))
  }

  @Test func `a note that names somebody else's process harms nobody`() throws {
    let bench = try ClusterBench()
    try bench.start().stop(within: .seconds(20))
    try bench.write(
      "\(Identity.pid)\n\(bench.cluster)\n1\n5432\n\n\n  1 1\nready\n", to: bench.cluster + "/postmaster.pid")
    let cluster = try bench.start()
    #expect(try bench.psql(cluster, "select 1") == "1")
    cluster.stop(within: .seconds(20))
  }

  @Test func `a lost password file is replaced`() throws {
    let bench = try ClusterBench()
    let first = try bench.start()
    try bench.psql(first, "create table kept as select 7 as number")
    first.stop(within: .seconds(20))
    try Directory.remove(bench.data + "/postgres.pgpass")
    let second = try bench.start()
    #expect(try bench.psql(second, "select number from kept") == "7")
    second.stop(within: .seconds(20))
  }

  @Test func `a dropped database is made anew`() throws {
    let bench = try ClusterBench()
    let first = try bench.start()
    let outcome = try Command(
      "/usr/bin/psql",
      [
        "-Xqc", "drop database handoffd", "-d",
        first.connectionString.replacing(
          "dbname=handoffd user=handoffd", with: "dbname=postgres user=postgres"),
      ]
    ).run(until: SystemTime().now() + .seconds(20))
    #expect(outcome.code == 0)
    first.stop(within: .seconds(20))
    let second = try bench.start()
    #expect(try bench.psql(second, "select current_database()") == "handoffd")
    second.stop(within: .seconds(20))
  }

  @Test func `a stopped server that hangs is ended by force in time`() throws {
    let bench = try ClusterBench()
    let cluster = try bench.start()
    let pid = try #require(cluster.processID)
    Signals.send(.stop, to: pid)
    let time = SystemTime()
    let start = time.now()
    cluster.stop(within: .seconds(2))
    #expect(time.now() - start < .seconds(5))
    #expect(OtherProcess(pid) == nil)
    let next = try bench.start()
    #expect(try bench.psql(next, "select 1") == "1")
    next.stop(within: .seconds(20))
  }

  @Test func `a sidecar killed while it makes the cluster leaves nothing half`() throws {
    let bench = try ClusterBench()
    for delay in [60, 200, 400, 700, 1_000, 1_500] {
      let other = try ChildProcess.spawn(
        Command(
          try Directory.canonical("/proc/self/exe"),
          ["--testing-library", "swift-testing", "--filter", "MakingRun"],
          environment: BuiltProducts.environment([
            "PATH": "/usr/bin:/bin", "TMPDIR": bench.directory.path, "HANDOFFD_MAKE_IN": bench.data,
          ]),
          output: .discard, errors: .discard))
      // How far it gets in this time differs, and that is the point.
      pause(.milliseconds(delay))
      other.signal(.kill)
      _ = other.wait(until: SystemTime().now() + .seconds(5))
    }
    let cluster = try bench.start()
    #expect(try bench.psql(cluster, "select current_database()") == "handoffd")
    #expect(try Directory.list(bench.data).filter { $0.hasPrefix("postgres.new") }.isEmpty)
    cluster.stop(within: .seconds(20))
  }

  @Test(.enabled(if: Identity.isRoot))
  func `a cluster that was given to another user runs as that user`() throws {
    let bench = try ClusterBench()
    try bench.start().stop(within: .seconds(20))
    let nobody = try #require(Identity.user(named: "nobody"))
    let outcome = try Command("/bin/chown", ["-R", "nobody", bench.cluster]).run(
      until: SystemTime().now() + .seconds(20))
    #expect(outcome.code == 0)
    let cluster = try bench.start()
    let pid = try #require(cluster.processID)
    #expect(try FileStatus.of("/proc/\(pid)")?.owner == nobody.uid)
    #expect(try bench.psql(cluster, "select 1") == "1")
    cluster.stop(within: .seconds(20))
  }
}

/// Run in a process of its own, to be killed.
@Suite(.enabled(if: Environment.value("HANDOFFD_MAKE_IN") != nil)) struct MakingRun {
  @Test func `a run that makes a cluster`() throws {
    let directory = try #require(Environment.value("HANDOFFD_MAKE_IN"))
    try PrivateCluster.start(dataDirectory: directory, log: .silent).abandon()
  }
}
