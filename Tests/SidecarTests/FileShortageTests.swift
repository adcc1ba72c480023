import Platform
import TestSupport
import Testing

@Suite struct FileShortageTests {
  @Test func `a sidecar that runs out of files serves on, and takes more when there are some again`() throws {
    let directory = try TemporaryDirectory()
    let script = directory.file("few-files")
    let program = try BuiltProducts.program()
    try write("#!/bin/bash\nulimit -n 80\nexec '\(program)' \"$@\"\n", to: script)
    let nowhere = ["--database-url", "host=127.0.0.1 port=1 dbname=none user=none"]
    let sidecar = try SidecarProcess(in: directory, .init(nowhere, program: script))
    defer { sidecar.kill() }
    let endpoint = try sidecar.address()
    let first = try HTTPConnection(endpoint)
    #expect(try first.get("/-/healthy").status == 200)
    var crowd = (0..<100).compactMap { _ in try? Socket.connect(to: endpoint) }
    #expect(crowd.count > 60)
    #expect(try first.get("/-/healthy").status == 200)
    crowd = []
    try eventually("an answer to a new connection", within: .seconds(20), every: .milliseconds(20)) {
      (try? HTTPConnection(endpoint).get("/-/healthy", within: .seconds(1)).status) == 200
    }
    #expect(sidecar.isRunning)
  }

  @Test func `a sidecar that is started without standard streams gives their numbers to nothing of its own`()
    throws
  {
    let directory = try TemporaryDirectory()
    let script = directory.file("no-streams")
    try write("#!/bin/bash\nexec '\(try BuiltProducts.program())' \"$@\" <&- >&- 2>&-\n", to: script)
    let sidecar = try SidecarProcess(
      in: directory, .init(["--database-url", RunningSidecar.nowhere], program: script))
    defer { sidecar.kill() }
    try sidecar.waitUntilReady()
    for stream in 0...2 {
      #expect(Directory.destination(ofLink: "/proc/\(sidecar.pid)/fd/\(stream)") == "/dev/null")
    }
    #expect(sidecar.terminate() == 0)
  }

  /// Writes a script; it is closed when this returns, or it could not be run.
  private func write(_ text: String, to path: String) throws {
    let file = try FileDescriptor.open(path, [.write, .create])
    try file.write(all: Array(text.utf8), at: 0)
    try file.setMode(0o755)
  }
}
