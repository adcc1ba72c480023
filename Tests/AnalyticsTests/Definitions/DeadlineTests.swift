import Analytics
import Model
import Testing

@Suite struct DeadlineTests {
  /// A handoff that is to end within 100 seconds.
  private static func sent() -> Scene {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .task("t"), .deadline(at(100).text))
    return scene
  }

  private func missed(_ scene: Scene) -> UInt64 {
    #expect(UInt64(scene.window()[.deadlinesMissed]) == scene.snapshot.counters[.deadlinesMissed])
    return scene.snapshot.counters[.deadlinesMissed]
  }

  @Test func `a deadline is missed a moment after it is over, once`() {
    var scene = Self.sent()
    scene.tell(.acknowledged, "h", at: 50)
    scene.wait(until: 100.9)
    #expect(missed(scene) == 0)
    scene.wait(until: 101)
    #expect(missed(scene) == 1)
    scene.tell(.completed, "h", at: 110)
    scene.wait(until: 200)
    #expect(missed(scene) == 1)
  }

  @Test(arguments: [EventType.completed, .failed, .cancelled, .rejected, .rolledBack])
  func `what has ended by then has missed nothing`(_ type: EventType) {
    var scene = Self.sent()
    scene.tell(type, "h", at: 100)
    scene.wait(until: 200)
    #expect(missed(scene) == 0)
  }

  @Test func `an end in time that is heard of a moment later counts as in time`() {
    var scene = Self.sent()
    scene.tell(.completed, "h", at: 100.5, occurred: 99)
    scene.wait(until: 200)
    #expect(missed(scene) == 0)
  }

  @Test func `an end that came too late is told at once, in whatever order`() {
    var scene = Scene()
    scene.tell(.completed, "h", at: 120, occurred: 101)
    #expect(missed(scene) == 0)
    scene.tell(.initiated, "h", at: 121, occurred: 1, .from("a"), .to("b"), .deadline(at(100).text))
    #expect(missed(scene) == 1)
  }

  @Test func `who has handed the task on in time has kept it`() {
    var scene = Self.sent()
    scene.tell(.acknowledged, "h", at: 10)
    scene.tell(.initiated, "next", at: 20, .from("b"), .to("c"), .task("t"))
    scene.wait(until: 200)
    #expect(missed(scene) == 0)
  }

  @Test func `the earliest of several counts, and one that is over already is missed at once`() {
    var scene = Self.sent()
    scene.tell(.acknowledged, "h", at: 10, .deadline(at(50).text))
    scene.wait(until: 51)
    #expect(missed(scene) == 1)
    scene.tell(.initiated, "g", at: 60, .from("a"), .to("b"), .deadline(at(20).text))
    scene.wait(until: 61)
    #expect(missed(scene) == 2)
  }

  @Test func `a handoff is validated before it is delivered, or counted`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(.validated, "h1", at: 1, .validation(#"{"results": [{"rule": "r", "passed": true}]}"#))
    scene.tell(.acknowledged, "h1", at: 2)
    scene.tell(.initiated, "h2", at: 3, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h2", at: 4)
    scene.tell(.completed, "h2", at: 5)
    scene.tell(.initiated, "h3", at: 6, .from("a"), .to("b"))
    scene.tell(.rejected, "h3", at: 7)
    #expect(scene.snapshot.counters[.unvalidated] == 1)
  }
}
