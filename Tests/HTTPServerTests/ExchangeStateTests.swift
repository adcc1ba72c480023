import Platform
import Testing

@testable import HTTPServer

@Suite struct ExchangeStateTests {
  private let deadlines: Deadlines
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
  private let response = Response.text("answer")

  init() {
    var limits = HTTPLimits()
    limits.head = .seconds(1)
    limits.idle = .seconds(2)
    limits.body = .seconds(30)
    limits.bodyGrace = .seconds(3)
    limits.bodyBytesPerSecond = 100
    limits.answer = .seconds(4)
    limits.sending = .seconds(5)
    deadlines = Deadlines(limits)
  }

  private func at(_ seconds: Double) -> MonotonicInstant { start + .milliseconds(Int(seconds * 1000)) }

  private func expire(_ exchange: inout Exchange, _ seconds: Double) -> Exchange.Expiry {
    exchange.expire(at(seconds), deadlines) { .problem(503, "late") }
  }

  private func answer(_ exchange: inout Exchange, _ ticket: UInt64) -> Exchange.Answer {
    exchange.answer(response, ticket: ticket)
  }

  private func take(_ exchange: inout Exchange) -> Response? { exchange.take() }

  /// An exchange whose handler has the request, and the ticket of its reply.
  private func handed() -> (Exchange, UInt64) {
    var exchange = Exchange(start, deadlines)
    exchange.headEnded(start, deadlines)
    let ticket = exchange.handed(start, deadlines)
    return (exchange, ticket)
  }

  @Test func `a reply in the handler is taken at once`() {
    var (exchange, ticket) = handed()
    #expect(answer(&exchange, ticket) == .stored)
    #expect(take(&exchange)?.body == response.body)
    #expect(take(&exchange) == nil)
  }

  @Test func `a reply between handler and suspension asks for no resume, but the suspension does`() {
    var (exchange, ticket) = handed()
    #expect(take(&exchange) == nil)
    #expect(answer(&exchange, ticket) == .stored)
    let isAnswered = exchange.suspended()
    #expect(isAnswered)
    #expect(take(&exchange) != nil)
  }

  @Test func `a reply to a suspended connection resumes it, once`() {
    var (exchange, ticket) = handed()
    let isAnswered = exchange.suspended()
    #expect(!isAnswered)
    #expect(answer(&exchange, ticket) == .resume)
    #expect(answer(&exchange, ticket) == .ignored)
    #expect(expire(&exchange, 100) == .none)
  }

  @Test func `a reply with an old ticket is ignored`() {
    var (exchange, first) = handed()
    #expect(answer(&exchange, first) == .stored)
    _ = exchange.take()
    exchange.sending(start, deadlines)
    exchange.completed(start, deadlines)
    exchange.headStarted(start, deadlines)
    exchange.headEnded(start, deadlines)
    let second = exchange.handed(start, deadlines)
    #expect(answer(&exchange, first) == .ignored)
    #expect(exchange.awaits(second))
    exchange.close()
    #expect(answer(&exchange, second) == .ignored)
  }

  @Test func `a suspended request is answered when its time is up, and its reply then ignored`() {
    var (exchange, ticket) = handed()
    #expect(expire(&exchange, 100) == .none, "a handler that runs is not interrupted")
    let isAnswered = exchange.suspended()
    #expect(!isAnswered)
    #expect(expire(&exchange, 3.9) == .none)
    #expect(expire(&exchange, 4) == .resume)
    #expect(answer(&exchange, ticket) == .ignored)
    #expect(take(&exchange)?.status == 503)
  }

  @Test func `each phase has its own deadline, and a connection is cut once`() {
    var exchange = Exchange(start, deadlines)
    exchange.headStarted(at(0.9), deadlines)
    #expect(expire(&exchange, 0.99) == .none)
    #expect(expire(&exchange, 1) == .shutdown, "the first head's time begins with its connection")
    #expect(expire(&exchange, 2) == .none)
    exchange.completed(at(10), deadlines)
    #expect(expire(&exchange, 10.1) == .probe)
    #expect(expire(&exchange, 11.9) == .none)
    exchange.headStarted(at(11.9), deadlines)
    #expect(expire(&exchange, 12.8) == .none)
    #expect(expire(&exchange, 12.9) == .shutdown)
    exchange.sending(at(20), deadlines)
    #expect(expire(&exchange, 24.9) == .none)
    #expect(expire(&exchange, 25) == .shutdown)
  }

  @Test(arguments: [
    (2.9, 0, false), (3, 299, true), (3, 300, false), (10, 999, true), (29.9, 1 << 20, false),
    (30, 1 << 20, true),
  ])
  func `a body keeps a rate after its grace, and ends`(seconds: Double, bytes: Int, isCut: Bool) {
    var exchange = Exchange(start, deadlines)
    exchange.headEnded(start, deadlines)
    exchange.received(bytes)
    #expect((expire(&exchange, seconds) == .shutdown) == isCut)
  }

  @Test func `at the end of time nothing overflows`() {
    let end = MonotonicInstant(nanoseconds: .max)
    var exchange = Exchange(end, deadlines)
    #expect(expire(&exchange, 0) == .none)
    exchange.headEnded(end, deadlines)
    exchange.received(.max)
    exchange.received(.max)
    let expiry = exchange.expire(end, deadlines) { response }
    #expect(expiry == .shutdown)
  }
}
