import Analytics
import Model
import Testing

@Suite struct BoundsTests {
  /// Small capacities, so that twenty thousand names do what a million would.
  private var settings: AnalyticsSettings {
    var settings = AnalyticsSettings()
    settings.capacity.agents = 500
    settings.capacity.openHandoffs = 1000
    settings.capacity.endedHandoffs = 1000
    settings.capacity.deadLetters = 100
    settings.capacity.tasks = 500
    settings.capacity.groupRows = 2000
    settings.capacity.groups = 64
    return settings
  }

  @Test func `a flood of names, tasks, groups and handoffs stays within its bounds, and is counted`() {
    var scene = Scene(settings)
    for number in 0..<9000 {
      let seconds = Double(number) / 100
      scene.tell(
        .initiated, "h\(number)", at: seconds, .from("from \(number)"), .to("to \(number)"),
        .task("t\(number)"),
        .group("g\(number)", of: 1))
      if number % 3 == 1 { scene.tell(.acknowledged, "h\(number)") }
      if number % 3 == 2 { scene.tell(.parked, "h\(number)") }
    }
    let snapshot = scene.snapshot
    #expect(snapshot.agents.count == 500)
    #expect(snapshot.activeCount == 999)
    #expect(snapshot.deadLetters(.pending) == 100)
    #expect(snapshot.seriesCount == 101)
    #expect(snapshot.broadcasts.count == 64)
    let overflow = snapshot.counters.overflow
    #expect(overflow[.agent] > 15_000)
    #expect(overflow[.handoff] == 5001)
    #expect(overflow[.deadLetter] == 2900)
    #expect(overflow[.task] == 8500)
    #expect(snapshot.totals[.sent] == 9000)
    #expect(snapshot.window(.seconds(300))[.started] == 9000)
    // The gauges agree with what they are made of.
    #expect(snapshot.agents.reduce(0) { $0 + $1.active } <= 1000)
  }

  @Test func `an acknowledged handoff leaves before a waiting one, and the oldest first`() {
    var settings = settings
    settings.capacity.openHandoffs = 3
    var scene = Scene(settings)
    scene.tell(.initiated, "h0", at: 0, .from("a"), .to("b"))
    scene.deliver("h1", at: 1)
    scene.deliver("h2", at: 3)
    scene.tell(.initiated, "h3", at: 5, .from("a"), .to("b"))
    #expect(scene.snapshot.active.map(\.handoffID) == ["h0", "h2", "h3"])
    scene.tell(.initiated, "h4", at: 6, .from("a"), .to("b"))
    scene.tell(.initiated, "h5", at: 7, .from("a"), .to("b"))
    #expect(scene.snapshot.active.map(\.handoffID) == ["h3", "h4", "h5"])
    // What has left is no longer active, but what is told of it is not counted anew.
    scene.tell(.completed, "h1", at: 8)
    #expect(scene.counters("b")?[finished: .delivered] == 2)
    #expect(scene.counters("b")?[.completed] == 1)
    #expect(scene.agent("b")?.active == 3)
  }

  @Test func `idle healthy agents leave first`() {
    var settings = settings
    settings.capacity.agents = 10
    var scene = Scene(settings)
    scene.tell(.agentHealth, at: 0, .agent("sick"), body: #"{"health": {"status": "unhealthy"}}"#)
    scene.tell(.circuitOpened, at: 0, .agent("broken"))
    scene.tell(.initiated, "h", at: 0, .from("busy"), .to("waiting"))
    scene.tell(.agentHealth, at: 0, .agent("well"), body: #"{"health": {"status": "healthy"}}"#)
    for number in 0..<100 { scene.tell(.conversationTurn, at: 1 + Double(number), .agent("n\(number)")) }
    let names = Set(scene.snapshot.agents.map(\.name))
    #expect(names.isSuperset(of: ["sick", "broken", "waiting"]))
    #expect(!names.contains("well"))
    #expect(names.count == 10)
  }

  @Test func `when all are unwell, one of them leaves all the same`() {
    var settings = settings
    settings.capacity.agents = 5
    var scene = Scene(settings)
    for number in 0..<50 {
      scene.tell(
        .agentHealth, at: Double(number), .agent("n\(number)"), body: #"{"health": {"status": "slow"}}"#)
    }
    #expect(scene.snapshot.agents.count == 5)
    #expect(scene.agent("n49")?.health == .slow)
  }

  @Test func `a target that has left does not disturb the gauges of who took its place`() {
    var settings = settings
    settings.capacity.agents = 2
    var scene = Scene(settings)
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    for number in 0..<9 { scene.tell(.agentHealth, at: 1, .agent("n\(number)"), body: "{}") }
    scene.tell(.completed, "h", at: 2)
    #expect(scene.snapshot.agents.allSatisfy { $0.active == 0 })
    #expect(scene.snapshot.activeCount == 0)
  }

  @Test func `in one task of many agents, edges and stops are bounded`() {
    var scene = Scene(settings)
    for number in 0..<500 {
      scene.tell(
        .initiated, "h\(number)", at: Double(number), .from("a\(number)"), .to("a\(number + 1)"), .task("t"))
      scene.tell(.acknowledged, "h\(number)")
    }
    #expect(scene.snapshot.counters.overflow[.leg] > 0)
    #expect(scene.snapshot.counters.hopDepth.count == 500)
  }

  @Test func `occurrences that nobody fetches are bounded and counted`() {
    var settings = settings
    settings.capacity.occurrences = 10
    var scene = Scene(settings)
    for number in 0..<50 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    #expect(scene.analytics.takeOccurrences().count == 10)
    #expect(scene.snapshot.counters.overflow[.occurrence] > 0)
  }
}
