import HTTPServer
import Platform
import TestSupport
import Testing

/// Bodies that are made while they are sent.
@Suite struct StreamTests {
  /// A server whose only answer is a body made by a lane.
  private final class Maker: Sendable {
    let server: HTTPServer
    let port: UInt16
    private let lanes = Guarded<[Lane]>([])

    init(
      _ limits: HTTPLimits = Bench.limits, capacity: Int = 1 << 16,
      _ make: @escaping @Sendable (BodyStream) -> Void
    ) throws {
      let started = lanes
      let router = Router([
        Route("GET", "/made") { _, reply in
          let stream = BodyStream(capacity: capacity)
          let lane = try? Lane(name: "maker") {
            reply.send(.streamed(stream, contentType: "text/plain"))
            make(stream)
          }
          if let lane { started.withLock { $0.append(lane) } }
        }
      ])
      server = try HTTPServer(
        addresses: ["127.0.0.1:0"], limits: limits, handler: router, log: Log(level: .error, sink: { _ in }))
      port = server.boundAddresses.first.flatMap { UInt16($0.drop { $0 != ":" }.dropFirst()) } ?? 0
    }

    func join() { for lane in lanes.withLock({ $0 }) { lane.join() } }

    deinit { server.stop() }
  }

  private static var soon: MonotonicInstant { SystemTime().now() + .seconds(10) * Sanitizer.slowness }

  private static func piece(_ number: Int) -> [UInt8] {
    Array(String(repeating: "\(number % 10)", count: 1 + number * 37 % 5_000).utf8)
  }

  @Test(arguments: [0, 1, 2, 500])
  func `a body arrives as it was made, whatever its pieces`(_ count: Int) throws {
    let maker = try Maker { stream in
      for number in 0..<count { #expect(stream.write(Self.piece(number), until: Self.soon)) }
      stream.finish()
    }
    let connection = try HTTPConnection(.port(maker.port))
    for _ in 0..<3 {
      let answer = try connection.get("/made")
      #expect(answer.status == 200)
      #expect(answer["transfer-encoding"] == "chunked")
      #expect(answer.body == (0..<count).flatMap { Self.piece($0) })
    }
    maker.join()
    #expect(maker.server.statistics.accepted == 1)
  }

  @Test func `a client of HTTP 1.0 gets it until the end of the connection`() throws {
    let maker = try Maker { stream in
      #expect(stream.write(Array("all".utf8), until: Self.soon))
      stream.finish()
    }
    let bytes = try RawHTTP.exchange(.port(maker.port), Array("GET /made HTTP/1.0\r\nHost: a\r\n\r\n".utf8))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasSuffix("\r\n\r\nall"), "\(text)")
    maker.join()
  }

  @Test func `a slow maker keeps nobody waiting, and its client gets every piece at once`() throws {
    let step = Gate(0)
    let maker = try Maker { stream in
      for number in 1...20 {
        _ = step.wait(until: Self.soon) { $0 >= number ? true : nil }
        #expect(stream.write(Array("\(number);".utf8), until: Self.soon))
      }
      stream.finish()
    }
    let socket = try Socket.connect(to: .port(maker.port))
    socket.send(Array("GET /made HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    var text = ""
    for number in 1...20 {
      step.withLock { $0 = number }
      step.broadcast()
      while !text.contains("\(number);") {
        let bytes = try #require(socket.receive(until: Self.soon))
        try #require(!bytes.isEmpty)
        text += String(decoding: bytes, as: UTF8.self)
      }
    }
    maker.join()
  }

  @Test func `a maker waits for its client, so that only so much is held`() throws {
    let written = Guarded(0)
    let maker = try Maker(capacity: 1 << 16) { stream in
      let piece = [UInt8](repeating: 120, count: 1 << 14)
      for _ in 0..<4_000 {
        guard stream.write(piece, until: Self.soon) else {
          Issue.record("the client was there")
          return
        }
        written.withLock { $0 += piece.count }
      }
      stream.finish()
    }
    let socket = try Socket.connect(to: .port(maker.port))
    socket.send(Array("GET /made HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    // Until nothing more is written: what is held, and what the kernel holds for both sides, is full.
    var last = -1
    try #require(
      Patience.waits {
        defer { last = written.withLock { $0 } }
        _ = Gate(true).wait(until: SystemTime().now() + .milliseconds(50)) { _ in nil as Bool? }
        return last > 0 && last == written.withLock { $0 }
      })
    #expect(written.withLock { $0 } < 32 << 20)
    var count = 0
    while count < 4_000 << 14, let bytes = socket.receive(until: Self.soon), !bytes.isEmpty {
      count += bytes.count
    }
    #expect(count >= 4_000 << 14)
    maker.join()
  }

  @Test func `a maker that fails cuts the connection, so that the client can tell`() throws {
    let maker = try Maker { stream in
      #expect(stream.write(Array("half".utf8), until: Self.soon))
      stream.fail()
    }
    #expect(throws: TestFailure.self) { try HTTPConnection(.port(maker.port)).get("/made") }
    maker.join()
  }

  @Test func `a maker hears that its client has gone`() throws {
    let isGone = Guarded(false)
    let maker = try Maker { stream in
      while stream.write([UInt8](repeating: 120, count: 1 << 14), until: Self.soon) {}
      isGone.withLock { $0 = true }
    }
    let socket = try Socket.connect(to: .port(maker.port))
    socket.send(Array("GET /made HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    #expect(socket.receive(until: Self.soon)?.isEmpty == false)
    socket.shutDown()
    maker.join()
    #expect(isGone.withLock { $0 })
  }

  @Test(arguments: [true, false])
  func `what takes too long is cut, be it the client or the maker`(_ isClientSlow: Bool) throws {
    var limits = Bench.limits
    limits.sending = .milliseconds(200)
    let maker = try Maker(limits) { stream in
      guard isClientSlow else {
        // Nothing is made; the connection must not wait for ever.
        return
      }
      while stream.write([UInt8](repeating: 120, count: 1 << 14), until: Self.soon) {}
    }
    let socket = try Socket.connect(to: .port(maker.port))
    socket.send(Array("GET /made HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    #expect(Patience.waits { maker.server.statistics.cut == 1 && maker.server.statistics.requests == 0 })
    maker.join()
  }

  @Test(arguments: 0..<10)
  func `a server that stops ends what is being made`(_ round: Int) throws {
    let maker = try Maker { stream in
      for number in 0... {
        if round % 2 == 0, number > 100 {
          // It says nothing more, and does not end either.
          return
        }
        guard stream.write(Self.piece(number), until: Self.soon) else { return }
      }
    }
    let sockets = try (0..<8).map { _ in
      let socket = try Socket.connect(to: .port(maker.port))
      socket.send(Array("GET /made HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
      return socket
    }
    for socket in sockets { #expect(socket.receive(until: Self.soon)?.isEmpty == false) }
    maker.server.stop()
    maker.join()
    #expect(maker.server.statistics.requests == 0)
  }
}
