import Testing
import Wording

@testable import Configuration

@Suite struct `Where a value comes from` {
  private let environment = ["HOME": "/home/op", "HANDOFFD_RETENTION": "20d", "HANDOFFD_ACK": "postgres"]
  private let file = ["c.yaml": "retention: 10d\nack: spool\nspool_capacity: 1GiB\n"]

  @Test func `a flag wins over the environment, that over the file, that over the default`() throws {
    let settings = try load(["--config", "c.yaml", "--retention=30d"], environment, file).get()
    #expect(settings.retention == .days(30))
    #expect(settings.acknowledgement == .postgres)
    #expect(settings.spoolCapacity == 1 << 30)
    #expect(settings.rollupRetention == .days(400))
    #expect(settings.configurationFile == "c.yaml")
  }

  @Test func `the environment can name the file`() throws {
    let settings = try load([], ["HOME": "/", "HANDOFFD_CONFIG": "c.yaml"], file).get()
    #expect(settings.retention == .days(10))
  }

  @Test func `a list is taken whole from one place`() throws {
    let file = ["c.yaml": "listen: ['127.0.0.1:1', '127.0.0.1:2']"]
    let flags = ["--config=c.yaml", "--listen", "[::1]:0", "--listen=localhost:7"]
    #expect(
      try load(flags, ["HOME": "/"], file).get().listen.map(\.description) == ["[::1]:0", "127.0.0.1:7"])
    #expect(try load(["--config=c.yaml"], ["HOME": "/"], file).get().listen.map(\.port) == [1, 2])
    let variable = ["HOME": "/", "HANDOFFD_LISTEN": "127.0.0.1:3, [::1]:4"]
    #expect(try load(["--config=c.yaml"], variable, file).get().listen.map(\.port) == [3, 4])
  }

  @Test func `an empty variable is none, and those of Kubernetes are not ours`() throws {
    let environment = [
      "HOME": "/", "HANDOFFD_RETENTION": "", "HANDOFFD_PORT": "tcp://10.0.0.1:9797",
      "HANDOFFD_SERVICE_HOST": "10.0.0.1",
      "HANDOFFD_PORT_9797_TCP_ADDR": "10.0.0.1", "OTHER": "x",
    ]
    #expect(try load([], environment).get().retention == .days(90))
  }

  @Test func `settings of other subcommands may stand in the shared places, and are checked`() {
    let environment = ["HOME": "/", "HANDOFFD_URL": "http://other:1"]
    #expect(faults(["--config=c.yaml"], environment, ["c.yaml": "timeout: 10s"]) == [])
    #expect(faults(["--config=c.yaml"], environment, ["c.yaml": "timeout: soon"]).count == 1)
  }

  @Test(arguments: ["", "# nothing yet\n", "---\n", "null\n"])
  func `an empty file says nothing`(_ text: String) throws {
    #expect(try load(["--config=c.yaml"], ["HOME": "/"], ["c.yaml": text]).get().retention == .days(90))
  }

  @Test func `a toggle needs no value and takes one`() throws {
    #expect(try load(["--insecure-bind", "--listen", "0.0.0.0:1"]).get().insecureBind)
    #expect(try !load(["--insecure-bind=false"]).get().insecureBind)
    #expect(try load(["--config=c"], ["HOME": "/"], ["c": "insecure_bind: true"]).get().insecureBind)
  }
}

