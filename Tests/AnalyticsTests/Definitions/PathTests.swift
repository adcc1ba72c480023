import Analytics
import Model
import Testing

@Suite struct PathTests {
  /// A task that goes from agent to agent, each handoff told to have resolved 9 of 10 references.
  private func chain(_ names: [String], _ scene: inout Scene, references: Bool = true) {
    for (number, (from, to)) in zip(names, names.dropFirst()).enumerated() {
      let seconds = Double(number) * 10
      if references {
        scene.tell(
          .initiated, "h\(number)", at: seconds, .from(from), .to(to), .task("t"), .references(10, 9))
      } else {
        scene.tell(.initiated, "h\(number)", at: seconds, .from(from), .to(to), .task("t"))
      }
      scene.tell(.acknowledged, "h\(number)", at: seconds + 1)
    }
  }

  @Test func `10 percent lost per hop over five agents leaves 0.656 after four handoffs`() throws {
    var scene = Scene()
    chain(["a", "b", "c", "d", "e"], &scene)
    let window = scene.window()
    let least = try #require(window.leastContextRetained)
    #expect(abs(least - 0.6561) < 1e-6)
    let retained = scene.snapshot.counters.retained
    #expect(retained.count == 4)
    #expect(abs(retained.sum - (0.9 + 0.81 + 0.729 + 0.6561)) < 1e-9)
  }

  @Test func `undefined completeness counts as nothing lost`() {
    var scene = Scene()
    chain(["a", "b", "c"], &scene, references: false)
    #expect(scene.snapshot.counters.retained.sum == 2)
    #expect(scene.window().contextRetained == 1)
  }

  @Test func `context is lost along a parent's path as well`() throws {
    var scene = Scene()
    scene.tell(.initiated, "p", at: 0, .from("a"), .to("b"), .references(10, 5))
    scene.tell(.initiated, "c", at: 1, .from("b"), .to("c"), .parent("p"), .references(10, 5))
    #expect(scene.window().leastContextRetained == 0.25)
  }

  @Test func `references told by the receiver complete the chain`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.acknowledged, "h1", at: 1, .references(10, 5))
    scene.tell(.initiated, "h2", at: 2, .from("b"), .to("c"), .task("t"), .references(10, 5))
    #expect(scene.window().leastContextRetained == 0.25)
    #expect(scene.window()[.chained] == 2)
  }

  @Test func `hop depth is as told, else along the path, else 1`() {
    var scene = Scene()
    scene.tell(.initiated, "first", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.acknowledged, "first", at: 1)
    scene.tell(.initiated, "second", at: 2, .from("b"), .to("c"), .task("t"))
    scene.tell(.initiated, "child", at: 3, .from("c"), .to("d"), .parent("second"))
    scene.tell(.initiated, "told", at: 4, .from("x"), .to("y"), .task("t"), .hop(7))
    scene.tell(.initiated, "stranger", at: 5, .from("x"), .to("y"), .task("t"))
    let hops = Dictionary(
      scene.snapshot.active.map { ($0.handoffID, $0.hop) }, uniquingKeysWith: { first, _ in first })
    #expect(hops == ["second": 2, "child": 3, "told": 7, "stranger": 1])
    #expect(scene.window()[.depths] == 5)
    #expect(scene.window()[.depthSum] == 14)
    #expect(scene.window()[.hops] == 7)
  }

  @Test func `only what was delivered carries a path on`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.initiated, "h2", at: 1, .from("b"), .to("c"), .task("t"))
    #expect(scene.snapshot.active.last?.hop == 1)
  }

  @Test func `hop 13 exceeds the limit of 12`() {
    var scene = Scene()
    scene.tell(.initiated, "h12", at: 0, .from("a"), .to("b"), .hop(12))
    #expect(scene.snapshot.counters[.hopLimitExceeded] == 0)
    scene.tell(.initiated, "h13", at: 1, .from("a"), .to("b"), .hop(13))
    #expect(scene.snapshot.counters[.hopLimitExceeded] == 1)
    #expect(scene.window()[.hops] == 13)
  }

  @Test func `an edge travelled twice is a loop, a way back is none`() {
    var scene = Scene()
    for (number, (from, to)) in [("a", "b"), ("b", "a")].enumerated() {
      scene.tell(.initiated, "h\(number)", at: Double(number), .from(from), .to(to), .task("t"))
    }
    #expect(scene.snapshot.counters[.loops] == 0)
    scene.tell(.initiated, "h2", at: 2, .from("a"), .to("b"), .task("t"))
    #expect(scene.snapshot.counters[.loops] == 1)
    #expect(scene.window()[.edgeTravels] == 2)
    // The same edge in another task, or of no task, is none; a third time is another one.
    scene.tell(.initiated, "h3", at: 3, .from("a"), .to("b"), .task("u"))
    scene.tell(.initiated, "h4", at: 4, .from("a"), .to("b"))
    #expect(scene.snapshot.counters[.loops] == 1)
    scene.tell(.initiated, "h5", at: 5, .from("a"), .to("b"), .task("t"))
    #expect(scene.snapshot.counters[.loops] == 2)
    #expect(scene.window()[.edgeTravels] == 3)
  }

  @Test func `sending one handoff again travels no edge`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.initiated, "h", at: 1, .from("a"), .to("b"), .task("t"))
    #expect(scene.snapshot.counters[.loops] == 0)
  }

  @Test func `handoffs of a task are counted when it ends, once`() {
    var scene = Scene()
    chain(["a", "b", "c", "d"], &scene)
    #expect(scene.window().taskHops == nil)
    scene.tell(.taskCompleted, at: 40, .task("t"), .agent("d"))
    scene.tell(.taskFailed, at: 41, .task("t"), .agent("d"))
    #expect(scene.window().taskHops == 3)
    #expect(scene.snapshot.counters.taskHops.count == 1)
  }

  @Test func `or when it is quiet for ten minutes`() {
    var scene = Scene()
    chain(["a", "b", "c"], &scene)
    scene.wait(until: 610)
    #expect(scene.snapshot.counters.taskHops.count == 0)
    scene.wait(until: 611)
    #expect(scene.snapshot.counters.taskHops.sum == 2)
    #expect(scene.window().taskHops == 2)
    scene.tell(.taskCompleted, at: 700, .task("t"))
    #expect(scene.snapshot.counters.taskHops.count == 1)
  }

  @Test func `an escalation is as deep as told, or as the task has seen`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .task("t"))
    scene.tell(.escalated, "h", at: 1)
    #expect(scene.window()[.escalation] == 1)
    scene.tell(.escalated, "h", at: 2)
    #expect(scene.window()[.escalation] == 2)
    scene.tell(.escalated, "h", at: 3, .escalation(#"{"depth": 6, "to": "human"}"#))
    #expect(scene.window()[.escalation] == 6)
    #expect(scene.counters("b")?[.escalated] == 3)
  }
}
