import Analytics
import Model
import Testing

/// Phases, fetches, versions that meet, constraints, and what is decided about failures.
@Suite struct CourseTests {
  private func decisions(_ scene: Scene) -> [String] {
    FailureDecision.allCases.filter { scene.snapshot.counters[$0] > 0 }.map {
      "\($0.name) \(scene.snapshot.counters[$0])"
    }
  }

  @Test func `a phase is measured once, and a fetch is no step`() {
    var scene = Scene()
    scene.tell(.prepared, "h", at: 0)
    scene.tell(.initiated, "h", at: 2, .from("a"), .to("b"), .strategy("summary_refs"))
    scene.tell(.attemptFailed, "h", at: 3, body: #"{"backoff_ms": 1500}"#)
    scene.tell(.acknowledged, "h", at: 5)
    scene.tell(.step, "h", at: 6, body: #"{"step": {"name": "full_version", "count": 3}}"#)
    scene.tell(.step, "h", at: 9, body: #"{"step": {"name": "review", "status": "done"}}"#)
    scene.tell(.completed, "h", at: 15)
    scene.tell(.failed, "h", at: 16)
    let counters = scene.snapshot.counters
    let measured = HandoffPhase.allCases.filter { counters[$0].count > 0 }
    #expect(measured.map(\.name) == ["preparation", "work", "retry_wait", "review"])
    #expect(measured.map { counters[$0].sum } == [2, 10, 1.5, 7])
    #expect(counters[.fullVersion, .summaryRefs] == 3 && counters[.reference, .summaryRefs] == 0)
  }

  @Test func `each handoff counts the versions that met in it once, and too many names share one`() {
    var settings = AnalyticsSettings()
    settings.capacity.versions = 2
    var scene = Scene(settings)
    for (place, (sent, received)) in [("1", "2"), ("1", "2"), ("3", "1")].enumerated() {
      scene.tell(.initiated, "h\(place)", at: Double(place), .from("a"), .to("b"), .version(sent))
      scene.tell(.acknowledged, "h\(place)", .version(received))
      scene.tell(.completed, "h\(place)", .version("9"))
    }
    let names = scene.snapshot.counters.versions.rows.map { $0.name ?? "rest" }
    let pairs = scene.snapshot.counters.versionPairs.counted.map {
      "\(names[$0.first]) \(names[$0.second]) \($0.count)"
    }
    #expect(pairs == ["1 2 2", "rest 1 1"])
  }

  @Test func `constraints hold through a handoff that tells nothing of them`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"), .constraints("x", "y"))
    scene.tell(.acknowledged, "h1")
    scene.deliver("h2", at: 5, from: "b", to: "c", .task("t"))
    scene.tell(.initiated, "h3", at: 10, .from("c"), .to("d"), .task("t"), .constraints("x", "new"))
    scene.tell(.acknowledged, "h3")
    scene.tell(.initiated, "h4", at: 15, .from("d"), .to("e"), .task("t"), .constraints("x", "new", "more"))
    let counters = scene.snapshot.counters
    #expect(counters[lost: .constraint] == 1 && counters[lost: .section] == 0 && counters[lost: .hash] == 0)
    #expect(scene.window()[.constraintsLost] == 1)
  }

  @Test(arguments: [
    (EventType.replayed, "retry 1"), (.rerouted, "reroute 1"), (.escalated, "escalate 1"),
    (.parked, "park 1"), (.cancelled, "abort 1"), (.completed, "retry 1"),
  ])
  func `an event of the failed handoff decides`(type: EventType, expected: String) {
    var scene = Scene()
    scene.deliver("h", at: 0)
    scene.tell(.failed, "h", at: 10)
    #expect(decisions(scene) == [])
    scene.tell(type, "h", at: 20, .to("c"))
    scene.wait(until: 1000)
    #expect(decisions(scene) == [expected])
  }

  @Test func `a decision that is heard of first counts all the same`() {
    var scene = Scene()
    scene.deliver("h", at: 0)
    scene.tell(.rerouted, "h", at: 20, .to("c"))
    scene.tell(.failed, "h", at: 21, occurred: 10)
    #expect(decisions(scene) == ["reroute 1"])
  }

  @Test func `each new handoff of the task answers one failure, that of the one who failed none`() {
    var scene = Scene()
    for receiver in ["b", "c", "d"] {
      scene.tell(.initiated, "to-\(receiver)", at: 0, .from("lead"), .to(receiver), .task("t"))
      scene.tell(.failed, "to-\(receiver)", at: 10)
    }
    scene.tell(.initiated, "back", at: 11, .from("b"), .to("lead"), .task("t"))
    // What b sent itself may answer the failures of the others, not its own.
    #expect(decisions(scene) == ["reroute 1"])
    scene.tell(.initiated, "again", at: 12, .from("lead"), .to("b"), .task("t"))
    #expect(decisions(scene) == ["retry 1", "reroute 1"])
    scene.tell(.taskFailed, at: 13, .task("t"))
    #expect(decisions(scene) == ["retry 1", "reroute 1", "abort 1"])
    scene.wait(until: 1000)
    #expect(decisions(scene) == ["retry 1", "reroute 1", "abort 1"])
  }

  @Test func `nothing within ten minutes is no decision, and counts where the handoff began`() {
    var scene = Scene()
    scene.exhaust("h", at: 0)
    scene.tell(.failed, "elsewhere", at: 1, .to("b"))
    scene.wait(until: 600)
    #expect(decisions(scene) == [])
    scene.wait(until: 602)
    #expect(decisions(scene) == ["none 1"])
  }
}
