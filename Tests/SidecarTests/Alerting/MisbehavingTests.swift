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
    /// The most.
    var most = Duration.seconds(20)

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
    Receiver(does: "resets the connection", manners: [.cut, .cut]),
    Receiver(does: "trickles its answer", manners: [.trickle], least: .milliseconds(700)),
    Receiver(does: "answers with 64 MiB", manners: [.huge(64 << 20)]),
    Receiver(
      does: "does all of it",
      manners: [.cut, .answer("500 No"), .trickle, .answer("429 Slow", ["Retry-After: 1"])]),
  ]

  @Test(arguments: receivers)
  func `an episode is told once as firing and once as resolved, in order`(_ receiver: Receiver) throws {
    let pager = try Pager { _, attempt in
      attempt <= receiver.manners.count ? receiver.manners[attempt - 1] : .good
    }
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files, timeout: "1s")])
    try report("opened", sidecar)
    try eventually("a page") { !pager.taken.isEmpty }
    // It ends while the page is still being tried: the end has to wait.
    try report("closed", sidecar)
    let attempts = receiver.manners.count + 1
    try eventually("all attempts", within: .seconds(60)) {
      pager.taken.count { $0.alerts.contains(Self.circuit) } >= 2 * attempts
    }
    #expect(pager.story(of: Self.circuit) == ["firing", "resolved"])
    let taken = pager.taken.filter { $0.alerts.contains(Self.circuit) }
    #expect(
      taken.map(\.status) == Array(repeating: "firing", count: attempts)
        + Array(repeating: "resolved", count: attempts))
    #expect(Set(taken.map(\.body)).count == 2)
    let firing = taken.filter { $0.status == "firing" }
    let span = firing[attempts - 1].at - firing[0].at
    #expect(span >= receiver.least && span < receiver.most)
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
    for agent in ["coder", "tester"] {
      try report("opened", sidecar, agent: agent)
      let answered = SystemTime().now()
      try eventually("the page") { quick.story(of: "HandoffCircuitOpen \(agent)") == ["firing"] }
      let page = try #require(quick.pages.first { $0.alerts.contains("HandoffCircuitOpen \(agent)") })
      #expect(page.at < answered + .seconds(1) * Sanitizer.slowness)
    }
    #expect(stuck.taken.count == 1)
  }

  /// When the process is killed.
  enum Stage: CaseIterable {
    /// The event is acknowledged; nothing may have been decided yet.
    case acknowledged
    /// It is decided and on disk, and nobody could be told.
    case decided
    /// The receiver has read it, and nothing was answered.
    case posted
    /// The receiver has answered; that may not have been noted.
    case answered
  }

  @Test(arguments: Stage.allCases, ["opened", "closed"])
  func `killed at any stage, an episode is told once`(_ stage: Stage, _ state: String) throws {
    let victim = Guarded<SidecarProcess?>(nil)
    let isDue = Guarded(false)
    let status = state == "opened" ? "firing" : "resolved"
    let kill: @Sendable () -> Void = { victim.withLock { $0 }?.kill() }
    let pager = try Pager { page, attempt in
      guard page.status == status, attempt == 1, isDue.withLock({ $0 }) else { return .good }
      switch stage {
      case .acknowledged, .answered: return .good
      case .decided: return .answer("503 No")
      case .posted: return .act(kill)
      }
    }
    defer { pager.stop() }
    let sidecar = try RunningSidecar(["--rules", pager.rules(in: files)])
    if state == "closed" {
      try report("opened", sidecar)
      try eventually("the page") { pager.story(of: Self.circuit) == ["firing"] }
    }
    victim.withLock { $0 = sidecar.process }
    isDue.withLock { $0 = true }
    try report(state, sidecar)
    switch stage {
    case .acknowledged: break
    case .decided: try eventually("an attempt") { sidecar.process.log.contains("it is tried again") }
    case .posted, .answered: try eventually("the page") { pager.story(of: Self.circuit).last == status }
    }
    kill()
    victim.withLock { $0 = nil }
    try sidecar.restart()
    if state == "opened" {
      try eventually("the page") { pager.story(of: Self.circuit).contains("firing") }
      try eventually("the past") { try !sidecar.get("/v1/alerts").objects("alerts").isEmpty }
      try report("closed", sidecar)
    }
    try eventually("its end") { pager.story(of: Self.circuit) == ["firing", "resolved"] }
    try eventually("nothing waits") {
      try sidecar.metric(#"handoffd_notification_queue_length{receiver="pager"}"#) == 0
    }
    #expect(pager.story(of: Self.circuit) == ["firing", "resolved"])
    #expect(Set(pager.taken.filter { $0.alerts.contains(Self.circuit) }.map(\.body)).count == 2)
  }
}
