import Platform
import TestSupport
import Testing

@Suite struct ProgramTests {
  @Test func `the program lies beside the tests`() throws {
    let outcome = try BuiltProducts.run(["version"])
    #expect(outcome.code == 0)
    #expect(outcome.output.hasPrefix("handoffd "))
  }

  @Test func `what works in a temporary directory goes with it`() throws {
    var directory: TemporaryDirectory? = try TemporaryDirectory()
    let path = try #require(directory?.path)
    let child = try ChildProcess.spawn(
      Command("/bin/sleep", ["1000"], workingDirectory: path, output: .discard, errors: .discard))
    directory = nil
    #expect(child.wait(until: SystemTime().now() + .seconds(5)) == 128 + Signal.quit.rawValue)
    #expect(!Directory.exists(path))
  }

  @Test func `a test run that is killed leaves nothing behind`() throws {
    let home = try TemporaryDirectory("handoffd-killed")
    let run = try ChildProcess.spawn(
      Command(
        try Directory.canonical("/proc/self/exe"),
        ["--testing-library", "swift-testing", "--filter", "KilledRun"],
        environment: ["PATH": "/usr/bin:/bin", "TMPDIR": home.path, "HANDOFFD_KILLED_RUN": "yes"],
        output: .discard, errors: .discard))
    let pid = try eventually("a server of the other run", within: .seconds(60)) {
      try postmaster(below: home.path)
    }
    run.signal(.kill)
    #expect(run.wait(until: SystemTime().now() + .seconds(5)) == 128 + Signal.kill.rawValue)
    try eventually("the end of its server", within: .seconds(20)) { OtherProcess(pid) == nil }
    try eventually("the removal of its files", within: .seconds(20)) { try Directory.list(home.path).isEmpty }
  }

  private func postmaster(below directory: String) throws -> Int32? {
    for name in try Directory.list(directory) {
      let file = try? FileDescriptor.open("\(directory)/\(name)/data/postmaster.pid", .read)
      guard let bytes = try file?.readToEnd(limit: 4_096) else { continue }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      if lines.last?.hasPrefix("ready") == true, let pid = lines.first { return Int32(pid) }
    }
    return nil
  }
}

/// Run in a process of its own, to be killed.
@Suite(.enabled(if: Environment.value("HANDOFFD_KILLED_RUN") != nil)) struct KilledRun {
  @Test func `a run that never ends`() throws {
    let cluster = try TestCluster.shared()
    try eventually("the kill", within: .seconds(60), every: .seconds(1)) { cluster.pid == nil }
  }
}
