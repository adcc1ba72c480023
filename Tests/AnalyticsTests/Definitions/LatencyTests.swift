import Analytics
import Model
import Testing

@Suite struct LatencyTests {
  /// Events as (type, occurred), in the order in which they occurred, and the latency.
  static let stories: [(events: [(EventType, Double)], latency: Double?)] = [
    ([(.initiated, 0), (.acknowledged, 2)], 2),
    ([(.initiated, 0), (.received, 2), (.acknowledged, 3)], 2),
    ([(.initiated, 0), (.initiated, 3), (.acknowledged, 5)], 2),
    ([(.initiated, 0), (.parked, 1), (.replayed, 10), (.acknowledged, 11)], 1),
    ([(.initiated, 0), (.rerouted, 4), (.acknowledged, 5)], 1),
    ([(.initiated, 0), (.acknowledged, 2), (.replayed, 3)], 2),
    ([(.initiated, 0), (.completed, 2)], nil),
    ([(.initiated, 0)], nil),
    ([(.acknowledged, 2)], nil),
    ([(.acknowledged, 2), (.initiated, 3)], 0),
    ([(.acknowledged, 2), (.replayed, 2)], 0),
  ]

  @Test(arguments: stories.indices)
  func `from the last send before the first acknowledgement`(_ number: Int) throws {
    let story = Self.stories[number]
    var scene = Scene()
    for (type, occurred) in story.events { scene.tell(type, "h", at: occurred, .from("a"), .to("b")) }
    let counters = try #require(scene.counters("b"))
    #expect(counters.acknowledgement.count == (story.latency == nil ? 0 : 1))
    #expect(counters.acknowledgement.sum == story.latency ?? 0)
    #expect(scene.window()[.acknowledgements] == (story.latency == nil ? 0 : 1))
  }

  @Test func `whichever half comes last, the latency is observed once`() {
    var scene = Scene()
    scene.tell(.acknowledged, "h", at: 3, occurred: 2, .to("b"))
    scene.tell(.initiated, "h", at: 4, occurred: 0.5, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h", at: 5)
    #expect(scene.counters("b")?.acknowledgement.count == 1)
    #expect(scene.counters("b")?.acknowledgement.sum == 1.5)
  }

  @Test func `clocks that disagree count as no time, and are counted`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 2, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h", at: 3, occurred: 1)
    scene.tell(.received, "h", at: 4)
    #expect(scene.counters("b")?.acknowledgement.sum == 0)
    #expect(scene.snapshot.counters[.clockSkew] == 1)
  }

  @Test func `duration is from the first initiated to the end, once`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.tell(.initiated, "h", at: 5)
    scene.tell(.acknowledged, "h", at: 6)
    #expect(scene.counters("b")?.duration.count == 0)
    scene.tell(.completed, "h", at: 9)
    scene.tell(.rolledBack, "h", at: 12)
    #expect(scene.counters("b")?.duration.count == 1)
    #expect(scene.counters("b")?.duration.sum == 9)
    #expect(scene.agent("b")?.totalSeconds == 9)
  }

  @Test func `an end that is heard of first waits for its beginning`() {
    var scene = Scene()
    scene.tell(.completed, "h", at: 9, .to("b"))
    scene.tell(.initiated, "h", at: 10, occurred: 2, .from("a"), .to("b"))
    #expect(scene.counters("b")?.duration.sum == 7)
  }

  @Test func `an observation tells where it came from`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h1", at: 0.75, .trace("4bf92f3577b34da6"))
    var exemplars = try #require(scene.counters("b")).acknowledgement.exemplars
    let place = try #require(Bounds.acknowledgement.firstIndex(of: 1))
    #expect(exemplars[place].id == "4bf92f3577b34da6")
    #expect(exemplars[place].origin == .trace)
    #expect(exemplars[place].value == 0.75)
    // One a second is enough; without a trace the handoff is named, if scrapers take its id.
    scene.tell(.initiated, "h2", at: 0.8, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h2", at: 1.4)
    exemplars = try #require(scene.counters("b")).acknowledgement.exemplars
    #expect(exemplars[place].id == "4bf92f3577b34da6")
    scene.tell(.initiated, "h3", at: 2, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h3", at: 2.6)
    exemplars = try #require(scene.counters("b")).acknowledgement.exemplars
    #expect(exemplars[place].id == "h3")
    #expect(exemplars[place].origin == .handoff)
    scene.tell(.initiated, "h \"4\"", at: 5, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h \"4\"", at: 5.6)
    #expect(try #require(scene.counters("b")).acknowledgement.exemplars[place].id == "h3")
  }
}
