import HTTPServer
import LoadGenerator
import Platform
import TestSupport
import Testing

@Suite struct ShutdownTests {
  private func soon(_ wait: Duration = .seconds(10)) -> MonotonicInstant {
    SystemTime().now() + wait * Sanitizer.slowness
  }

  @Test func `a drain waits for what is suspended, and every answer reaches its client`() throws {
    let bench = try Bench()
    bench.later.hold()
    let wires = try (0..<200).map { index in
      let wire = try bench.wire()
      wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\(100 + index)")
      return wire
    }
    try #require(Patience.waits { bench.later.waiting == 200 })
    let (server, soon) = (bench.server, soon())
    let isDrained = Gate<Bool?>(nil)
    let lane = try Lane(name: "drain") {
      let done = server.drain(deadline: soon)
      server.stop()
      isDrained.withLock { $0 = done }
    }
    try #require(Patience.waits { (try? bench.wire()) == nil })
    bench.later.letGo()
    for (index, wire) in wires.enumerated() {
      let answer = wire.receive()
      #expect(answer?.text == "\(100 + index)")
      #expect(answer?.has("Connection: close") == true)
    }
    lane.join()
    #expect(isDrained.withLock { $0 } == true)
  }

  @Test(arguments: 0..<5)
  func `a drain under load loses no reply`(round: Int) throws {
    let bench = try Bench()
    let body =
      "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n" + String(repeating: "x", count: 200)
    let load = try LoadGenerator(
      to: bench.server.boundAddresses[0], connections: 64, requests: [Array(body.utf8)], count: 1_000_000)
    let report = Gate<LoadReport?>(nil)
    let running = Handed(load)
    let lane = try Lane(name: "load") {
      let done = running.take()?.run(patience: .seconds(2))
      report.withLock { $0 = done }
    }
    #expect(bench.waits { $0.handled > 500 + round * 100 })
    #expect(bench.server.drain(deadline: soon()))
    bench.server.stop()
    lane.join()
    let answers = try #require(report.withLock { $0 })
    // What the handler was given was answered, and each answer came through.
    #expect(answers.statuses[200] == bench.later.answered)
    #expect(bench.server.statistics.handled == bench.later.answered)
    #expect(answers.statuses.keys.allSatisfy { $0 == 200 || $0 == 503 })
  }

  @Test func `what is not answered when the drain's time is up gets 503`() throws {
    let bench = try Bench()
    let wires = try (0..<20).map { _ in
      let wire = try bench.wire()
      wire.send("POST /never HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
      return wire
    }
    try #require(Patience.waits { bench.kept.withLock { $0.count } == 20 })
    #expect(!bench.server.drain(deadline: soon(.milliseconds(50))))
    bench.server.stop()
    for wire in wires { #expect(wire.receive()?.status == 503) }
    for reply in bench.kept.withLock({ $0 }) { reply.send(.text("after the end")) }
    #expect(bench.server.statistics.ignoredReplies == 20)
  }

  @Test func `stopping cuts what is half said`() throws {
    let bench = try Bench()
    let head = try bench.wire()
    head.send("GET /at/x HT")
    let body = try bench.wire()
    body.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
    let slow = try bench.wire(receiveBuffer: 4096)
    slow.send("GET /bytes/30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(bench.waits { $0.connections == 3 && $0.requests == 2 && $0.bytesInFlight == 3 })
    bench.server.stop()
    #expect(head.drain() != .timedOut)
    #expect(body.drain() != .timedOut)
    #expect(bench.server.statistics.connections == 0)
    #expect(bench.server.statistics.bytesInFlight == 0)
  }

  @Test func `after a stop the address is free and nobody answers`() throws {
    let bench = try Bench()
    let address = bench.server.boundAddresses[0]
    bench.server.stop()
    bench.server.stop()
    #expect(throws: SystemError.self) { try Wire(to: address) }
    let again = try HTTPServer(addresses: [address], handler: Router([]), log: .silent)
    #expect(again.boundAddresses == [address])
    again.stop()
  }

  @Test func `servers come and go without leaving anything behind`() throws {
    let threads = ProcessSample.now().threads
    for _ in 0..<20 {
      let bench = try Bench()
      #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "x")
    }
    // Other tests have servers of their own.
    #expect(ProcessSample.now().threads < threads + 60)
  }
}

/// Hands something to another lane, once.
///
/// `@unchecked Sendable` because whoever takes it is the only one that has it.
final class Handed<Value>: @unchecked Sendable {
  private let isTaken = Gate(false)
  private let value: Value

  init(_ value: Value) { self.value = value }

  func take() -> Value? {
    let isFirst = isTaken.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
    return isFirst ? value : nil
  }
}
