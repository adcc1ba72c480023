import Platform
import TestSupport
import Testing

@testable import Configuration

@Suite struct `Settings as a whole` {
  @Test(arguments: [
    (["STATE_DIRECTORY": "/var/lib/handoffd", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/var/lib/handoffd"),
    (["STATE_DIRECTORY": "/var/lib/a:/var/lib/b"], "/var/lib/a"),
    (["XDG_STATE_HOME": "/x/", "HOME": "/h"], "/x/handoffd"),
    (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/handoffd"),
    (["HOME": "/"], "/.local/state/handoffd"),
  ])
  func `the data directory is found where the system keeps state`(
    _ environment: [String: String], _ path: String
  ) throws {
    #expect(try load([], environment).get().dataDirectory == path)
  }

  @Test(arguments: [
    ("/a/b/", "/a/b"), ("c", "/home/me/c"), ("./c/", "/home/me/./c"), ("/", "/"), ("///", "/"),
  ])
  func `a data directory is made absolute`(_ given: String, _ path: String) throws {
    #expect(try load(["--data-dir", given]).get().dataDirectory == path)
  }

  @Test func `without any home the data directory must be said`() {
    #expect(
      faults([], [:]) == [
        "default: cannot choose a data directory: none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is set; say --data-dir"
      ])
    #expect(faults(["--data-dir=/x"], [:]) == [])
  }

  @Test func `an address that others can reach is refused and both ways out are named`() {
    let lines = faults(["--config=c"], ["HOME": "/"], ["c": "listen:\n  - 127.0.0.1:1\n  - 0.0.0.0:2\n"])
    #expect(
      lines == [
        "c:3:5: cannot listen on 0.0.0.0:2: other machines can reach this address, and nothing asks who calls; "
          + "listen on 127.0.0.1 or [::1] and let a proxy with access control forward to it, "
          + "or say --insecure-bind where everyone on that network is trusted"
      ])
    #expect(faults(["--listen=[::]:0"]).count == 1)
    #expect(faults(["--listen=0.0.0.0:0", "--insecure-bind"]) == [])
  }

  @Test func `the same address twice is refused, port 0 is not`() {
    #expect(
      faults(["--listen=localhost:1", "--listen=127.0.0.1:1"]) == [
        "--listen: cannot listen on 127.0.0.1:1: the same address is named twice"
      ])
    #expect(faults(["--listen=localhost:0", "--listen=127.0.0.1:0"]) == [])
  }

  @Test func `rules must be there and be YAML`() {
    #expect(faults(["--rules=r"]) == ["--rules: cannot read r: No such file or directory"])
    #expect(faults(["--rules=r"], ["HOME": "/"], ["r": "a: [\n"]).map { $0.prefix(5) } == ["r:2:1"])
    #expect(faults(["--rules=r"], ["HOME": "/"], ["r": "rules: []\n"]) == [])
  }

  @Test func `a body must not shrink when it is unpacked`() {
    #expect(
      faults(["--max-body=2MiB", "--max-unpacked-body=1MiB"]) == [
        "--max-unpacked-body: max-unpacked-body is less than max-body; what is not packed must fit as well"
      ])
  }

  @Test(arguments: [
    ("postgresql://op:hunter2@db/x", true), ("postgresql://op@db/x?password=hunter2", true),
    ("postgresql://db/x?sslpassword=hunter2", true), ("host=db password=hunter2", true),
    ("postgresql://op@db:5432/x", false), ("postgresql://op:@db/x", false), ("postgresql://db:5432/x", false),
    ("host=db passfile=/p user=op", false), ("host=db password=''", false),
  ])
  func `a password where everybody can read it is warned of, and only there`(
    _ url: String, _ holdsPassword: Bool
  ) throws {
    func warnings(
      _ arguments: [String], _ environment: [String: String] = [:], open: Set<String> = []
    ) throws -> [String] {
      let files = files(["c": "ack: spool\ndatabase_url: \"\(url)\"\n"], open: open)
      let environment = environment.merging(["HOME": "/"]) { $1 }
      return try Settings.load(arguments: arguments, environment: environment, files: files).get()
        .warnings.map(\.description)
    }
    let inFile = "c:2:15: every user of this machine can read this password; run chmod o-rwx c"
    #expect(try warnings(["--config=c"], open: ["c"]) == (holdsPassword ? [inFile] : []))
    #expect(try warnings(["--config=c"]) == [])
    #expect(try warnings([], ["HANDOFFD_DATABASE_URL": url]) == [])
    let flag =
      "--database-url: every user of this machine can read this password in the list of processes; "
      + "say it in HANDOFFD_DATABASE_URL, in a file that only this user can read, or in a passfile"
    #expect(try warnings(["--database-url", url]) == (holdsPassword ? [flag] : []))
  }

  @Test func `who may read a real file is asked of the system`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("c.yaml")
    let file = try FileDescriptor.open(path, [.write, .create])
    for (mode, isOpen) in [(0o600, false), (0o640, false), (0o644, true), (0o604, true)] as [(UInt32, Bool)] {
      try file.setMode(mode)
      #expect(ConfigurationFiles.system.isOpenToAll(path) == isOpen)
    }
    #expect(!ConfigurationFiles.system.isOpenToAll(directory.file("nowhere")))
  }

  @Test(arguments: [("1d", true), ("36h", true), ("23h", false), ("1h", false), ("36500d", true)])
  func `events are kept for a day at least, as they are kept by days`(_ text: String, _ isGood: Bool) {
    let line = "--retention: cannot use \"\(text)\": it must be from 1d to 36500d"
    #expect(faults(["--retention", text]) == (isGood ? [] : [line]))
  }

  @Test func `a reload is told what takes effect and what needs a restart`() throws {
    let old = try load(["--config=c"], ["HOME": "/"], ["c": "retention: 1d\ndatabase_url: host=a password=x"])
      .get()
    let new = try load(
      ["--config=c"], ["HOME": "/"], ["c": "retention: 2d\nlog_level: debug\ndatabase_url: host=a password=y"]
    ).get()
    let difference = old.difference(to: new)
    #expect(difference.atOnce == ["log-level"])
    #expect(difference.afterRestart == ["database-url", "retention"])
    var taken = old
    taken.takeOver(new)
    #expect(taken.difference(to: new).atOnce == [])
    #expect(taken.difference(to: old).afterRestart == [])
  }
}

@Suite struct `The table of options` {
  @Test func `every default can be written as it is shown`() {
    for option in Settings.options {
      for text in option.show(Settings()) where option.name != "data-dir" {
        #expect(option.check(text) == nil, "\(option.name)")
      }
    }
    for option in SendSettings.options {
      for text in option.show(SendSettings()) {
        #expect(option.check(text) == nil, "\(option.name)")
      }
    }
  }

  @Test func `names are kebab-case and come once`() {
    for names in [Settings.options.map(\.name), SendSettings.options.map(\.name)] {
      #expect(Set(names).count == names.count)
      #expect(names.allSatisfy { $0.allSatisfy { "abcdefghijklmnopqrstuvwxyz-".contains($0) } })
    }
    #expect(Settings.serve.option(named: "data-dir")?.variable == "HANDOFFD_DATA_DIR")
    #expect(Settings.serve.option(named: "data-dir")?.key == "data_dir")
  }
}
