import Alerts
import Analytics
import Bytes
import Hashing
import Model
import Testing

/// A replay fires what live judgement fires, at the same moments, however long it is quiet in between.
struct ReplayTests {
  /// Something that happens in a story.
  private struct Step {
    var at: Double
    var type: EventType
    var handoff: String?
    var facts: [Fact]
  }

  private static func step(_ at: Double, _ type: EventType, _ handoff: String? = nil, _ facts: Fact...)
    -> Step
  {
    Step(at: at, type: type, handoff: handoff, facts: facts)
  }

  private static let story: [Step] =
    (0..<3).flatMap { number -> [Step] in
      let at = 10.3 + Double(number)
      return [
        step(at, .initiated, "f\(number)", .from("a"), .to("coder")),
        step(at + 0.4, .failed, "f\(number)", .error("timeout")),
      ]
    } + [
      // Parked: pending for 5 min, old after an hour; nobody answers another, which times out.
      step(100.5, .initiated, "parked", .from("a"), .to("b")), step(101, .parked, "parked"),
      step(102.25, .initiated, "silent", .from("a"), .to("c")),
    ]
    + (0..<30).map {
      step(7000 + Double($0) * 0.1, .initiated, "r\($0)", .from("a"), .to("b"), .references(10, 7))
    }
    + [step(9000.75, .resolved, "parked")]

  /// A change of an alert, and when.
  private struct Change {
    var what: String
    var at: Double

    init(_ alert: Alert, _ what: Alert.State, _ moment: Timestamp) {
      self.what = "\(alert.name) \(alert.labels["to_agent"] ?? "") \(what)"
      at = Double(moment.microseconds - storyStart) / 1e6
    }
  }

  private static let end = 12_000.0
  private static let whole = told()
  private static let late = told(8000)

  private static func told(_ listingSince: Double = 0) -> (live: [Change], replay: Replay) {
    var stage = Stage()
    var replay = Replay(.builtIn, AnalyticsSettings(), from: at(0), listingSince: at(listingSince))
    for step in story {
      stage.pass(until: step.at.rounded(.down))
      let before = stage.frames.count
      stage.tell(step.type, step.handoff, at: step.at, facts: step.facts)
      stage.judge()
      for frame in stage.frames[before...] { replay.take(frame, receivedAt: at(step.at)) }
    }
    stage.pass(until: end)
    replay.finish(at: at(end))
    let live = stage.transitions.filter { [.firing, .resolved].contains($0.alert.state) }
      .map { Change($0.alert, $0.alert.state, $0.at) }
    return (live, replay)
  }

  @Test func `it fires and resolves as live, to the second`() {
    let replay = Self.whole.replay
    let replayed = replay.episodes.flatMap { alert in
      [Change(alert, .firing, alert.since)] + (alert.endedAt.map { [Change(alert, .resolved, $0)] } ?? [])
    }
    let order: (Change, Change) -> Bool = { ($0.what, $0.at) < ($1.what, $1.at) }
    let (found, wanted) = (replayed.sorted(by: order), Self.whole.live.sorted(by: order))
    #expect(found.map(\.what) == wanted.map(\.what))
    for (change, live) in zip(found, wanted) { #expect(abs(change.at - live.at) <= 1, "\(change) \(live)") }
    #expect(
      Set(replay.episodes.map(\.name)).isSuperset(of: [
        "HandoffCircuitOpen", "HandoffFailed", "HandoffConsecutiveFailures", "DeadLettersPending",
        "DeadLetterOld", "HandoffOverdue", "ContextCompletenessCritical",
      ]))
    #expect(replay.events == Self.story.count)
  }

  @Test func `an episode says what it was, and what brought it about`() throws {
    let circuit = try #require(Self.whole.replay.episodes.first { $0.name == "HandoffCircuitOpen" })
    #expect(circuit.labels["to_agent"] == "coder")
    #expect(circuit.value == 1 && circuit.events.count == 1)
    #expect(circuit.annotations["description"]?.contains("timeout: no answer try later") == true)
    let failed = try #require(
      Self.whole.replay.episodes.first {
        $0.labels["to_agent"] == "coder" && $0.name == "HandoffFailed"
      })
    #expect(failed.value == 3)
  }

  @Test func `what was over before is not listed, and what fires still is listed as such`() {
    let replay = Self.late.replay
    #expect(
      !replay.episodes.contains { $0.name == "HandoffCircuitOpen" && $0.labels["to_agent"] == "coder" })
    #expect(replay.episodes.contains { $0.name == "DeadLetterOld" && $0.endedAt == at(9001) })
    var open = Replay(.builtIn, AnalyticsSettings(), from: at(0), listingSince: at(0), mostEpisodes: 1)
    var stage = Stage()
    stage.tell(.circuitOpened, nil, at: 1, .agent("x"))
    stage.tell(.circuitOpened, nil, at: 1, .agent("y"))
    for frame in stage.frames { open.take(frame, receivedAt: at(1)) }
    open.finish(at: at(5))
    #expect(open.episodes.map(\.endedAt) == [nil])
    #expect(open.omitted == 1)
  }
}
