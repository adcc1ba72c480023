import Analytics
import Model
import Testing

@Suite struct StateTests {
  /// Events as (type, occurred), and the state that holds after them.
  static let stories: [(events: [(EventType, Double)], state: HandoffState?, isActive: Bool)] = [
    ([(.prepared, 0)], .prepared, true),
    ([(.initiated, 0)], .initiated, true),
    ([(.initiated, 0), (.prepared, 1)], .initiated, true),
    ([(.acknowledged, 0), (.initiated, 1)], .acknowledged, true),
    ([(.initiated, 0), (.received, 1)], .acknowledged, true),
    ([(.initiated, 0), (.resumed, 1)], .acknowledged, true),
    ([(.initiated, 0), (.acknowledged, 1), (.completed, 2)], .completed, false),
    ([(.initiated, 0), (.completed, 2), (.acknowledged, 1)], .completed, false),
    ([(.initiated, 0), (.rejected, 1)], .rejected, false),
    ([(.initiated, 0), (.failed, 1)], .failed, false),
    ([(.initiated, 0), (.expired, 1)], .expired, false),
    ([(.initiated, 0), (.cancelled, 1)], .cancelled, false),
    ([(.initiated, 0), (.parked, 1)], .parked, false),
    ([(.initiated, 0), (.failed, 1), (.rolledBack, 2)], .rolledBack, false),
    ([(.initiated, 0), (.parked, 1), (.resolved, 2)], .resolved, false),
    ([(.initiated, 0), (.parked, 1), (.replayed, 2)], .replayed, true),
    ([(.initiated, 0), (.failed, 1), (.rerouted, 2)], .rerouted, true),
    ([(.initiated, 0), (.acknowledged, 1), (.escalated, 2)], .escalated, true),
    // At one instant the rank decides.
    ([(.initiated, 0), (.completed, 1), (.acknowledged, 1)], .completed, false),
    ([(.initiated, 0), (.parked, 1), (.failed, 1)], .parked, false),
    ([(.initiated, 0), (.resolved, 1), (.completed, 1)], .resolved, false),
  ]

  @Test(arguments: stories.indices)
  func `the last by occurrence and rank decides the state`(_ number: Int) {
    let story = Self.stories[number]
    for order in [story.events, story.events.reversed()] {
      var scene = Scene()
      for (place, (type, occurred)) in order.enumerated() {
        scene.tell(type, "h", at: 10 + Double(place), occurred: occurred, .from("a"), .to("b"))
      }
      #expect(scene.snapshot.activeCount == (story.isActive ? 1 : 0))
      #expect(scene.agent("b")?.active == (story.isActive ? 1 : 0))
      if story.isActive { #expect(scene.snapshot.active.first?.state == story.state) }
    }
  }

  @Test func `an acknowledged handoff ends when its receiver hands the task on`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.acknowledged, "h1", at: 1)
    #expect(scene.snapshot.activeCount == 1)
    scene.tell(.initiated, "h2", at: 5, .from("b"), .to("c"), .task("t"))
    #expect(scene.snapshot.active.map(\.handoffID) == ["h2"])
    #expect(scene.counters("b")?.duration.count == 1)
    #expect(scene.counters("b")?.duration.sum == 5)
  }

  @Test func `it ends as well when the acknowledgement is heard of last`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.initiated, "h2", at: 5, .from("b"), .to("c"), .task("t"))
    scene.tell(.acknowledged, "h1", at: 6, occurred: 1)
    #expect(scene.snapshot.active.map(\.handoffID) == ["h2"])
  }

  @Test func `a parent without a task ends when its receiver makes a child of it`() {
    var scene = Scene()
    scene.deliver("h1", at: 0)
    scene.tell(.initiated, "h2", at: 5, .from("b"), .to("c"), .parent("h1"))
    #expect(scene.snapshot.active.map(\.handoffID) == ["h2"])
  }

  @Test(arguments: [EventType.taskCompleted, .taskFailed])
  func `acknowledged handoffs end with their task, others do not`(_ type: EventType) {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.initiated, "h2", at: 0, .from("a"), .to("c"), .task("t"))
    scene.tell(.acknowledged, "h1", at: 1)
    scene.tell(type, at: 5, .task("t"), .agent("b"))
    #expect(scene.snapshot.active.map(\.handoffID) == ["h2"])
  }

  @Test func `an acknowledged handoff of which nothing is heard for an hour has ended`() {
    var scene = Scene()
    scene.deliver("h", at: 0)
    scene.wait(until: 3600)
    #expect(scene.snapshot.activeCount == 1)
    scene.wait(until: 3601)
    #expect(scene.snapshot.activeCount == 0)
    // Nobody said when it ended, so it has no duration; and a later word of it makes it active again.
    #expect(scene.counters("b")?.duration.count == 0)
    scene.tell(.step, "h", at: 4000)
    #expect(scene.snapshot.activeCount == 1)
  }

  @Test func `a target that another event names later takes the gauges along`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.wait(until: 31)
    #expect(scene.agent("b")?.overdue == 1)
    scene.tell(.rerouted, "h", at: 40, .formerly("b"), .to("c"))
    #expect(scene.agent("b")?.active == 0)
    #expect(scene.agent("b")?.overdue == 0)
    #expect(scene.agent("c")?.active == 1)
    #expect(scene.agent("c")?.overdue == 0)
    #expect(scene.snapshot.overdueCount == 0)
  }
}
