import Platform
import TestSupport
import Testing

@Suite struct OtherProcessTests {
  private static func sleeper(_ directory: String) throws -> ChildProcess {
    try ChildProcess.spawn(
      Command("/bin/sleep", ["1000"], workingDirectory: directory, output: .discard, errors: .discard))
  }

  @Test func `a process is found by the directory it works in, and by nothing else`() throws {
    let directory = try TemporaryDirectory()
    let other = try TemporaryDirectory()
    let child = try Self.sleeper(directory.path)
    let identity = try #require(try FileStatus.of(directory.path)).identity
    #expect(OtherProcess.all(workingIn: identity).map(\.pid) == [child.pid])
    let elsewhere = try #require(try FileStatus.of(other.path)).identity
    #expect(OtherProcess.all(workingIn: elsewhere).isEmpty)
  }

  @Test func `a process that ended and was not waited for counts as gone`() throws {
    let directory = try TemporaryDirectory()
    let child = try Self.sleeper(directory.path)
    let process = try #require(OtherProcess(child.pid))
    process.signal(.kill)
    // Nobody asks the child's object, so it stays a zombie.
    #expect(process.wait(until: SystemTime().now() + .seconds(5)))
    #expect(OtherProcess(child.pid) == nil)
    #expect(Signals.isAlive(child.pid))
    _ = child.wait(until: SystemTime().now() + .seconds(5))
  }

  @Test(arguments: [0, -1, Int32.max])
  func `a number nobody has is nobody`(pid: Int32) {
    #expect(OtherProcess(pid) == nil)
  }

  @Test func `its program is known`() throws {
    let directory = try TemporaryDirectory()
    let child = try Self.sleeper(directory.path)
    #expect(OtherProcess(child.pid)?.executable == (try Directory.canonical("/bin/sleep")))
  }

  @Test func `a child reads what it is given`() throws {
    let directory = try TemporaryDirectory()
    try FileDescriptor.open(directory.file("in"), [.write, .create]).write(all: Array("hello".utf8))
    let input = try FileDescriptor.open(directory.file("in"), .read)
    let outcome = try Command("/bin/cat", input: input).run(until: SystemTime().now() + .seconds(10))
    #expect(outcome.output == "hello")
  }
}
