import Analytics
import Model
import Testing

@Suite struct DeadLetterTests {
  static let stories: [(events: [(EventType, Double)], state: ParkingState)] = [
    ([(.initiated, 0), (.parked, 1)], .pending),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2)], .pending),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.acknowledged, 3)], .handled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.completed, 3)], .handled),
    ([(.initiated, 0), (.parked, 1), (.resolved, 2)], .handled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.failed, 3)], .unhandled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.parked, 3)], .unhandled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.acknowledged, 3), (.failed, 4)], .handled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.acknowledged, 3), (.parked, 4)], .unhandled),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2), (.rerouted, 3)], .pending),
  ]

  @Test(arguments: stories.indices)
  func `a parked handoff stands where its events say, in any order`(_ number: Int) {
    let story = Self.stories[number]
    for order in [story.events, story.events.reversed()] {
      var scene = Scene()
      for (place, (type, occurred)) in order.enumerated() {
        scene.tell(type, "h", at: 10 + Double(place), occurred: occurred, .from("a"), .to("b"))
      }
      for state in ParkingState.allCases {
        #expect(scene.snapshot.deadLetters(state) == (state == story.state ? 1 : 0), "\(state)")
      }
      #expect((scene.snapshot.oldestDeadLetter == at(1)) == (story.state != .handled))
    }
  }

  @Test func `the oldest that nobody has dealt with is known`() {
    var scene = Scene()
    #expect(scene.snapshot.oldestDeadLetter == nil)
    for number in 0..<3 {
      scene.tell(.initiated, "h\(number)", at: Double(number), .from("a"), .to("b"))
      scene.tell(.parked, "h\(number)", at: 10 + Double(number))
    }
    #expect(scene.snapshot.oldestDeadLetter == at(10))
    scene.tell(.resolved, "h1", at: 20)
    #expect(scene.snapshot.oldestDeadLetter == at(10))
    scene.tell(.resolved, "h0", at: 21)
    #expect(scene.snapshot.oldestDeadLetter == at(12))
    scene.tell(.resolved, "h2", at: 22)
    #expect(scene.snapshot.oldestDeadLetter == nil)
    #expect(scene.snapshot.counters[.deadLettersParked] == 3)
    #expect(scene.snapshot.deadLetters(.handled) == 3)
  }

  @Test func `dead letters stay when ended handoffs are forgotten`() {
    var settings = AnalyticsSettings()
    settings.capacity.endedHandoffs = 10
    var scene = Scene(settings)
    scene.tell(.initiated, "dead", at: 0, .from("a"), .to("b"))
    scene.tell(.parked, "dead", at: 1)
    for number in 0..<100 {
      scene.deliver("h\(number)", at: 2 + Double(number))
      scene.tell(.completed, "h\(number)")
    }
    scene.tell(.resolved, "dead", at: 200)
    #expect(scene.snapshot.deadLetters(.pending) == 0)
    #expect(scene.snapshot.deadLetters(.handled) == 1)
  }

  @Test func `a rollback step that failed is told`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(
      .rolledBack, "h1", at: 1,
      .rollback(#"{"steps": [{"action": "RESTORE_SOURCE", "status": "SUCCESS"}]}"#))
    #expect(scene.window()[.rollbackFailures] == 0)
    scene.tell(.initiated, "h2", at: 2, .from("a"), .to("b"))
    scene.tell(
      .rolledBack, "h2", at: 3,
      .rollback(#"{"steps": [{"action": "RESTORE_SOURCE", "status": "FAILED", "error": "x"}]}"#))
    #expect(scene.window()[.rollbackFailures] == 1)
    #expect(scene.window()[.rollbacks] == 2)
    #expect(scene.counters("b")?[.rolledBack] == 2)
    #expect(scene.analytics.takeOccurrences().map(\.kind) == [.rollbackFailed])
  }
}
