import HTTPServer
import LoadGenerator
import Platform
import Testing

@Suite(.serialized) struct HostileTests {
  /// Kinds of abuse; each opens a connection and leaves it to the server.
  private enum Abuse: CaseIterable {
    case slowHead, slowBody, oversize, endless, fieldBomb, longField, longTarget, smuggling, nul, garbage
    case hangUp, reset, halfBody, silence, expectation, deep

    func play(on wire: Wire) {
      switch self {
      case .slowHead: wire.send("GET /at/x HTTP/1.1\r\nX")
      case .slowBody: wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nx")
      case .oversize: wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nxxxx")
      case .endless:
        wire.send("POST /later HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "20000\r\n\(String(repeating: "x", count: 131_072))\r\n"
        for _ in 0..<40 where !wire.send(chunk) { return }
      case .fieldBomb: wire.send("GET /at/x HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 20_000))
      case .longField: wire.send("GET /at/x HTTP/1.1\r\nA: " + String(repeating: "b", count: 300_000))
      case .longTarget: wire.send("GET /" + String(repeating: "b", count: 300_000))
      case .smuggling:
        wire.send(
          "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x"
        )
      case .nul: wire.send("GET /at/x%00 HTTP/1.1\r\nHost: a\u{0}\r\n\r\n")
      case .garbage: wire.send((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) })
      case .hangUp:
        wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        wire.close()
      case .reset:
        wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        wire.reset()
      case .halfBody:
        wire.send(
          "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n\(String(repeating: "x", count: 100_000))"
        )
        wire.close()
      case .silence: break
      case .expectation:
        wire.send("POST /later HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 500000\r\n\r\n")
      case .deep: wire.send("GET \(String(repeating: "/..%2f", count: 3_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
      }
    }
  }

  private var limits: HTTPLimits {
    var limits = Bench.limits
    (limits.head, limits.idle, limits.bodyGrace) = (
      .milliseconds(300), .milliseconds(300), .milliseconds(300)
    )
    (limits.body, limits.answer, limits.sending) = (.seconds(1), .seconds(1), .seconds(1))
    return limits
  }

  private func abuse(_ bench: Bench, rounds: Int) throws {
    for _ in 0..<rounds {
      let wires = try Abuse.allCases.map { abuse in
        let wire = try bench.wire()
        abuse.play(on: wire)
        return wire
      }
      #expect(try bench.answer("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "x")
      withExtendedLifetime(wires) {}
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
    // Other suites run beside this one in the same process, so "flat" has much room
    #expect(after.residentBytes < before.residentBytes + (256 << 20))
    #expect(bench.lines.all.count < 2_000)
    #expect(try bench.answer("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")?.text == "hi")
  }
}
