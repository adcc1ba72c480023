import Analytics
import Model
import Testing

/// Two sidecars on one database: each folds what it received, and is told what the other committed.
private struct Pair {
  var sender = Scene()
  var receiver = Scene()
  var database = Database()

  init() {
    receiver.teller.name = "elsewhere"
    sender.analytics.setReach(.reachable, at: at(0))
    receiver.analytics.setReach(.reachable, at: at(0))
  }

  mutating func commit() {
    for line in sender.lines { database.commit(line) }
    for line in receiver.lines { database.commit(line) }
  }

  /// What each does every second.
  mutating func refresh(_ id: String, at seconds: Double) {
    guard let known = database.handoff(id) else { return }
    sender.analytics.refresh([known], at: at(seconds))
    receiver.analytics.refresh([known], at: at(seconds))
    sender.wait(until: seconds)
    receiver.wait(until: seconds)
  }
}

@Suite struct SidecarTests {
  @Test func `an initiation seen here and its acknowledgement seen there meet, once`() throws {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.receiver.tell(.acknowledged, "h", at: 2, .to("b"))
    pair.commit()
    pair.refresh("h", at: 3)
    // The receiver's commit came second, and completed the pair.
    let known = try #require(pair.database.handoff("h"))
    pair.receiver.analytics.complete(.acknowledgement, of: known, at: at(3))
    pair.receiver.analytics.complete(.acknowledgement, of: known, at: at(3))
    pair.refresh("h", at: 4)
    #expect(pair.sender.counters("b")?.acknowledgement.count == 0)
    #expect(pair.receiver.counters("b")?.acknowledgement.count == 1)
    #expect(pair.receiver.counters("b")?.acknowledgement.sum == 2)
    #expect(pair.receiver.window()[.acknowledgements] == 1)
    #expect(pair.sender.window()[.acknowledgements] == 0)
    // Delivered once, at the sidecar that received it.
    #expect(pair.receiver.counters("b")?[finished: .delivered] == 1)
    #expect(pair.sender.counters("b")?[finished: .delivered] == 0)
    // Nobody calls it overdue.
    pair.sender.wait(until: 60)
    pair.receiver.wait(until: 60)
    #expect(pair.sender.analytics.takeUnconfirmed(most: 9).isEmpty)
    #expect(pair.receiver.analytics.takeUnconfirmed(most: 9).isEmpty)
    #expect(pair.sender.snapshot.active.first?.state == .acknowledged)
  }

  @Test func `the sender's commit may be the one that completes the pair`() throws {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.receiver.tell(.acknowledged, "h", at: 2, .to("b"))
    pair.commit()
    pair.refresh("h", at: 3)
    let known = try #require(pair.database.handoff("h"))
    pair.sender.analytics.complete([.acknowledgement, .duration], of: known, at: at(3))
    #expect(pair.sender.counters("b")?.acknowledgement.sum == 2)
    #expect(pair.sender.counters("b")?.duration.count == 0)
    #expect(pair.receiver.counters("b")?.acknowledgement.count == 0)
  }

  @Test func `a duration of two halves is observed by the completing commit`() throws {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.receiver.tell(.completed, "h", at: 5, .to("b"))
    pair.commit()
    pair.refresh("h", at: 6)
    let known = try #require(pair.database.handoff("h"))
    pair.receiver.analytics.complete(.duration, of: known, at: at(6))
    #expect(pair.receiver.counters("b")?.duration.sum == 5)
    #expect(pair.sender.counters("b")?.duration.count == 0)
    #expect(pair.sender.snapshot.activeCount == 0)
    pair.sender.tell(.validated, "h", at: 7)
    #expect(pair.sender.counters("b")?.duration.count == 0)
  }

  @Test func `where both halves came here, a completing commit adds nothing`() throws {
    var scene = Scene()
    scene.deliver("h", at: 0)
    var database = Database()
    for line in scene.lines { database.commit(line) }
    let known = try #require(database.handoff("h"))
    scene.analytics.complete([.acknowledgement, .duration], of: known, at: at(2))
    #expect(scene.counters("b")?.acknowledgement.count == 1)
  }

  @Test func `an acknowledgement elsewhere ends the row here, once`() {
    var pair = Pair()
    for number in 0..<2 { pair.sender.exhaust("x\(number)", at: Double(number) * 2) }
    pair.sender.tell(.initiated, "h", at: 10, .from("a"), .to("b"))
    pair.receiver.tell(.acknowledged, "h", at: 11)
    pair.commit()
    pair.refresh("h", at: 12)
    #expect(pair.sender.agent("b")?.failuresInARow == 0)
    pair.sender.exhaust("x3", at: 13)
    pair.refresh("h", at: 15)
    pair.refresh("h", at: 16)
    #expect(pair.sender.agent("b")?.failuresInARow == 1)
  }

  @Test func `the name of a target comes from the other half`() {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.receiver.tell(.acknowledged, "h", at: 2)
    pair.commit()
    pair.refresh("h", at: 3)
    #expect(pair.receiver.counters("b")?[finished: .delivered] == 1)
    #expect(pair.receiver.agent("b")?.received == 1)
  }

  @Test func `what has ended elsewhere is neither active nor overdue here`() {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.sender.wait(until: 31)
    pair.receiver.tell(.rejected, "h", at: 32, .to("b"))
    pair.commit()
    let ids = pair.sender.analytics.takeUnconfirmed(most: 9)
    #expect(ids == [Array("h".utf8)])
    pair.refresh("h", at: 33)
    pair.sender.analytics.confirm(ids, at: at(33))
    #expect(pair.sender.snapshot.overdueCount == 0)
    #expect(pair.sender.snapshot.activeCount == 0)
    #expect(pair.sender.counters("b")?[finished: .rejected] == 0)
    pair.sender.wait(until: 900)
    #expect(pair.sender.counters("b")?[finished: .timeout] == 0)
  }

  @Test func `a pair of which nothing is known here any more is observed all the same`() throws {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    pair.receiver.tell(.acknowledged, "h", at: 2, .to("b"))
    pair.commit()
    var other = Scene()
    other.analytics.complete(.acknowledgement, of: try #require(pair.database.handoff("h")), at: at(3))
    #expect(other.counters("b")?.acknowledgement.sum == 2)
    #expect(other.counters("b")?[finished: .delivered] == 0)
    #expect(other.counters("b")?[started: .other] == 0)
  }

  @Test func `after a restart, what others saw is known and counted nowhere`() {
    var pair = Pair()
    pair.sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"))
    for line in pair.sender.lines { pair.database.commit(line) }
    pair.receiver.tell(.acknowledged, "h", at: 2, .to("b"))
    for line in pair.receiver.lines { pair.database.commit(line, isHere: false) }
    var restarted = Scene()
    restarted.analytics.restore(pair.database.seed(at: at(5)))
    restarted.wait(until: 60)
    #expect(restarted.snapshot.active.first?.state == .acknowledged)
    #expect(restarted.snapshot.overdueCount == 0)
    #expect(restarted.window()[.delivered] == 0)
    #expect(restarted.window()[.started] == 1)
  }
}
