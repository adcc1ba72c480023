import Foundation
import Platform
import TestSupport
import Testing

/// The real program and a receiver that misbehaves.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct MisbehavingTests {
  /// What a receiver does with a notification that comes for the first, second, … time; then it behaves.
  struct Receiver: CustomTestStringConvertible, Sendable {
    var does: String
    var manners: [Pager.Manner]
    /// The least time between the first and the last attempt.
    var least = Duration.zero
    /// For how long an answer is waited for.
    var patience = "30s"
    /// What the log says of the first attempt.
    var reason = "the answer was"

    var testDescription: String { "a receiver that \(does)" }
  }

  private static let circuit = "HandoffCircuitOpen coder"
  private let files: TemporaryDirectory

  init() throws { files = try TemporaryDirectory() }

  private func report(_ state: String, _ sidecar: RunningSidecar, agent: String = "coder") throws {
    #expect(try sidecar.send(#"{"type":"circuit.\#(state)","agent":"\#(agent)"}"#).status == 200)
  }

  static let receivers = [
    Receiver(does: "answers 503", manners: [.answer("503 No"), .answer("503 No")]),
    Receiver(
      does: "answers 429 and asks for three seconds",
      manners: [.answer("429 Slow down", ["Retry-After: 3"])], least: .seconds(3)),
    Receiver(does: "closes the connection", manners: [.cut, .cut], reason: "Empty reply from server"),
    Receiver(does: "resets the connection", manners: [.reset, .reset], reason: "Connection reset by peer"),
    Receiver(
      does: "resets the connection in the midst of its answer", manners: [.halfReset],
      reason: "Connection reset by peer"),
    Receiver(does: "trickles its answer", manners: [.trickle], patience: "2s", reason: "timed out"),
    Receiver(does: "answers with 64 MiB", manners: [.huge(64 << 20)], reason: "cannot notify"),
    Receiver(
      does: "does all of it",
      manners: [.reset, .answer("500 No"), .trickle, .answer("429 Slow", ["Retry-After: 1"])],
      patience: "2s", reason: "Connection reset by peer"),
  ]

  @Test(arguments: receivers)
  func `an episode is told once as firing and once as resolved, in order`(_ receiver: Receiver) throws {
    let pager = try Pager { _, attempt in
      attempt <= receiver.manners.count ? receiver.manners[attempt - 1] : .good
    }
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files, timeout: receiver.patience)])
    try report("opened", sidecar)
    try eventually("a page") { pager.page(of: Self.circuit) != nil }
    // It ends while the page is still being tried: the end has to wait.
    try report("closed", sidecar)
    let attempts = receiver.manners.count + 1
    try eventually("all attempts", within: .seconds(120)) {
      pager.taken.count { $0.alerts.contains(Self.circuit) } >= 2 * attempts
    }
    #expect(pager.story(of: Self.circuit) == ["firing", "resolved"])
    let taken = pager.taken.filter { $0.alerts.contains(Self.circuit) }
    #expect(
      taken.map(\.status) == Array(repeating: "firing", count: attempts)
        + Array(repeating: "resolved", count: attempts))
    #expect(Set(taken.map(\.body)).count == 2)
    let firing = taken.filter { $0.status == "firing" }
    #expect(firing[attempts - 1].at - firing[0].at >= receiver.least)
    #expect(sidecar.process.log.contains(receiver.reason))
    try eventually("nothing waits") {
      try sidecar.metric(#"handoffd_notification_queue_length{receiver="pager"}"#) == 0
    }
    #expect(try sidecar.metric(#"handoffd_notifications_total{receiver="pager"}"#) == 2)
    // However large its answers are, they are not kept.
    #expect(Sanitizer.current != nil || sidecar.process.residentBytes < 300 << 20)
  }

  @Test func `nothing leaks to where a redirect points, and it is not tried again`() throws {
    let target = try ScriptedServer(answers: [ScriptedServer.answer("200 OK")])
    let pager = try Pager { _, _ in .answer("307 Temporary Redirect", ["Location: \(target.url)/stolen"]) }
    defer {
      pager.stop()
      target.stop()
    }
    let token = files.file("token")
    try Data("s3cret\n".utf8).write(to: URL(filePath: token))
    let path = files.file("rules.yaml")
    let rules =
      "receivers: [{name: pager, webhook: {url: \"\(pager.url)\", bearer_token_file: \(token)}}]\n"
    try Data(rules.utf8).write(to: URL(filePath: path))
    let sidecar = try RunningSidecar(["--rules", path])
    try report("opened", sidecar)
    try eventually("it is given up") {
      try sidecar.metric(#"handoffd_notifications_failed_total{receiver="pager",reason="redirect"}"#) == 1
    }
    #expect(pager.taken.count == 1)
    #expect(pager.requests.first?.head.contains("Authorization: Bearer s3cret") == true)
    #expect(target.requests.isEmpty)
    #expect(!sidecar.process.log.contains("s3cret"))
    #expect(try !sidecar.process.connect().get("/metrics").text.contains("s3cret"))
  }

  @Test func `a receiver that is stuck delays no other`() throws {
    let stuck = try Pager { _, _ in .trickle }
    let quick = try Pager()
    defer {
      stuck.stop()
      quick.stop()
    }
    let path = files.file("rules.yaml")
    let rules = """
      receivers:
        - {name: stuck, webhook: {url: "\(stuck.url)", timeout: 60s}}
        - {name: quick, webhook: {url: "\(quick.url)"}}

      """
    try Data(rules.utf8).write(to: URL(filePath: path))
    let sidecar = try RunningSidecar(["--rules", path])
    try report("opened", sidecar, agent: "first")
    try eventually("the stuck one is at it") { !stuck.taken.isEmpty }
    #expect(try quick.isToldWithinASecond { try report("opened", sidecar, agent: $0) })
    #expect(stuck.taken.count == 1)
  }
}
