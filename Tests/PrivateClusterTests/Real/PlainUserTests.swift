import Platform
import TestSupport
import Testing

/// These tests once more, as a user without rights: root's privileges hide what is forbidden to others.
@Suite(.enabled(if: Identity.isRoot && Environment.value("HANDOFFD_AS_PLAIN_USER") == nil))
struct PlainUserTests {
  @Test(arguments: ["FirstStartTests", "RecoveryTests", "RefusalTests"])
  func `a plain user's cluster does the same`(suite: String) throws {
    let nobody = try #require(Identity.user(named: "nobody"))
    let account = Command.Account(uid: nobody.uid, gid: nobody.gid)
    let bundle = try Directory.canonical("/proc/self/exe")
    let home = try TemporaryDirectory("handoffd-plain", mode: 0o777)
    let command = Command(
      bundle, ["--testing-library", "swift-testing", "--filter", suite],
      environment: BuiltProducts.environment([
        "PATH": "/usr/bin:/bin", "HANDOFFD_AS_PLAIN_USER": "yes", "TMPDIR": home.path, "LC_ALL": "C",
      ]), workingDirectory: home.path, runAs: account)
    let outcome = try command.run(until: SystemTime().now() + .seconds(900) * Sanitizer.slowness)
    #expect(outcome.code == 0, "\(outcome.output.suffix(4_000))")
    #expect(outcome.output.contains("passed after"))
  }
}
