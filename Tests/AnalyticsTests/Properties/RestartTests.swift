import Analytics
import Model
import Testing

@Suite struct RestartTests {
  private func fold(_ lines: some Sequence<Line>, into analytics: inout Analytics) {
    for line in lines { analytics.step(line.frame, receivedAt: line.receivedAt) }
  }

  /// A database as of some event of a story, as it is read after a restart.
  typealias Reading = @Sendable (Database, Timestamp) -> Seed

  /// How handoffs are given; their records do not tell what came too late to be in its place.
  static let readings: [(name: String, mostDelay: Double, read: Reading)] = [
    ("as events", 2, { $0.eventSeed(at: $1) }), ("as records", 0, { $0.seed(at: $1) }),
  ]

  @Test(arguments: UInt64(1)...15, readings.indices)
  func `seed and replay give the live state, wherever the cut is`(_ seed: UInt64, _ reading: Int) {
    let (name, mostDelay, read) = Self.readings[reading]
    var maker = StoryMaker(seed: seed)
    maker.mostDelay = mostDelay
    let lines = maker.story(handoffs: 150, seconds: 1500)
    for share in [0, 0.2, 0.5, 0.9, 1] {
      let cut = Int(share * Double(lines.count))
      var live = Analytics()
      fold(lines, into: &live)
      var database = Database()
      for line in lines.prefix(cut) { database.commit(line) }
      var restored = Analytics()
      restored.restore(read(database, lines.prefix(cut).last?.receivedAt ?? at(0)))
      #expect(!restored.hasOccurrences)
      fold(lines.dropFirst(cut), into: &restored)
      for moment in [at(1600), at(2300), at(6000)] {
        live.advance(to: moment)
        restored.advance(to: moment)
        let expected = Digest.live(live.snapshot(at: moment, active: 1000))
        let found = Digest.live(restored.snapshot(at: moment, active: 1000))
        #expect((found - expected).first == nil, "cut at \(cut), \(name)")
        #expect((expected - found).first == nil, "cut at \(cut), \(name)")
      }
    }
  }

  @Test func `counters begin at 0, and series are there`() {
    var scene = Scene()
    scene.deliver("h", at: 0)
    var database = Database()
    for line in scene.lines { database.commit(line) }
    var restored = Analytics()
    restored.restore(database.seed(at: at(2)))
    let snapshot = restored.snapshot(at: at(2))
    #expect(snapshot.counters[events: .initiated] == 0)
    #expect(snapshot.totals[finished: .delivered] == 0)
    #expect((0..<snapshot.seriesCount).compactMap { snapshot.name(ofSeries: $0) }.sorted() == ["a", "b"])
    #expect(snapshot.agent(named: "b")?.received == 0)
    #expect(snapshot.window(.seconds(300))[.delivered] == 1)
  }

  @Test func `what was received before the restart is not counted again, and stays in windows`() {
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number)) }
    scene.analytics.restartCounts()
    #expect(!scene.analytics.hasOccurrences)
    #expect(scene.snapshot.counters[events: .failed] == 0)
    #expect(scene.counters("b")?[finished: .failed] == 0)
    #expect(scene.counters("b")?[transitions: .open] == 0)
    #expect(scene.agent("b")?.circuit == .open)
    #expect(scene.window()[.exhausted] == 3)
    scene.exhaust("h3", at: 10)
    #expect(scene.counters("b")?[finished: .failed] == 1)
    #expect(scene.window()[.exhausted] == 4)
  }

  @Test func `a moment beyond all time ends nothing`() {
    var seed = Seed(at: at(100))
    var agent = SeedAgent(name: "b")
    agent.circuit = .open
    agent.circuitSince = Timestamp(microseconds: .max)
    seed.agents = [agent]
    var scene = Scene()
    scene.analytics.restore(seed)
    scene.wait(until: 159)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 161)
    #expect(scene.agent("b")?.circuit == .halfOpen)
  }

  @Test func `rows, circuits and health of agents come back where the history is too short`() {
    var seed = Seed(at: at(100))
    var agent = SeedAgent(name: "b")
    agent.failuresInARow = 2
    agent.exhaustedInARow = 2
    var report = HealthReport()
    report.queueLength = 200
    agent.health = (report, at(50))
    agent.lastSeen = at(60)
    var open = SeedAgent(name: "c")
    open.circuit = .open
    open.circuitSince = at(80)
    seed.agents = [agent, open]
    seed.handledDeadLetters = 4
    var scene = Scene()
    scene.analytics.restore(seed)
    scene.wait(until: 100)
    #expect(scene.agent("b")?.health == .degraded)
    #expect(scene.agent("b")?.lastSeen == at(60))
    #expect(scene.agent("c")?.circuit == .open)
    #expect(scene.snapshot.deadLetters(.handled) == 4)
    scene.wait(until: 140)
    #expect(scene.agent("c")?.circuit == .halfOpen)
    scene.exhaust("h", at: 150)
    #expect(scene.agent("b")?.circuit == .open)
    #expect(scene.agent("b")?.failuresInARow == 3)
  }

  @Test func `a database that comes back late fills in without touching counters`() {
    var maker = StoryMaker(seed: 5)
    let lines = maker.story(handoffs: 150, seconds: 1000)
    let cut = lines.count / 2
    var database = Database()
    for line in lines.prefix(cut) { database.commit(line) }
    // Without the database: only what is in the spool.
    var running = Analytics()
    fold(lines.dropFirst(cut), into: &running)
    let before = running.snapshot(at: at(1100)).totals[finished: .delivered]
    #expect(!running.takeOccurrences().isEmpty)
    // It is back: all of it anew, and the counters taken over.
    var rebuilt = Analytics()
    rebuilt.restore(database.eventSeed(at: lines[cut - 1].receivedAt))
    fold(lines.dropFirst(cut), into: &rebuilt)
    #expect(rebuilt.hasOccurrences)
    rebuilt.takeCounters(of: running)
    #expect(!rebuilt.hasOccurrences)
    var live = Analytics()
    fold(lines, into: &live)
    for moment in [at(1100), at(2000)] {
      live.advance(to: moment)
      rebuilt.advance(to: moment)
      let found = Digest.live(rebuilt.snapshot(at: moment, active: 1000))
      let expected = Digest.live(live.snapshot(at: moment, active: 1000))
      #expect((found - expected).first == nil)
      #expect((expected - found).first == nil)
    }
    #expect(rebuilt.snapshot(at: at(2000)).counters[events: .initiated] > 0)
    #expect(running.snapshot(at: at(1100)).totals[finished: .delivered] == before)
  }
}
