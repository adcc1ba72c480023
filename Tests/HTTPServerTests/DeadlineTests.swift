import HTTPServer
import LoadGenerator
import Platform
import TestSupport
import Testing

@Suite struct DeadlineTests {
  /// Sends `bytes` one at a time, with a pause after each, until the other side has had enough.
  private func trickle(_ bytes: [UInt8], on wire: Wire, pause: Duration = .milliseconds(20)) -> Wire.End? {
    for byte in bytes {
      guard wire.send([byte]) else { return .reset }
      if wire.receive(within: pause) != nil { return nil }
      if let end = wire.end, case .timedOut = end { continue }
      return wire.end
    }
    return nil
  }

  @Test func `a head that drips is cut, however steadily it drips`() throws {
    var limits = Bench.limits
    limits.head = .milliseconds(200)
    let bench = try Bench(limits)
    let wire = try bench.wire()
    let head = Array("GET /at/x HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 400))\r\n\r\n".utf8)
    #expect(trickle(head, on: wire) != nil)
    #expect(bench.waits { $0.cut == 1 })
  }

  @Test func `a connection that says nothing is cut`() throws {
    var limits = Bench.limits
    limits.head = .milliseconds(100)
    let bench = try Bench(limits)
    #expect(try bench.wire().drain() == .closed)
  }

  @Test func `a later head has its own time, and so has the pause before it`() throws {
    var limits = Bench.limits
    limits.head = .milliseconds(200)
    limits.idle = .milliseconds(400)
    let bench = try Bench(limits)
    let wire = try bench.wire()
    wire.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(wire.receive()?.text == "x")
    wire.send("GET /at/x HTTP/1.1\r\n")
    let start = SystemTime().now()
    #expect(trickle(Array(repeating: 120, count: 400), on: wire) != nil)
    #expect(SystemTime().now() - start < .seconds(5))
    let idle = try bench.wire()
    idle.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(idle.receive()?.text == "x")
    #expect(idle.drain() == .closed)
    #expect(bench.waits { $0.cut == 2 })
  }

  @Test func `a body below the least rate is cut`() throws {
    var limits = Bench.limits
    limits.bodyGrace = .milliseconds(200)
    limits.bodyBytesPerSecond = 1000
    let bench = try Bench(limits)
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    #expect(trickle(Array(repeating: 120, count: 400), on: wire) != nil)
    #expect(bench.waits { $0.cut == 1 })
    #expect(bench.waits { $0.requests == 0 && $0.bytesInFlight == 0 && $0.connections == 0 })
  }

  @Test func `a body above the least rate is not cut, but must end`() throws {
    var limits = Bench.limits
    limits.bodyGrace = .milliseconds(50)
    limits.bodyBytesPerSecond = 1
    limits.body = .milliseconds(400)
    let bench = try Bench(limits)
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
    #expect(trickle(Array("abcde".utf8), on: wire) == nil)
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n")
    #expect(trickle(Array(repeating: 120, count: 400), on: wire) != nil)
  }

  @Test func `a client that does not read is cut`() throws {
    var limits = Bench.limits
    limits.sending = .milliseconds(200)
    let bench = try Bench(limits)
    let wire = try bench.wire(receiveBuffer: 4096)
    wire.send("GET /bytes/30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(bench.waits { $0.cut == 1 && $0.requests == 0 && $0.unsent == 1 })
    try #require(Patience.waits { !bench.summaries.isEmpty })
    #expect(bench.summaries.map(\.status) == [nil])
  }

  @Test func `a handler that does not reply in time is answered for`() throws {
    var limits = Bench.limits
    limits.answer = .milliseconds(100)
    let bench = try Bench(limits)
    let wire = try bench.wire()
    wire.send("POST /never HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
    let answer = try #require(wire.receive())
    #expect(answer.status == 503)
    #expect(answer.has("Retry-After: 2"))
    let late = try #require(bench.kept.withLock { $0.popLast() })
    late.send(.text("late"))
    #expect(bench.server.statistics.overdue == 1)
    #expect(bench.server.statistics.ignoredReplies == 1)
    wire.send("GET /at/next HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(wire.receive()?.text == "next")
    #expect(bench.lines.all.contains { $0.contains("cannot answer requests in time") })
  }

  @Test func `clients that leave while they are suspended are forgotten at the latest when their time is up`()
    throws
  {
    var limits = Bench.limits
    limits.answer = .milliseconds(300)
    let bench = try Bench(limits)
    for index in 0..<50 {
      let wire = try bench.wire()
      wire.send("POST /never HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
      #expect(bench.waits { $0.handled == index + 1 })
      if index % 2 == 0 { wire.reset() } else { wire.close() }
    }
    #expect(bench.waits { $0.connections == 0 && $0.requests == 0 && $0.bytesInFlight == 0 })
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "x")
  }

  @Test func `300 dripping connections are cut while others are served`() throws {
    var limits = Bench.limits
    limits.head = .milliseconds(300)
    let bench = try Bench(limits)
    let dripping = try (0..<300).map { _ in
      let wire = try bench.wire()
      wire.send("GET /at/x HTTP/1.1\r\nX: ")
      return wire
    }
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "x")
    #expect(
      Patience.waits {
        for wire in dripping where wire.end == nil { wire.send("y") }
        return bench.server.statistics.cut >= 300
      })
    #expect(bench.waits { $0.connections == 0 })
  }
}
