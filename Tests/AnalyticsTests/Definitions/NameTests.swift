import Analytics
import Model
import Testing

@Suite struct NameTests {
  private func scene(names most: Int) -> Scene {
    var settings = AnalyticsSettings()
    settings.capacity.exposedAgents = most
    return Scene(settings)
  }

  private func names(_ scene: Scene) -> [String] {
    let snapshot = scene.snapshot
    return (0..<snapshot.seriesCount).compactMap { snapshot.name(ofSeries: $0) }
  }

  @Test func `a hundred names by default, first come first kept`() {
    var scene = Scene()
    for number in 0..<150 { scene.tell(.conversationTurn, at: 0, .agent("n\(number)")) }
    #expect(names(scene) == (0..<100).map { "n\($0)" })
    #expect(scene.snapshot.counters.overflow[.agent] == 50)
  }

  @Test func `the rest share one series, and are known by their true names all the same`() throws {
    var scene = scene(names: 2)
    for (number, to) in ["b", "c", "d"].enumerated() {
      scene.deliver("h\(number)", at: Double(number) * 2, to: to)
    }
    #expect(names(scene) == ["a", "b"])
    let shared = scene.snapshot.counters(ofSeries: 0)
    #expect(shared[finished: .delivered] == 2)
    #expect(shared.acknowledgement.count == 2)
    #expect(scene.snapshot.agent(ofSeries: 0) == nil)
    #expect(scene.agent("d")?.received == 1)
    #expect(scene.snapshot.windows(.seconds(300), by: .toAgent).count == 3)
  }

  @Test func `a name idle for a day makes room, one that is not does not`() throws {
    var scene = scene(names: 2)
    scene.deliver("h0", at: 0, from: "a", to: "b")
    scene.tell(.conversationTurn, at: 1, .agent("c"))
    scene.tell(.conversationTurn, at: 86_000, .agent("a"))
    #expect(names(scene) == ["a", "b"])
    // `b` was last spoken of at 1 s.
    scene.tell(.conversationTurn, at: 86_401, .agent("c"))
    #expect(names(scene) == ["a", "c"])
    scene.tell(.conversationTurn, at: 86_402, .agent("b"))
    #expect(names(scene) == ["a", "c"])
    scene.deliver("h1", at: 86_403, from: "a", to: "b")
    #expect(scene.snapshot.counters(ofSeries: 0)[finished: .delivered] == 1)
    // What had been counted for it is not lost to the totals.
    #expect(scene.snapshot.totals[finished: .delivered] == 2)
    #expect(scene.counters("c")?[finished: .delivered] == 0)
  }

  @Test func `a name that comes back while its series stands finds it again`() {
    var settings = AnalyticsSettings()
    settings.capacity.exposedAgents = 3
    settings.capacity.agents = 3
    var scene = Scene(settings)
    scene.deliver("h0", at: 0, from: "a", to: "b")
    for number in 0..<20 { scene.tell(.conversationTurn, at: 5000, .agent("n\(number)")) }
    #expect(scene.agent("b") == nil)
    #expect(scene.counters("b")?[finished: .delivered] == 1)
    scene.deliver("h1", at: 5001, from: "a", to: "b")
    #expect(scene.counters("b")?[finished: .delivered] == 2)
  }

  @Test func `an agent's own series shows its gauges`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    let snapshot = scene.snapshot
    let series = try #require((0..<snapshot.seriesCount).first { snapshot.name(ofSeries: $0) == "b" })
    #expect(snapshot.agent(ofSeries: series)?.active == 1)
  }
}
