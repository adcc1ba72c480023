import HTTPServer
import LoadGenerator
import Platform
import TestSupport
import Testing

@Suite(.serialized) struct HostileTests {
  private var limits: HTTPLimits {
    var limits = Bench.limits
    (limits.head, limits.idle, limits.bodyGrace) = (
      .milliseconds(300), .milliseconds(300), .milliseconds(300)
    )
    (limits.body, limits.answer, limits.sending) = (.seconds(1), .seconds(1), .seconds(1))
    return limits
  }

  private func abuse(_ bench: Bench, rounds: Int) throws {
    let port = try #require(bench.server.boundAddresses[0].split(separator: ":").last.flatMap { UInt16($0) })
    for _ in 0..<rounds {
      let sockets = try Abuse.all(get: "/at/x", post: "/later").map { try $0.play(on: .port(port)) }
      #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "x")
      withExtendedLifetime(sockets) {}
    }
    #expect(bench.waits { $0.connections == 0 && $0.requests == 0 && $0.bytesInFlight == 0 })
  }

  @Test func `a thousand hostile requests leave the server serving, its memory flat and nothing open`() throws
  {
    let bench = try Bench(limits)
    try abuse(bench, rounds: 20)
    Allocator.trim()
    let before = ProcessSample.now()
    try abuse(bench, rounds: 63)
    Allocator.trim()
    let after = ProcessSample.now()
    #expect(bench.server.statistics.accepted > 1000 + 300)
    // Other suites run beside this one in the same process, so "flat" has much room here; the sidecar's own suite
    // looks at a process that does nothing else.
    #expect(after.residentBytes < before.residentBytes + (256 << 20))
    #expect(bench.lines.all.count < 2_000)
    #expect(try bench.answer("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")?.text == "hi")
  }
}
