import Testing
import Wording

@testable import Configuration

@Suite struct `Values as people write them` {
  @Test(
    arguments: [
      ("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("90d", 7_776_000_000), ("2w", 1_209_600_000),
      ("250ms", 250),
      ("0s", 0), ("1d1h1m1s1ms", 90_061_001),
    ] as [(String, Int64)])
  func `a duration is numbers with units from large to small`(_ text: String, _ milliseconds: Int64) throws {
    #expect(try DurationText.read(text) == .milliseconds(milliseconds))
  }

  @Test(arguments: [
    "", "30", "s", "-5s", "+5s", "1.5h", "30 s", "5m1h", "5m5m", "90x", "1h30", "٣s", "99999999999999999999s",
    "9999999999999999d",
  ])
  func `anything else is no duration`(_ text: String) {
    #expect(throws: ValueFault.self) { try DurationText.read(text) }
  }

  @Test(arguments: ["30s", "1h30m", "90d", "400d", "250ms", "1d1h1m1s1ms", "0s"])
  func `a duration is shown as it would be written`(_ text: String) throws {
    #expect(DurationText.show(try DurationText.read(text)) == text)
  }

  @Test(arguments: [
    ("64KiB", 65_536), ("8MiB", 8_388_608), ("2GiB", 2_147_483_648), ("2GB", 2_000_000_000), ("512B", 512),
    ("0B", 0),
    ("1 MiB", 1_048_576),
  ])
  func `a size is a number with a unit`(_ text: String, _ bytes: Int) throws {
    #expect(try SizeText.read(text) == bytes)
  }

  @Test(arguments: ["", "8", "MiB", "8M", "-1B", "1.5GiB", "8388608TiB", "99999999999999999999B", "8MiBs"])
  func `anything else is no size`(_ text: String) {
    #expect(throws: ValueFault.self) { try SizeText.read(text) }
  }

  @Test(arguments: [(1 << 31, "2GiB"), (3 << 19, "1536KiB"), (1000, "1000B"), (0, "0B")])
  func `a size is shown in the largest unit that is exact`(_ bytes: Int, _ text: String) {
    #expect(SizeText.show(bytes) == text)
  }
}

@Suite struct `Addresses to listen on` {
  @Test(arguments: [
    ("127.0.0.1:9797", "127.0.0.1:9797", true), ("localhost:0", "127.0.0.1:0", true),
    ("[::1]:0", "[::1]:0", true),
    ("127.8.9.1:1", "127.8.9.1:1", true), ("[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]:1", true),
    ("0.0.0.0:65535", "0.0.0.0:65535", false), ("[::]:80", "[::]:80", false),
    ("10.0.0.7:80", "10.0.0.7:80", false),
    ("[2001:DB8:0:0:1:0:0:1]:80", "[2001:db8::1:0:0:1]:80", false),
    ("[::ffff:10.0.0.1]:1", "[::ffff:10.0.0.1]:1", false),
    ("[1:2:3:4:5:6:7:8]:1", "[1:2:3:4:5:6:7:8]:1", false), ("[fe80::]:1", "[fe80::]:1", false),
  ])
  func `an address and a port are read, shown in one way, and known to be local or not`(
    _ text: String, _ shown: String, _ isLoopback: Bool
  ) throws {
    let address = try ListenAddress.read(text)
    #expect(address.description == shown)
    #expect(address.address.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", "9797", ":9797", "*:9797", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
    "127.0.0.1:+1", "127.1:80",
    "0127.0.0.1:80", "256.0.0.1:80", "::1:80", "[::1]", "[::1", "[127.0.0.1]:80", "[1::2::3]:80",
    "[1:2:3]:80",
    "[fe80::1%eth0]:80", "[:::]:80", "[1:2:3:4:5:6:7:8:9]:80", "[12345::]:80", "[+1::]:80", "[1.2.3.4::]:80",
    "example.org:80",
    "127.0.0.1:80:90", "[]:80", "[::1.2.3]:80", "[1:2:3:4:5:6:7::8:9]:80", "１27.0.0.1:80",
  ])
  func `anything else is refused`(_ text: String) {
    #expect(throws: ValueFault.self) { try ListenAddress.read(text) }
  }
}

@Suite struct `The place of the database` {
  static let secrets = ["hunter2", "geheim", "alice"]

  @Test(arguments: [
    (
      "postgresql://alice:hunter2@db.example:5432/handoffs?sslmode=require",
      "postgresql://db.example:5432/handoffs sslmode=require"
    ),
    ("postgres://alice:hunter2@a:1,b:2/x", "postgres://a:1,b:2/x"),
    ("postgresql:///x?host=/run/pg&password=hunter2&user=alice", "postgresql:///x host=/run/pg"),
    ("postgresql://[::1]:5432", "postgresql://[::1]:5432"),
    ("postgresql://alice:hun%40ter2%2F@db/x", "postgresql://db/x"),
    ("postgresql://alice:hunter2?@db/x", "postgresql://db/x"),
    ("host=db user=alice password='hunter2 geheim' dbname = x", "host=db dbname=x"),
    ("host=db password=hunter2\\ geheim port=5433", "host=db port=5433"),
    ("password=hunter2", ""),
    ("postgresql://", "postgresql://"),
  ])
  func `is shown without user and password`(_ text: String, _ shown: String) throws {
    let url = try #require(DatabaseURL(text))
    #expect(url.description == shown)
    #expect(url.secret == text)
    var dumped = ""
    dump(url, to: &dumped)
    for output in ["\(url)", String(reflecting: url), "\(Optional(url) as Any)", dumped] {
      #expect(!Self.secrets.contains { output.contains($0) })
    }
  }

  @Test(arguments: [
    "", " ", "db", "mysql://db/x", "localhost/handoffs", "host", "host=db pasword=hunter2",
    "password='hunter2", "=hunter2",
    "postgresql://alice:hunter2@geheim@db/x", "postgresql://alice:12/34hunter2@db/x",
    "postgresql://alice:hunter2/x",
    "postgresql://db/x?pasword=hunter2", "postgresql://db/%zz", "postgresql://db/%0", "postgresql://db/%00",
    "postgresql://db/%ff",
    "postgresql://db:port/x", "host=db\npassword=hunter2",
  ])
  func `is refused without a word of what was written`(_ text: String) {
    let fault = #expect(throws: ValueFault.self) { try DatabaseURL.read(text) }
    let message = (fault?.cause ?? "") + (fault?.hint ?? "")
    #expect(!(Self.secrets + ["12/34", "pasword"]).contains { message.contains($0) })
  }
}

@Suite struct `The guess of what was meant` {
  @Test(arguments: [
    ("retenton", "retention"), ("data_dir", "data-dir"), ("databse-url", "database-url"),
    ("LISTEN", "listen"), ("lsiten", "listen"),
    ("spool", "spool-capacity"), ("log-lvl", "log-level"),
  ])
  func `comes for what is nearly right`(_ typed: String, _ meant: String) {
    #expect(Spelling.nearest(to: typed, among: Settings.options.map(\.name)) == meant)
  }

  @Test(arguments: ["", "x", "port", "tokens", "max", String(repeating: "listen", count: 1000)])
  func `does not come for what is nothing like it`(_ typed: String) {
    #expect(Spelling.nearest(to: typed, among: Settings.options.map(\.name)) == nil)
  }
}
