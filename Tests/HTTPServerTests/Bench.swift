import HTTPServer
import LoadGenerator
import Platform
import TestSupport

/// A server on a port of its own, and what its handler saw.
///
/// Its routes: `POST /echo` answers the body at once; `POST /later` answers it from another lane; `GET /at/{id}` answers
/// the decoded segment; `POST /never` keeps its replies until `release`.
final class Bench: Sendable {
  let server: HTTPServer
  let lines: Lines
  let later: LaterLane
  let kept = Gate<[Reply]>([])
  let finished = Gate<[ExchangeSummary]>([])

  /// Limits fit for tests: deadlines that a test can wait for only where it says so.
  static var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.reaping = .milliseconds(10)
    limits.retryAfter = .seconds(2)
    return limits
  }

  init(_ limits: HTTPLimits = Bench.limits) throws {
    let (lines, later) = (Lines(), try LaterLane())
    let box = Box()
    let router = Router(
      [
        Route("POST", "/echo", bodyLimit: 1 << 20) { $1.send(.json($0.body)) },
        Route("POST", "/large", bodyLimit: 8 << 20) { later.push($0.body, $1) },
        Route("POST", "/later", bodyLimit: 1 << 20) { later.push($0.body, $1) },
        Route("POST", "/never", bodyLimit: 1 << 20) { _, reply in
          box.bench?.kept.withLock { $0.append(reply) }
        },
        Route("POST", "/dropped", bodyLimit: 100) { _, _ in },
        Route("GET", "/at/{id}") { request, reply in reply.send(.text(request.parameter("id") ?? "")) },
        Route("GET", "/at/fixed") { _, reply in reply.send(.text("literal")) },
        Route("GET", "/query") { request, reply in
          reply.send(.text(request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|")))
        },
        Route("GET", "/bytes/{count}") { request, reply in
          reply.send(.json([UInt8](repeating: 120, count: request.parameter("count").flatMap(Int.init) ?? 0)))
        },
        Route(
          "POST", "/typed", bodyLimit: 1 << 20,
          admit: { $0.headers["content-type"] == "application/json" ? nil : .problem(415, "JSON only") },
          handle: { $1.send(.json($0.body)) }),
      ],
      observe: { summary in box.bench?.finished.withLock { $0.append(summary) } })
    server = try HTTPServer(
      addresses: ["127.0.0.1:0"], limits: limits, handler: router, log: Log(level: .debug, sink: lines.add))
    self.lines = lines
    self.later = later
    box.set(self)
  }

  deinit {
    server.stop()
    later.stop()
  }

  var summaries: [ExchangeSummary] { finished.withLock { $0 } }

  func wire(receiveBuffer: Int32? = nil) throws -> Wire {
    try Wire(to: server.boundAddresses[0], receiveBuffer: receiveBuffer)
  }

  /// The first answer to exactly these bytes.
  func answer(_ request: String) throws -> Wire.Answer? {
    let wire = try wire()
    wire.send(request)
    return wire.receive()
  }

  /// Waits until the statistics are as they should be; false after ten seconds.
  func waits(until isDone: (HTTPStatistics) -> Bool) -> Bool {
    Patience.waits { isDone(server.statistics) }
  }
}

/// Breaks the circle between a bench and its handler.
private final class Box: Sendable {
  private let held = Gate<Weak>(Weak())

  var bench: Bench? { held.withLock { $0.bench } }

  func set(_ bench: Bench) { held.withLock { $0.bench = bench } }

  private struct Weak { weak var bench: Bench? }
}
