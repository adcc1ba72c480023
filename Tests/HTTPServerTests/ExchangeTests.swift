import HTTPServer
import LoadGenerator
import Platform
import Testing

@Suite struct ExchangeTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test func `a request that is answered in the handler`() throws {
    let answer = try #require(
      try bench.answer("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"))
    #expect(answer.status == 200)
    #expect(answer.text == "{}")
    #expect(answer.has("Content-Type: application/json"))
    #expect(answer.has("X-Content-Type-Options: nosniff"))
    #expect(answer.has("Cache-Control: no-store"))
  }

  @Test func `a request that is answered by another lane`() throws {
    let wire = try bench.wire()
    for index in 0..<100 {
      wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\(100 + index)")
      let answer = try #require(wire.receive())
      #expect(answer.text == "\(100 + index)")
    }
    #expect(bench.server.statistics.accepted == 1)
  }

  @Test func `a body comes in chunks`() throws {
    let answer = try bench.answer(
      "POST /later HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    )
    #expect(answer?.text == "abcde")
  }

  @Test(arguments: [1, 4095, 200_000, 1 << 20, 8 << 20])
  func `a body arrives as it was sent`(size: Int) throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let wire = try bench.wire()
    wire.send(Array("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n".utf8) + body)
    #expect(wire.receive()?.body == body)
  }

  @Test func `pipelined requests are answered in their order, though each is suspended`() throws {
    let wire = try bench.wire()
    wire.send(
      (0..<50).map { "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\($0 + 10)" }.joined())
    for index in 0..<50 { #expect(wire.receive()?.text == "\(index + 10)") }
  }

  @Test func `a client that has closed its half still gets its answer`() throws {
    let wire = try bench.wire()
    wire.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
    wire.finishSending()
    #expect(wire.receive()?.text == "hi")
    #expect(wire.drain() == .closed)
  }

  @Test func `a connection that its client has left is closed, whenever that was said`() throws {
    for request in [
      "GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
    ] {
      for _ in 0..<50 {
        let early = try bench.wire()
        early.send(request)
        early.finishSending()
        #expect(early.receive()?.text == "x")
        #expect(early.drain() == .closed)
        let late = try bench.wire()
        late.send(request)
        #expect(late.receive()?.text == "x")
        late.finishSending()
        #expect(late.drain() == .closed)
      }
    }
    #expect(bench.waits { $0.connections == 0 })
  }

  @Test func `HEAD is GET without the body`() throws {
    let wire = try bench.wire()
    wire.send("HEAD /bytes/5 HTTP/1.1\r\nHost: a\r\n\r\n")
    let head = try #require(wire.receive(isHead: true))
    #expect(head.status == 200)
    #expect(head.has("Content-Length: 5"))
    wire.send("GET /bytes/5 HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(wire.receive()?.text == "xxxxx")
  }

  @Test func `a reply that is dropped answers 500`() throws {
    let answer = try bench.answer("POST /dropped HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    #expect(answer?.status == 500)
    #expect(answer?.has("Content-Type: application/problem+json") == true)
  }

  @Test func `a second reply is ignored and counted`() throws {
    let wire = try bench.wire()
    wire.send("POST /never HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    try #require(Patience.waits { bench.kept.withLock { $0.count } == 1 })
    let reply = try #require(bench.kept.withLock { $0.popLast() })
    reply.send(.text("first"))
    reply.send(.text("second"))
    #expect(wire.receive()?.text == "first")
    #expect(bench.server.statistics.ignoredReplies == 1)
  }
}
