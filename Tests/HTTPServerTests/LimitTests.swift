import LoadGenerator
import Platform
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
  @Test func `a declared body that is too large is refused before it is sent`() throws {
    let bench = try Bench()
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 50000000\r\n\r\n")
    let answer = try #require(wire.receive())
    #expect(answer.status == 413)
    #expect(wire.drain() == .closed)
    #expect(bench.server.statistics.handled == 0)
  }

  @Test func `a client that expects to be told to continue is told`() throws {
    let bench = try Bench()
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(wire.receive()?.status == 100)
    wire.send("hi")
    #expect(wire.receive()?.text == "hi")
  }

  @Test(arguments: ["Content-Length: 1048577", "Transfer-Encoding: chunked"])
  func `a body a little too large is read to its end, refused, and the connection goes on`(field: String)
    throws
  {
    let bench = try Bench()
    let wire = try bench.wire()
    let body = String(repeating: "x", count: (1 << 20) + 1)
    let isChunked = field.hasPrefix("T")
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
    wire.send(isChunked ? "100001\r\n\(body)\r\n0\r\n\r\n" : body)
    #expect(wire.receive()?.status == 413)
    // What was declared too large was refused at its head, and its body thrown away only if it was small.
    guard isChunked else { return }
    wire.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(wire.receive()?.text == "x")
    #expect(bench.server.statistics.bytesInFlight == 0)
  }

  @Test func `a body without end is cut off`() throws {
    let bench = try Bench()
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "10000\r\n\(String(repeating: "x", count: 65536))\r\n"
    var sent = 0
    while sent < 1000, wire.send(chunk) { sent += 1 }
    #expect(sent < 1000)
    #expect(bench.waits { $0.connections == 0 && $0.bytesInFlight == 0 })
  }

  @Test func `a resource that takes no body refuses one`() throws {
    let bench = try Bench()
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")?.status == 413)
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")?.status == 200)
  }

  @Test(arguments: [
    (String(repeating: "X: y\r\n", count: 100), 431),
    ("X: \(String(repeating: "y", count: 33_000))\r\n", 431),
    ("X: \(String(repeating: "y", count: 70_000))\r\n", 431),
    (String(repeating: "X: \(String(repeating: "y", count: 90))\r\n", count: 2_000), 431),
  ])
  func `a head that is too large is 431`(fields: String, status: Int) throws {
    let bench = try Bench()
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")?.status == status)
    #expect(bench.server.statistics.handled == 0)
  }

  @Test(arguments: [16_000, 17_000, 50_000, 70_000])
  func `a target that is too large is refused, in our words as long as it fits into the memory`(count: Int)
    throws
  {
    let bench = try Bench()
    let target = String(repeating: "y", count: count)
    let answer = try #require(try bench.answer("GET /at/\(target) HTTP/1.1\r\nHost: a\r\n\r\n"))
    #expect(answer.status == (count < 16_384 ? 200 : 414))
    let isOurs = answer.has("Content-Type: application/problem+json")
    #expect(isOurs == (16_384..<60_000).contains(count))
    #expect(bench.server.statistics.handled == (count < 16_384 ? 1 : 0))
  }

  @Test func `bytes in flight are bounded over all connections`() throws {
    var limits = Bench.limits
    limits.bytesInFlight = 10_000
    let bench = try Bench(limits)
    bench.later.hold()
    let body = String(repeating: "x", count: 4_000)
    let request = "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n\(body)"
    let wires = try (0..<2).map { _ in try bench.wire() }
    for wire in wires { wire.send(request) }
    try #require(Patience.waits { bench.later.waiting == 2 })
    let refused = try #require(try bench.answer(request))
    #expect(refused.status == 503)
    #expect(refused.has("Retry-After: 2"))
    #expect(
      try bench.answer(
        "POST /later HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFA0\r\n\(body)\r\n0\r\n\r\n")?
        .status == 503)
    #expect(bench.server.statistics.bytesInFlight == 8_000)
    bench.later.letGo()
    for wire in wires { #expect(wire.receive()?.body.count == 4_000) }
    #expect(bench.waits { $0.bytesInFlight == 0 })
    #expect(try bench.answer(request)?.status == 200)
    #expect(bench.server.statistics.shed == 2)
  }

  @Test func `connections above the limit are told to come again, and those far above are closed`() throws {
    var limits = Bench.limits
    limits.connections = 20
    let bench = try Bench(limits)
    let wires = try (0..<20).map { _ in try bench.wire() }
    #expect(bench.waits { $0.connections == 20 })
    let surplus = try (0..<4).map { _ in try bench.wire() }
    #expect(bench.waits { $0.connections == 24 })
    #expect(try bench.wire().drain() != .timedOut)
    for wire in surplus {
      wire.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = wire.receive()
      #expect(answer?.status == 503)
      #expect(answer?.has("Retry-After: 2") == true)
      #expect(wire.drain() == .closed)
    }
    for wire in wires {
      wire.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(wire.receive()?.status == 200)
    }
    for wire in wires { wire.close() }
    #expect(bench.waits { $0.connections == 0 })
    #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 200)
  }

  @Test func `the limits of connections follow from the files that may be open`() {
    var limits = HTTPLimits()
    limits.connections = 1000
    #expect(limits.accepted(openFiles: 100_000) == 1100)
    #expect(limits.served(accepted: 1100) == 1000)
    #expect(limits.accepted(openFiles: 264) == 200)
    #expect(limits.served(accepted: 200) == 182)
    #expect(limits.served(accepted: limits.accepted(openFiles: 0)) == 4)
  }
}
