import Foundation
import Platform
import TestSupport
import Testing

/// The real program, killed on the way of a page; nothing in it helps with that.
///
///     judged ─▶ claimed in PostgreSQL ─▶ in the journal, on disk ─▶ posted ─▶ answered ─▶ noted in the journal
///
/// What stands before the database kills in the midst of the claim, which comes before the journal. What stands before the
/// receiver lets nothing through, so that the page is in the journal and with nobody. The receiver kills when it has read
/// the page. That it was answered is noted at the next look at the clock, which is a minute away.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct KilledTests {
  enum Stage: CaseIterable {
    /// It is decided; neither the database nor the journal have it.
    case beforeTheClaim
    /// The database knows who speaks for it; the journal does not have it.
    case beforeTheJournal
    /// The journal has it; nothing was posted.
    case beforeThePost
    /// The receiver has read it; nothing was answered.
    case afterThePost
    /// The sidecar has the answer, and has not noted it.
    case beforeItIsNoted
  }

  private static let circuit = "HandoffCircuitOpen coder"

  @Test(arguments: Stage.allCases, ["firing", "resolved"])
  func `killed at any stage, an episode is told once and stands in the history once`(
    _ stage: Stage, _ status: String
  ) throws {
    let scene = try #require(
      try killed(stage, status), "five times it had gone on before it could be killed")
    defer { scene.stop() }
    try scene.goOn()
    if status == "firing" {
      try eventually("the page") { scene.pager.story(of: Self.circuit) == ["firing"] }
      try eventually("the past") { try scene.knows(Self.circuit) }
      try scene.report("closed")
    }
    try eventually("its end") { scene.pager.story(of: Self.circuit) == ["firing", "resolved"] }
    // Pages and changes keep their order: when those of a later alert are there, all before them are.
    try scene.report("opened", "last")
    try eventually("a later page") { !scene.pager.story(of: "HandoffCircuitOpen last").isEmpty }
    try eventually("a later change") { try !scene.history(of: "last").isEmpty }
    #expect(scene.pager.story(of: Self.circuit) == ["firing", "resolved"])
    let changes = try scene.history(of: "coder")
    #expect(changes == ["resolved", "firing"])
    // The second time, if there was one, the same bytes.
    #expect(Set(scene.pager.taken.filter { $0.alerts.contains(Self.circuit) }.map(\.body)).count == 2)
  }
}

extension KilledTests {
  /// A sidecar that was killed at a stage; nil if it never was in time.
  ///
  /// A claim is waited for 300 ms. Where the machine takes longer to make it, or to kill, it is done again.
  private func killed(_ stage: Stage, _ status: String) throws -> Scene? {
    for _ in 1...5 {
      let scene = try Scene(of: status)
      if try scene.die(at: stage) { return scene }
      scene.stop()
    }
    return nil
  }

  /// A sidecar with something between it and whoever it speaks to.
  private final class Scene {
    let pager: Pager
    private let status: String
    private let files: TemporaryDirectory
    private let toDatabase: FaultProxy
    private let toPager: FaultProxy
    private let sidecar: RunningSidecar
    private let victim = Guarded<SidecarProcess?>(nil)
    /// Whether the receiver kills.
    private let isDeadly = Guarded(false)

    /// The page of `status` is what it will be about; what comes before it is done.
    init(of status: String) throws {
      self.status = status
      files = try TemporaryDirectory()
      pager = try Pager { [victim, isDeadly] page, _ in
        guard page.status == status, isDeadly.withLock({ $0 }) else { return .good }
        return .act { victim.withLock { $0 }?.kill() }
      }
      toPager = try FaultProxy(.port(pager.port))
      let database = try TestCluster.shared().database()
      toDatabase = try FaultProxy(.port(database.cluster.port))
      sidecar = try RunningSidecar(
        ["--rules", pager.rules(in: files, Pager.unhurried, port: toPager.port)],
        url: database.uri(port: toDatabase.port), database: database)
      victim.withLock { [sidecar] in $0 = sidecar.process }
      try eventually("a store that is up") { try sidecar.metric("handoffd_store_up") == 1 }
      try eventually("an answer from the database") {
        try sidecar.process.connect().get("/v1/alerts/history").status == 200
      }
      guard status == "resolved" else { return }
      try report("opened")
      try eventually("the first page") { try delivered() == 1 }
    }