@Suite struct `Faults of a configuration` {
  @Test func `are told all at once, each with its place`() {
    let file = """
      retenton: 90d
      data-dir: /x
      retention: 90x
      listen:
        - 127.0.0.1:9797
        - nowhere
        - {a: b}
      spool_capacity:
      log_level: [debug]
      log_format: jsno
      insecure_bind: yes
      ack: spool
      ack: postgres
      config: other.yaml
      database_url: host=db pasword=hunter2
      """
    let environment = ["HOME": "/", "HANDOFFD_RETENTON": "1d", "HANDOFFD_MAX_EVENTS": "0"]
    let lines = faults(
      ["--config", "c.yaml", "--lisen", "x", "--ack=disk", "extra", "--retention"], environment,
      ["c.yaml": file])
    #expect(
      lines == [
        "\"--lisen\": handoffd serve has no such flag; did you mean --listen?",
        "\"x\": handoffd serve takes no words without a flag",
        "\"extra\": handoffd serve takes no words without a flag",
        "--retention: a value is missing; write --retention DURATION",
        "HANDOFFD_RETENTON: there is no such setting; did you mean HANDOFFD_RETENTION?",
        "c.yaml:13:1: key \"ack\" comes a second time; the first is at 12:1",
        "c.yaml:1:1: there is no setting \"retenton\"; did you mean retention?",
        "c.yaml:2:1: there is no setting \"data-dir\"; did you mean data_dir?",
        "c.yaml:7:5: an element of listen must be a single value",
        "c.yaml:8:16: spool_capacity has no value; write one, or leave the line out",
        "c.yaml:9:12: log_level must be a single value",
        "c.yaml:14:1: a file cannot name another file; say --config",
        "--ack: cannot use \"disk\": it is none of spool, postgres",
        "HANDOFFD_MAX_EVENTS: cannot use \"0\": it is not a whole number from 1 to 1000000",
        "c.yaml:3:12: cannot use \"90x\" as retention: it is not a duration; "
          + "write a number and a unit, such as 30s, 5m, 12h or 90d",
        "c.yaml:6:5: cannot use \"nowhere\" as listen: it has no port; "
          + "write an address and a port, such as 127.0.0.1:9797, [::1]:9797 or localhost:0",
        "c.yaml:10:13: cannot use \"jsno\" as log_format: it is none of text, json; did you mean json?",
        "c.yaml:11:16: cannot use \"yes\" as insecure_bind: it is neither true nor false; write true or false",
        "c.yaml:15:15: cannot use this value as database_url: it has a parameter that libpq does not know; "
          + "did you mean password?",
      ])
  }

  @Test func `a value is checked also where another place wins`() {
    let lines = faults(["--retention=1d"], ["HOME": "/", "HANDOFFD_RETENTION": "soon"])
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("HANDOFFD_RETENTION: cannot use \"soon\"") == true)
  }

  @Test(arguments: [
    (["--retention", "1d", "--retention=2d"], "--retention: given twice; say it once"),
    (["-listen", "x"], "\"-listen\": flags begin with two dashes; write --listen"),
    (["--data_dir=/secret"], "\"--data_dir\": handoffd serve has no such flag; did you mean --data-dir?"),
    (["--url=http://x"], "\"--url\": handoffd serve has no such flag; another subcommand has"),
    (["--listen", "--data-dir", "/x"], "--listen: a value is missing; write --listen HOST:PORT"),
    (
      ["--", "--listen"], "\"--listen\": handoffd serve takes no words without a flag; did you mean --listen?"
    ),
    (["--config=c"], "--config: cannot read c: No such file or directory"),
    (["--data-dir="], "--data-dir: cannot use \"\": it is empty"),
    (["--data-dir=~/x"], "--data-dir: cannot use \"~/x\": \"~\" is not expanded here; write the whole path"),
    (
      ["--data-dir=/a\u{1B}[31m\u{0}b"],
      "--data-dir: cannot use \"/a?[31m?b\": control characters are not allowed"
    ),
    (
      ["--instance=a b"],
      "--instance: cannot use \"a b\": a name has 1 to 128 letters, digits, dots, colons, dashes or underscores"
    ),
  ])
  func `each has its words`(_ arguments: [String], _ line: String) {
    #expect(faults(arguments).first == line)
  }

  @Test(arguments: [("- a\n- b\n", "1:1"), ("just text\n", "1:1")])
  func `a file that is no mapping is refused`(_ text: String, _ place: String) {
    #expect(
      faults(["--config=c"], ["HOME": "/"], ["c": text]) == [
        "c:\(place): the file must be a mapping of settings to values, such as retention: 90d"
      ])
  }

  @Test func `a syntax error keeps the faults before it`() {
    let lines = faults(["--config=c"], ["HOME": "/"], ["c": "retention: 5\nlisten: [\n"])
    #expect(lines.map { String($0.prefix { $0 != " " }) } == ["c:3:1:", "c:1:12:"])
  }

  @Test func `only faults of the command line itself are wrong usage`() {
    let usage = Settings.load(arguments: ["--nope"], environment: ["HOME": "/"], files: .none)
    let value = Settings.load(arguments: ["--retention=x"], environment: ["HOME": "/"], files: .none)
    #expect(throws: ConfigurationFaults.self) { try usage.get() }
    if case .failure(let faults) = usage { #expect(faults.isWrongUsage) }
    if case .failure(let faults) = value { #expect(!faults.isWrongUsage) }
  }
}
