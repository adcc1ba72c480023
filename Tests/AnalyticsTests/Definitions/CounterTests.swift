import Analytics
import Model
import Testing

@Suite struct CounterTests {
  @Test func `every event is counted by its type`() {
    var scene = Scene()
    for type in EventType.allCases {
      scene.tell(type, "h", at: 0, .from("a"), .to("b"), .agent("a"), .task("t"), .conversation("c"))
    }
    for type in EventType.allCases { #expect(scene.snapshot.counters[events: type] == 1, "\(type)") }
  }

  @Test func `a series stands at 0 from first sight`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    let counters = try #require(scene.counters("b"))
    #expect(counters[finished: .failed] == 0)
    #expect(counters[started: .other] == 1)
    #expect(try #require(scene.counters("a"))[.sent] == 1)
  }

  @Test func `words of closed lists are kept apart, others go together`() throws {
    var scene = Scene()
    scene.tell(
      .initiated, "h1", at: 0, .from("a"), .to("b"), .kind("broadcast"), .pattern("parallel"),
      .reason("load_shedding"))
    scene.tell(
      .initiated, "h2", at: 0, .from("a"), .to("b"), .kind("Broadcast"), .pattern("paralle1"),
      .reason("why not"))
    scene.tell(.initiated, "h3", at: 0, .from("a"), .to("b"))
    let counters = scene.snapshot.counters
    #expect(counters[.loadShedding, .broadcast] == 1)
    #expect(counters[.other, .other] == 2)
    let started = try #require(scene.counters("b"))
    #expect(started[started: .parallel] == 1)
    #expect(started[started: .other] == 2)
  }

  @Test func `attempts are as many as the record would show`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    #expect(scene.counters("b")?[.attempts] == 1)
    scene.tell(.attemptFailed, "h1", at: 1, .attempt(1), .error("timeout"))
    #expect(scene.counters("b")?[.attempts] == 1)
    scene.tell(.attemptFailed, "h1", at: 2, .attempt(2), .error("odd", "permanent"))
    scene.tell(.attemptFailed, "h1", at: 3)
    #expect(scene.counters("b")?[.attempts] == 3)
    scene.tell(.acknowledged, "h1", at: 4)
    let counters = try #require(scene.counters("b"))
    #expect(counters[.attempts] == 4)
    #expect(counters[.retries] == 3)
    #expect(counters[errors: .retryable] == 1)
    #expect(counters[errors: .permanent] == 1)
    #expect(counters[errors: .unclassified] == 1)
    #expect(scene.window().attemptFailureRatio == 0.75)
    scene.tell(.initiated, "h2", at: 5, .from("a"), .to("b"), .attempt(3))
    #expect(scene.counters("b")?[.attempts] == 7)
    #expect(scene.counters("b")?[.retries] == 5)
  }

  @Test func `late events enter counters, and no window, row, circuit or alert`() throws {
    var scene = Scene()
    for number in 0..<4 {
      scene.tell(.initiated, "h\(number)", at: 1000, occurred: 0, .from("a"), .to("b"), .references(2, 1))
      scene.tell(.failed, "h\(number)", at: 1001, occurred: 1, .error("timeout"))
    }
    scene.tell(.circuitOpened, at: 1002, occurred: 2, .agent("b"))
    let counters = try #require(scene.counters("b"))
    #expect(scene.snapshot.counters[.lateEvents] == 9)
    #expect(counters[finished: .failed] == 4)
    #expect(counters[.referencesRequested] == 8)
    #expect(counters.duration.count == 4)
    #expect(scene.window(30)[.exhausted] == 0)
    #expect(scene.window(30)[.started] == 0)
    #expect(scene.window(30)[.durations] == 0)
    #expect(scene.agent("b")?.failuresInARow == 0)
    #expect(scene.agent("b")?.circuit == .closed)
    #expect(!scene.analytics.hasOccurrences)
  }

  @Test func `five minutes old is not late, more is`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 1000, occurred: 700, .from("a"), .to("b"))
    #expect(scene.snapshot.counters[.lateEvents] == 0)
    scene.tell(.initiated, "h2", at: 1000, occurred: 699.9, .from("a"), .to("b"))
    #expect(scene.snapshot.counters[.lateEvents] == 1)
  }

  @Test func `what happened is told once, with who and how much`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .hop(13))
    scene.tell(.failed, "h", at: 1, .error("timeout"))
    #expect(scene.analytics.hasOccurrences)
    let occurrences = scene.analytics.takeOccurrences()
    #expect(occurrences.map(\.kind) == [.hopLimitExceeded, .exhausted(.failed, .timeout)])
    #expect(occurrences.map(\.value) == [13, 1])
    let failure = try #require(occurrences.last)
    #expect(failure.handoffID == "h")
    #expect(failure.fromAgent == "a")
    #expect(failure.toAgent == "b")
    #expect(failure.at == at(1))
    #expect(!scene.analytics.hasOccurrences)
    for number in 0..<2 { scene.exhaust("x\(number)", at: 2 + Double(number) * 2) }
    #expect(scene.analytics.takeOccurrences().last?.kind == .circuit(.open))
  }
}
