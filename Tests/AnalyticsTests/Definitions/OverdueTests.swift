import Analytics
import Model
import Testing

@Suite struct OverdueTests {
  @Test func `unacknowledged past the timeout is overdue, and not by a moment before`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.wait(until: 29.999)
    #expect(scene.snapshot.overdueCount == 0)
    scene.wait(until: 30)
    #expect(scene.snapshot.overdueCount == 1)
    #expect(scene.agent("b")?.overdue == 1)
    #expect(scene.snapshot.active.first?.isOverdue == true)
    scene.tell(.acknowledged, "h", at: 31)
    #expect(scene.snapshot.overdueCount == 0)
    #expect(scene.snapshot.activeCount == 1)
  }

  @Test(arguments: [EventType.rejected, .failed, .cancelled, .parked, .completed])
  func `what has ended is not overdue`(_ type: EventType) {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.wait(until: 40)
    scene.tell(type, "h", at: 41)
    #expect(scene.snapshot.overdueCount == 0)
    #expect(scene.agent("b")?.overdue == 0)
  }

  @Test func `prepared and not sent is never overdue`() {
    var scene = Scene()
    scene.tell(.prepared, "h", at: 0, .from("a"), .to("b"))
    scene.wait(until: 1000)
    #expect(scene.snapshot.overdueCount == 0)
    #expect(scene.snapshot.activeCount == 1)
  }

  @Test func `sent again, the time begins anew`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    scene.tell(.initiated, "h", at: 20)
    scene.wait(until: 49)
    #expect(scene.snapshot.overdueCount == 0)
    scene.wait(until: 50)
    #expect(scene.snapshot.overdueCount == 1)
    scene.tell(.replayed, "h", at: 51)
    #expect(scene.snapshot.overdueCount == 0)
    scene.wait(until: 81)
    #expect(scene.snapshot.overdueCount == 1)
  }

  @Test func `what was sent long before it was received is overdue a second later`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 100, occurred: 40, .from("a"), .to("b"))
    #expect(scene.snapshot.overdueCount == 0)
    scene.wait(until: 101)
    #expect(scene.snapshot.overdueCount == 1)
  }

  @Test func `a clock that is ahead does not put it off`() {
    var scene = Scene()
    scene.tell(.initiated, "h", at: 0, occurred: 300, .from("a"), .to("b"))
    scene.wait(until: 30)
    #expect(scene.snapshot.overdueCount == 1)
  }

  @Test func `with a database it is looked up first`() {
    var scene = Scene()
    scene.analytics.setReach(.reachable, at: at(0))
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(.initiated, "h2", at: 0, .from("a"), .to("b"))
    scene.wait(until: 31)
    #expect(scene.snapshot.overdueCount == 0)
    let ids = scene.analytics.takeUnconfirmed(most: 10)
    #expect(ids == [Array("h1".utf8), Array("h2".utf8)])
    #expect(scene.analytics.takeUnconfirmed(most: 10).isEmpty)
    scene.tell(.acknowledged, "h1", at: 31)
    scene.analytics.confirm(ids, at: at(32))
    #expect(scene.snapshot.active.filter(\.isOverdue).map(\.handoffID) == ["h2"])
  }

  @Test func `without one, only receivers that have answered here are called overdue`() {
    var scene = Scene()
    scene.deliver("h0", at: 0, to: "known")
    scene.analytics.setReach(.away, at: at(2))
    scene.tell(.initiated, "h1", at: 2, .from("a"), .to("known"))
    scene.tell(.initiated, "h2", at: 2, .from("a"), .to("stranger"))
    scene.wait(until: 40)
    #expect(scene.agent("known")?.overdue == 1)
    #expect(scene.agent("stranger")?.overdue == 0)
    // Nor does a stranger time out: nothing is known of it.
    scene.wait(until: 700)
    #expect(scene.counters("known")?[finished: .timeout] == 1)
    #expect(scene.counters("stranger")?[finished: .timeout] == 0)
    scene.analytics.setReach(.reachable, at: at(701))
    #expect(scene.analytics.takeUnconfirmed(most: 10) == [Array("h2".utf8)])
    scene.analytics.confirm([Array("h2".utf8)], at: at(702))
    #expect(scene.agent("stranger")?.overdue == 1)
    scene.wait(until: 703)
    #expect(scene.counters("stranger")?[finished: .timeout] == 1)
  }
}