    /// Brings it to a stage and kills it there; false if it had gone on before it was killed.
    func die(at stage: Stage) throws -> Bool {
      let process = sidecar.process
      switch stage {
      case .beforeTheClaim, .beforeTheJournal:
        toDatabase.when("alert_episodes AS e", is: stage == .beforeTheClaim ? .sent : .committed) {
          process.kill()
        }
        // An end claims nothing; another alert of the same batch does.
        let lines = status == "firing" ? [event("opened")] : [event("opened", "other"), event("closed")]
        // It may be dead before it answers.
        _ = try? sidecar.send(lines.joined(separator: "\n"))
        // A claim that is not made at all is no reason to fail: only that none ever is.
        let isOver: Void? = try? eventually("its end at the claim") {
          !process.isRunning || journal.contains(mark)
        }
        if isOver == nil {
          Issue.record("not killed: \(process.log.suffix(4000))", severity: .warning)
          return false
        }
        if journal.contains(mark) { return false }
        let claims = try sidecar.database.psql("SELECT count(*) FROM handoffd.alert_episodes")
        #expect(claims == "\((status == "resolved" ? 1 : 0) + (stage == .beforeTheJournal ? 1 : 0))")
        return true
      case .beforeThePost:
        toPager.refuse(true)
        toPager.cutAll()
        try report(status == "firing" ? "opened" : "closed")
        try eventually("an attempt") { process.log.contains("it is tried again") }
        process.kill()
        #expect(told == nil)
      case .afterThePost:
        isDeadly.withLock { $0 = true }
        try report(status == "firing" ? "opened" : "closed")
        try eventually("its end by the receiver") { !process.isRunning }
      case .beforeItIsNoted:
        try report(status == "firing" ? "opened" : "closed")
        try eventually("the answer") { try delivered() == (status == "firing" ? 1 : 2) }
        process.kill()
      }
      // It is named where it was decided, and once more where it is noted.
      #expect(journal.contains(mark))
      if let told { #expect(journal.ranges(of: told.id).count == 1) }
      return true
    }

    /// Starts it again, with nothing in its way and no more patience than usual.
    func goOn() throws {
      isDeadly.withLock { $0 = false }
      toPager.refuse(false)
      _ = try pager.rules(in: files, port: toPager.port)
      try sidecar.restart()
    }

    func report(_ state: String, _ agent: String = "coder") throws {
      #expect(try sidecar.send(event(state, agent)).status == 200)
    }

    private func event(_ state: String, _ agent: String = "coder") -> String {
      #"{"type":"circuit.\#(state)","agent":"\#(agent)"}"#
    }

    /// Whether the alert is among those that it knows.
    func knows(_ alert: String) throws -> Bool {
      try sidecar.get("/v1/alerts").objects("alerts").contains { Pager.name(of: $0) == alert }
    }

    /// The changes of an agent's circuit, the latest first.
    func history(of agent: String) throws -> [String] {
      try sidecar.get("/v1/alerts/history").objects("transitions")
        .filter { Pager.name(of: $0) == "HandoffCircuitOpen \(agent)" }.compactMap { $0.text("state") }
    }

    private func delivered() throws -> Double {
      try sidecar.metric(#"handoffd_notifications_total{receiver="pager"}"#)
    }

    /// The page that it is about, if the receiver has it.
    private var told: Pager.Page? {
      pager.pages.first { $0.status == status && $0.alerts.contains(KilledTests.circuit) }
    }

    /// What the body of that page says, and nothing else in the journal.
    private var mark: String { #""status":"\#(status)""# }

    /// The journal, as the next process will find it.
    private var journal: String {
      let directory = sidecar.process.dataDirectory + "/alerts"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      let files = names.compactMap { FileManager.default.contents(atPath: "\(directory)/\($0)") }
      return files.map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    func stop() {
      sidecar.process.kill()
      pager.stop()
      toPager.stop()
      toDatabase.stop()
    }
  }
}
