import Platform
import Synchronization
import Testing

struct LaneTests {
  @Test func `a lane runs beside its maker and can be waited for by many`() throws {
    let gate = Gate(0)
    let lane = try Lane(name: "a lane with a long name") { gate.withLock { $0 = 1 } }
    let other = try Lane(name: "waits") {
      lane.join()
      gate.withLock { $0 += 1 }
    }
    lane.join()
    lane.join()
    other.join()
    #expect(gate.withLock { $0 } == 2)
  }

  @Test func `what is guarded is one lane's at a time, and others can see that it is taken`() throws {
    let count = Guarded(0)
    let lanes = try (0..<4).map { _ in
      try Lane(name: "counts") { for _ in 0..<1_000 { count.withLock { $0 += 1 } } }
    }
    for lane in lanes { lane.join() }
    #expect(count.withLock { $0 } == 4_000)
    let whileTaken = count.withLock { _ in count.withLockIfAvailable { $0 } }
    #expect(whileTaken == nil)
    #expect(count.withLockIfAvailable { $0 } == 4_000)
  }

  @Test func `a lane bears its name, cut to fifteen bytes`() throws {
    let gate = Gate("")
    let lane = try Lane(name: "handoffd-commit-lane") {
      let bytes = try? FileDescriptor.open("/proc/thread-self/comm", .read).readToEnd(limit: 100)
      gate.withLock { $0 = String(decoding: bytes ?? [], as: UTF8.self) }
    }
    lane.join()
    #expect(gate.withLock { $0 } == "handoffd-commit\n")
  }

  @Test func `a gate wakes the one that waits when the state is right`() throws {
    let gate = Gate<[Int]>([])
    let lane = try Lane(name: "producer") {
      for number in 1...3 {
        gate.withLock { $0.append(number) }
        gate.signal()
      }
    }
    let three = gate.wait(until: soon()) { $0.count == 3 ? $0 : nil }
    #expect(three == [1, 2, 3])
    lane.join()
  }

  @Test func `a gate gives up at the deadline`() {
    let gate = Gate(0)
    let start = SystemTime().now()
    let nothing: Int? = gate.wait(until: start + .milliseconds(30)) { $0 == 1 ? $0 : nil }
    #expect(nothing == nil)
    #expect(SystemTime().now() - start >= .milliseconds(30))
    let never: Int? = gate.wait(until: .distantPast) { _ in nil }
    #expect(never == nil)
  }

  @Test func `an error leaves the gate unlocked`() {
    let gate = Gate(0)
    #expect(throws: CancellationError.self) { try gate.withLock { _ in throw CancellationError() } }
    #expect(gate.withLock { $0 } == 0)
  }

  @Test func `what can wait gives way while somebody has the right of way, and to nobody else`() throws {
    let way = RightOfWay()
    way.giveWay(until: .distantFuture)
    let order = Guarded<[String]>([])
    var follower: Lane?
    try way.hold {
      way.hold {}
      follower = try Lane(name: "follows") {
        way.giveWay(until: .distantFuture)
        order.withLock { $0.append("follower") }
      }
      order.withLock { $0.append("holder") }
    }
    follower?.join()
    #expect(order.withLock { $0 } == ["holder", "follower"])
  }

  @Test func `it gives way until its deadline at most`() {
    let way = RightOfWay()
    let start = SystemTime().now()
    way.hold { way.giveWay(until: start + .milliseconds(30)) }
    #expect(SystemTime().now() - start >= .milliseconds(30))
  }

  @Test func `whom a round wakes is woken once, at its end, and outside of one at once`() {
    let (sleeper, other) = (Sleeper(), Sleeper())
    Round.wake(sleeper)
    #expect(sleeper.wakings == 1)
    let round = Round()
    for turn in 1...2 {
      let seen = round.run {
        for _ in 0..<3 { Round.wake(sleeper) }
        Round.wake(other)
        return sleeper.wakings
      }
      #expect(seen == turn)
      #expect(sleeper.wakings == turn + 1)
      #expect(other.wakings == turn)
    }
  }

  @Test func `a round that fails wakes all the same, and is nobody else's`() throws {
    let sleeper = Sleeper()
    #expect(throws: CancellationError.self) {
      try Round().run {
        Round.wake(sleeper)
        try Lane(name: "in no round") { Round.wake(sleeper) }.join()
        #expect(sleeper.wakings == 1)
        throw CancellationError()
      }
    }
    #expect(sleeper.wakings == 2)
  }

  @Test func `one that gives way misses no end of what it waits for`() throws {
    let way = RightOfWay()
    let hasEnded = Atomic(false)
    let holder = try Lane(name: "holds") {
      for _ in 0..<20_000 { way.hold {} }
      hasEnded.store(true, ordering: .releasing)
    }
    // A signal that was missed would be waited for here for ever.
    while !hasEnded.load(ordering: .acquiring) { way.giveWay(until: .distantFuture) }
    holder.join()
  }
}

private final class Sleeper: Wakeable {
  private let count = Atomic(0)

  var wakings: Int { count.load(ordering: .relaxed) }

  func wake() { count.add(1, ordering: .relaxed) }
}
