import Platform
import TestSupport
import Testing

@testable import PrivateCluster

@Suite struct ReadingTests {
  @Test(arguments: [
    ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n", 15, 20),
    ("postgres (PostgreSQL) 16.1\n", 16, 1),
    ("postgres (PostgreSQL) 17beta2", 17, 0), ("postgres (PostgreSQL) 18devel\n", 18, 0),
    ("postgres (EnterpriseDB Advanced Server) 13.4.8", 13, 4),
  ])
  func `a version is read from what the program says`(text: String, major: Int, minor: Int) {
    #expect(ServerVersion(programSays: text) == ServerVersion(major: major, minor: minor))
  }

  @Test(arguments: ["", "postgres", "postgres (PostgreSQL) ", "postgres (PostgreSQL) x15", "(a) 99999999999"])
  func `what is no version is none`(text: String) {
    #expect(ServerVersion(programSays: text) == nil)
  }

  @Test func `a running server's note is read`() {
    let note = PostmasterFile(
      "10657\n/data/postgres\n1795241327\n5432\n/data/run\n\n 16220370        10\nready   \n")
    #expect(note?.pid == 10_657)
    #expect(note?.socketDirectory == "/data/run")
    #expect(note?.startTime == 1_795_241_327)
    #expect(note?.status == .ready)
    #expect(note?.isStandalone == false)
  }

  @Test(arguments: ["", "\n\n", "word\n", "0\n", "99999999999999\n", "-2147483648\n", "\u{0}\u{0}"])
  func `a note without a process is none`(text: String) {
    #expect(PostmasterFile(text) == nil)
  }

  @Test func `a note that is not written to the end has gaps`() {
    let note = PostmasterFile("-12\n/data")
    #expect(note?.pid == 12)
    #expect(note?.isStandalone == true)
    #expect(note?.status == nil)
    #expect(note?.socketDirectory == nil)
  }

  @Test func `the cluster's own major version is used though a newer one is installed`() throws {
    let installed = [17, 15, 14].map {
      ServerBinaries(directory: "/\($0)", version: ServerVersion(major: $0, minor: 1))
    }
    #expect(try ServerBinaries.choose(among: installed, forCluster: "/c", of: nil).version.major == 17)
    #expect(try ServerBinaries.choose(among: installed, forCluster: "/c", of: 15).version.major == 15)
  }

  @Test(arguments: [(13, "older"), (18, "newer")])
  func `a cluster that no installed version can open is refused`(major: Int, word: String) {
    let installed = [ServerBinaries(directory: "/b", version: ServerVersion(major: 15, minor: 1))]
    let error = #expect(throws: ClusterError.self) {
      try ServerBinaries.choose(among: installed, forCluster: "/c", of: major)
    }
    #expect(error?.description.contains("\(word) than the installed 15.1") == true)
    #expect(error?.description.contains("postgresql-\(major)") == true)
  }

  @Test func `without programs the package and the flag are named on one line`() {
    let text = ClusterError.noServer(searched: ["/usr/bin"]).description
    #expect(text.contains("apt-get install postgresql") && text.contains("--database-url"))
    #expect(!text.contains("\n"))
  }

  @Test(arguments: [
    ("/data/run", true), ("/with,comma", false), ("/with space", false), ("/quote'", false),
    ("/größe", false),
    ("/" + String(repeating: "x", count: 92), true), ("/" + String(repeating: "x", count: 93), false),
  ])
  func `a socket's directory must be short and plain`(path: String, fits: Bool) {
    #expect(SocketDirectory.fits(path) == fits)
  }

  @Test(arguments: [
    ("plain", "plain"), ("", "''"), ("a b", "'a b'"), ("it's", "'it\\'s'"), ("a\\b", "'a\\\\b'"),
  ])
  func `values are quoted as libpq reads them`(value: String, quoted: String) {
    #expect(ServerPlan.quoted(value) == quoted)
  }
}
