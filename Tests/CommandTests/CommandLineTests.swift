import Configuration
import Platform
import TestSupport
import Testing

@testable import handoffd

@Suite struct `The command line` {
  @Test(arguments: [
    (["help"], "help.txt"), (["--help"], "help.txt"), (["-h"], "help.txt"),
    (["help", "serve"], "help-serve.txt"),
    (["serve", "--help"], "help-serve.txt"), (["help", "check"], "help-check.txt"),
    (["help", "send"], "help-send.txt"), (["help", "audit"], "help-audit.txt"),
    (["help", "export"], "help-export.txt"), (["help", "rules"], "help-rules.txt"),
    (["rules", "preview", "--help"], "help-rules.txt"),
    (["send", "--nonsense", "-h"], "help-send.txt"), (["help", "version"], "help-version.txt"),
  ])
  func `help is printed as kept`(_ arguments: [String], _ name: String) throws {
    let outcome = handoffd(arguments)
    #expect(outcome.code == 0)
    #expect(outcome.error == "")
    #expect(outcome.output == (try Golden.text(name, recording: outcome.output)))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count < 80 })
  }

  @Test(arguments: [
    (["srve"], "handoffd: there is no subcommand \"srve\"; did you mean handoffd serve?\n"),
    (["frobnicate"], "handoffd: there is no subcommand \"frobnicate\"\n"),
    (
      ["--listen", "x"],
      "handoffd: a subcommand comes before the flags; did you mean handoffd serve --listen?\n"
    ),
    (["help", "snd"], "handoffd: there is no subcommand \"snd\"; did you mean handoffd send?\n"),
    (["version", "--json"], "handoffd: handoffd version takes no flags and no words\n"),
    (["\u{1B}[31m"], "handoffd: there is no subcommand \"?[31m\"\n"),
  ])
  func `wrong usage says what was probably meant and exits 2`(_ arguments: [String], _ message: String) {
    let outcome = handoffd(arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output == "")
    #expect(outcome.error == message + "handoffd help lists all subcommands.\n")
  }

  @Test func `no words at all are wrong usage with the overview`() {
    let outcome = handoffd([])
    #expect(outcome.code == 2)
    #expect(outcome.error == Overview.help)
  }

  @Test(arguments: [["version"], ["--version"]])
  func `the version names commit and build`(_ arguments: [String]) throws {
    let outcome = handoffd(arguments)
    #expect(outcome.code == 0)
    let pattern =
      /handoffd \d+\.\d+\.\d+ \(commit ([0-9a-f]{12}|unknown), (debug|release) build, Swift 6\.\d+.*, \w+\)\n/
    #expect(try pattern.wholeMatch(in: outcome.output) != nil)
  }
}

@Suite struct `handoffd check` {
  static let good = """
    listen: [127.0.0.1:9797, "[::1]:9797"]
    data_dir: /var/lib/handoffd
    database_url: postgresql://op:hunter2@db.example/handoffs
    retention: 30d
    """

  @Test func `shows what serve would run with and where it comes from`() throws {
    let outcome = handoffd(
      ["check", "--config", "/etc/h.yaml", "--log-level=debug"],
      environment: ["HOME": "/home/op", "HANDOFFD_ACK": "postgres"], files: ["/etc/h.yaml": Self.good])
    #expect(outcome.code == 0)
    #expect(outcome.error == "")
    #expect(!outcome.output.contains("hunter2"))
    #expect(outcome.output == (try Golden.text("check-good.txt", recording: outcome.output)))
  }

  @Test func `warns of a password that everybody can read`() {
    let outcome = handoffd(
      ["check", "--config", "/etc/h.yaml"], files: ["/etc/h.yaml": Self.good], openFiles: ["/etc/h.yaml"])
    #expect(outcome.code == 0)
    #expect(
      outcome.error
        == "warning: /etc/h.yaml:3:15: every user of this machine can read this password; "
        + "run chmod o-rwx /etc/h.yaml\n")
  }

  @Test func `names every fault and exits 1`() throws {
    let outcome = handoffd(
      ["check", "--config", "/etc/h.yaml", "--listen", "0.0.0.0:9797"],
      environment: ["HOME": "/", "HANDOFFD_RETENTON": "1d"],
      files: ["/etc/h.yaml": "retention: soon\nspool: 1GiB\ndatabase_url: nowhere hunter2\n"])
    #expect(outcome.code == 1)
    #expect(outcome.output == "")
    #expect(!outcome.error.contains("hunter2"))
    #expect(outcome.error == (try Golden.text("check-faults.txt", recording: outcome.error)))
  }

  @Test func `its own command line can be wrong usage`() {
    #expect(handoffd(["check", "--nope"]).code == 2)
    #expect(handoffd(["check", "word"]).code == 2)
    #expect(handoffd(["check", "--config", "nowhere"]).code == 1)
  }
}

@Suite struct `handoffd serve` {
  @Test func `runs with the settings and can read them anew`() {
    let seen = Guarded<[Duration]>([])
    let outcome = handoffd(["serve", "--retention", "5d"]) { settings, reload in
      seen.withLock { $0.append(settings.retention) }
      if let again = try? reload().get() { seen.withLock { $0.append(again.retention) } }
      return 7
    }
    #expect(outcome.code == 7)
    #expect(seen.withLock { $0 } == [.seconds(5 * 86_400), .seconds(5 * 86_400)])
  }

  @Test func `starts nothing with a fault and exits 2`() throws {
    let outcome = handoffd(["serve", "--listen", "0.0.0.0:9797"]) { _, _ in
      Issue.record("it was started")
      return 0
    }
    #expect(outcome.code == 2)
    #expect(outcome.error == (try Golden.text("serve-exposed.txt", recording: outcome.error)))
  }
}
