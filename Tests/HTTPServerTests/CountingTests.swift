import Glibc
import Platform
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct CountingTests {
  @Test func `a budget gives no more than it has, and takes back`() {
    let budget = ByteBudget(limit: 100)
    #expect(budget.hasRoom(for: 100))
    #expect(!budget.hasRoom(for: 101))
    #expect(!budget.hasRoom(for: .max))
    #expect(budget.take(60))
    #expect(!budget.take(41))
    #expect(budget.take(40))
    budget.give(100)
    #expect(budget.bytes == 0)
  }

  @Test func `a count closes when it is empty, and lets no more in`() {
    let count = RequestCount()
    let time = SystemTime()
    #expect(count.enter())
    #expect(!count.closeWhenEmpty(deadline: time.now() + .milliseconds(10)))
    #expect(count.enter(), "it waits, it does not close")
    count.leave()
    count.leave()
    #expect(count.closeWhenEmpty(deadline: time.now()))
    #expect(!count.enter())
    #expect(count.count == 0)
    #expect(count.closeWhenEmpty(deadline: time.now()))
  }

  @Test func `whoever waits for an empty count is woken by the last that leaves`() throws {
    for _ in 0..<200 {
      let count = RequestCount()
      for _ in 0..<4 { #expect(count.enter()) }
      let lanes = try (0..<4).map { _ in try Lane(name: "leave") { count.leave() } }
      #expect(count.closeWhenEmpty(deadline: SystemTime().now() + .seconds(10)))
      for lane in lanes { lane.join() }
    }
  }

  @Test func `no ring of a bell is lost`() throws {
    let bell = try Bell()
    let work = Work()
    let ringers = try (0..<3).map { _ in
      try Lane(name: "ring") {
        for _ in 0..<20_000 {
          work.todo.add(1, ordering: .relaxed)
          bell.ring()
        }
      }
    }
    var seen = 0
    while seen < 60_000 {
      var socket = pollfd(fd: bell.number, events: Int16(POLLIN), revents: 0)
      try #require(unsafe poll(&socket, 1, 10_000) == 1, "silent at \(seen)")
      bell.hear()
      seen = work.todo.load(ordering: .relaxed)
    }
    for ringer in ringers { ringer.join() }
  }
}

private final class Work: Sendable {
  let todo = Atomic<Int>(0)
}
