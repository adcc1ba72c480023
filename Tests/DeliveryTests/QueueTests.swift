import Alerts
import Model
import Platform
import TestSupport
import Testing

@testable import Delivery

/// What waits for one receiver, and in which order it goes.
struct QueueTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
  private let wall = Timestamp(microseconds: 1_790_000_000_000_000)

  private func notice(_ id: String, _ fingerprints: UInt64...) -> QueuedNotice {
    QueuedNotice(id: id, receiver: "r", fingerprints: fingerprints, body: Array(id.utf8), decidedAt: wall)
  }

  private func queue(most: Int = 100) -> DeliveryQueue {
    DeliveryQueue(givesUpAfter: .seconds(3600), most: most)
  }

  @Test func `the end of an alert waits for its beginning, and other alerts do not`() {
    var queue = queue()
    var random = SeededRandom(seed: 1)
    let (firing, resolved, other) = (notice("f", 1), notice("r", 1), notice("o", 2))
    for notice in [firing, resolved, other] { queue.add(notice, at: start) }
    #expect(queue.next(at: start, wall: wall) == .attempt(firing))
    queue.putOff("f", at: start, asked: nil, random: &random)
    #expect(queue.next(at: start, wall: wall) == .attempt(other))
    queue.remove("o")
    guard case .wait(let until?) = queue.next(at: start, wall: wall) else {
      Issue.record("it does not wait")
      return
    }
    #expect(until > start + .milliseconds(799) && until < start + .milliseconds(1201))
    #expect(queue.next(at: until, wall: wall) == .attempt(firing))
    queue.remove("f")
    #expect(queue.next(at: until, wall: wall) == .attempt(resolved))
  }

  @Test func `pauses double up to a minute, and longer if the receiver asks`() {
    var queue = queue()
    var random = SeededRandom(seed: 2)
    queue.add(notice("a", 1), at: start)
    var now = start
    for pause in [1.0, 2, 4, 8, 16, 32, 60, 60] {
      queue.putOff("a", at: now, asked: nil, random: &random)
      guard case .wait(let until?) = queue.next(at: now, wall: wall) else { return }
      let seconds = (until - now) / .seconds(1)
      #expect(seconds >= pause * 0.79 && seconds <= pause * 1.21)
      now = until
    }
    queue.putOff("a", at: now, asked: .seconds(120), random: &random)
    #expect(queue.next(at: now, wall: wall) == .wait(until: now + .seconds(120)))
    queue.putOff("a", at: now, asked: .seconds(86_400), random: &random)
    #expect(queue.next(at: now, wall: wall) == .wait(until: now + .seconds(600)))
  }

  @Test func `what was tried for an hour is given up, what was never tried is not`() {
    var queue = queue()
    var random = SeededRandom(seed: 3)
    let old = notice("a", 1)
    queue.add(old, at: start)
    let later = Timestamp(microseconds: wall.microseconds + 3_600_000_000)
    #expect(queue.next(at: start, wall: later) == .attempt(old))
    queue.putOff("a", at: start, asked: nil, random: &random)
    #expect(queue.next(at: start, wall: later) == .giveUp(old, .expired))
  }

  @Test func `it is bounded, and the same notification is one`() {
    var queue = queue(most: 2)
    for id in ["a", "b", "a", "b"] { queue.add(notice(id, 1), at: start) }
    #expect(queue.count == 2)
    queue.add(notice("c", 1), at: start)
    #expect(queue.next(at: start, wall: wall) == .giveUp(notice("a", 1), .other))
  }
}
