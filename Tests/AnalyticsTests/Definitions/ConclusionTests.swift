import Analytics
import Model
import Testing

@Suite struct ConclusionTests {
  struct Story {
    var events: [EventType]
    var outcome: Outcome?
    var delivered = 0
    var exhausted = 0
    var completed = 0
    var workFailed = 0
  }

  static let stories: [Story] = [
    Story(events: [.initiated]),
    Story(events: [.initiated, .attemptFailed]),
    Story(events: [.initiated, .acknowledged], outcome: .delivered, delivered: 1),
    Story(events: [.initiated, .received, .acknowledged, .resumed], outcome: .delivered, delivered: 1),
    Story(events: [.initiated, .completed], outcome: .delivered, delivered: 1, completed: 1),
    Story(events: [.initiated, .acknowledged, .completed], outcome: .delivered, delivered: 1, completed: 1),
    Story(events: [.initiated, .acknowledged, .failed], outcome: .delivered, delivered: 1, workFailed: 1),
    Story(
      events: [.initiated, .acknowledged, .failed, .failed], outcome: .delivered, delivered: 1, workFailed: 1),
    Story(events: [.initiated, .failed], outcome: .failed, exhausted: 1),
    Story(events: [.initiated, .failed, .parked], outcome: .failed, exhausted: 1),
    Story(events: [.initiated, .parked], outcome: .parked, exhausted: 1),
    Story(events: [.initiated, .expired], outcome: .expired, exhausted: 1),
    Story(events: [.initiated, .rejected], outcome: .rejected),
    Story(events: [.initiated, .rejected, .failed], outcome: .rejected, exhausted: 1),
    Story(events: [.initiated, .cancelled], outcome: .cancelled),
    // What is first known counts, and is never revised.
    Story(events: [.initiated, .failed, .acknowledged], outcome: .failed, exhausted: 1),
    Story(events: [.initiated, .parked, .replayed, .acknowledged], outcome: .parked, exhausted: 1),
    Story(events: [.initiated, .failed, .rolledBack], outcome: .failed, exhausted: 1),
    Story(events: [.initiated, .rolledBack], outcome: .cancelled),
    Story(events: [.initiated, .acknowledged, .rolledBack], outcome: .delivered, delivered: 1),
    Story(events: [.acknowledged, .initiated], outcome: .delivered, delivered: 1),
  ]

  @Test(arguments: stories.indices)
  func `each handoff is concluded once, when first known`(_ number: Int) throws {
    let story = Self.stories[number]
    var scene = Scene()
    for (place, type) in story.events.enumerated() {
      scene.tell(type, "h", at: Double(place), .from("a"), .to("b"))
    }
    let counters = try #require(scene.counters("b"))
    for outcome in Outcome.allCases {
      #expect(counters[finished: outcome] == (outcome == story.outcome ? 1 : 0), "\(outcome)")
    }
    let window = scene.window()
    #expect(window[.delivered] == UInt64(story.delivered))
    #expect(window[.exhausted] == UInt64(story.exhausted))
    #expect(counters[.completed] == UInt64(story.completed))
    #expect(counters[.workFailed] == UInt64(story.workFailed))
    let failures = FailureReason.allCases.reduce(0) { $0 + counters[failures: $1] }
    #expect(failures == UInt64(story.exhausted))
  }

  @Test func `rerouted away exhausts the old target, not the new one`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.tell(.rerouted, "h", at: 1, .formerly("b"), .to("c"))
    scene.tell(.acknowledged, "h", at: 2)
    let old = try #require(scene.counters("b"))
    let new = try #require(scene.counters("c"))
    #expect(old[finished: .rerouted] == 1)
    #expect(new[finished: .delivered] == 0)
    #expect(old[.rerouted] == 1)
    #expect(new[.rerouted] == 0)
    #expect(scene.agent("b")?.failuresInARow == 1)
    #expect(scene.agent("c")?.failuresInARow == 0)
    #expect(scene.agent("c")?.received == 1)
    #expect(scene.window()[.exhausted] == 1)
    #expect(scene.window()[.delivered] == 0)
  }

  @Test func `unacknowledged for ten minutes is exhausted as a timeout`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.wait(until: 599.9)
    #expect(scene.window(15)[.exhausted] == 0)
    scene.wait(until: 600)
    let counters = try #require(scene.counters("b"))
    #expect(counters[finished: .timeout] == 1)
    #expect(counters[failures: .timeout] == 1)
    // It is neither ended nor forgotten by that.
    #expect(scene.snapshot.activeCount == 1)
    scene.tell(.acknowledged, "h", at: 700)
    #expect(scene.window(30)[.delivered] == 0)
    #expect(scene.agent("b")?.failuresInARow == 0)
  }

  @Test func `ratios are of what was concluded`() {
    var scene = Scene()
    for number in 0..<8 { scene.deliver("d\(number)", at: Double(number)) }
    for number in 0..<2 { scene.exhaust("e\(number)", at: 20 + Double(number)) }
    scene.tell(.failed, "d0", at: 30)
    scene.tell(.initiated, "r", at: 31, .from("a"), .to("b"))
    scene.tell(.rejected, "r", at: 32)
    #expect(scene.window().failureRatio == 0.2)
    #expect(scene.window().successRate == 0.7)
    #expect(scene.window().rejectionRatio == 1.0 / 11)
    #expect(Scene().window().failureRatio == nil)
  }

  static let reasons: [(String, FailureReason)] = [
    ("timeout", .timeout), ("connection", .connection), ("circuit_open", .circuitOpen),
    ("rejected", .rejected),
    ("context", .context), ("hop_limit", .hopLimit), ("validation", .validation), ("no_route", .noRoute),
    ("other", .other), ("weird", .other), ("ReadTimeoutError", .timeout), ("ECONNREFUSED", .other),
    ("ConnectionRefused", .connection), ("CircuitOpenError", .circuitOpen), ("checksum_mismatch", .context),
  ]

  @Test(arguments: reasons)
  func `a failure's reason is that of its last error`(_ word: String, _ reason: FailureReason) {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.tell(.attemptFailed, "h", at: 1, .error("something else"))
    scene.tell(.attemptFailed, "h", at: 2, .error(word))
    scene.tell(.failed, "h", at: 3)
    #expect(scene.counters("b")?[failures: reason] == 1)
  }

  @Test func `an outcome waits for the name of its target, and not for long`() {
    var scene = Scene()
    scene.tell(.acknowledged, "h1", at: 0)
    #expect(scene.window()[.delivered] == 0)
    scene.tell(.step, "h1", at: 2, .to("b"))
    #expect(scene.counters("b")?[finished: .delivered] == 1)
    #expect(scene.window()[.delivered] == 1)
    scene.tell(.acknowledged, "h2", at: 10)
    scene.wait(until: 15)
    #expect(scene.window()[.delivered] == 2)
    #expect(scene.snapshot.counters(ofSeries: 0)[finished: .delivered] == 1)
  }
}
