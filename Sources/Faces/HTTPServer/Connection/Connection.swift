import CMicrohttpd
import CPlatform
import Platform
import Synchronization

/// One connection of a client, and the request that is on it.
///
/// `@unchecked Sendable` because everything that is not constant is either behind `exchange`, or touched by the
/// library's thread for this connection alone, which calls us for one thing after the other.
@safe final class Connection: @unchecked Sendable {
  /// What is done with the body as it comes.
  private enum Plan {
    case collect(limit: Int)
    case discard(left: Int, then: Response)
  }

  let core: ServerCore
  private let bell: Bell
  let handle: OpaquePointer
  let socket: Int32
  let peer: String
  /// Whether there were too many connections when it came.
  let isSurplus: Bool
  private let exchange: Gate<Exchange>

  private(set) var target: [UInt8] = []
  private var head: RequestHead?
  private var pattern: RoutePattern?
  private var plan = Plan.collect(limit: 0)
  private var body: [UInt8] = []
  private var bodyBytes = 0
  private var charged = 0
  private var start = MonotonicInstant.distantPast
  private var status: Int?
  private var isCounted = false
  /// The body that is made while it is sent; behind a lock because the reaper ends it too.
  private let stream = Gate<BodyStream?>(nil)

  init(context: DaemonContext, handle: OpaquePointer, socket: Int32, peer: String, isSurplus: Bool) {
    core = context.core
    bell = context.bell
    unsafe self.handle = handle
    self.socket = socket
    self.peer = peer
    self.isSurplus = isSurplus
    exchange = Gate(Exchange(core.time.now(), core.deadlines))
  }
}

// The library's thread, in the order of a request's life.
extension Connection {
  /// The request line is there, its target as it was sent.
  func targetArrived(_ bytes: [UInt8]) {
    target = bytes
    let now = core.time.now()
    exchange.withLock { $0.headStarted(now, core.deadlines) }
  }

  /// The head is there: judged, admitted, and the body prepared for.
  func headArrived(_ reading: HeadReading) -> Verdict {
    start = core.time.now()
    exchange.withLock { $0.headEnded(start, core.deadlines) }
    isCounted = core.requests.enter()
    guard isCounted, !isSurplus else {
      return .answer(core.shed(isCounted ? "too many connections" : "the server is stopping"), isLast: true)
    }
    switch reading.request(target: target, peer: peer) {
    case .failure(let refusal):
      core.counters.malformed.count()
      return .answer(refusal.response, isLast: true)
    case .success(let head):
      self.head = head
      return admit(head)
    }
  }

  /// A piece of the body; whether there may be more.
  func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let count = bytes.count
    bodyBytes &+= count
    exchange.withLock { $0.received(count) }
    switch plan {
    case .collect(let limit):
      unsafe collect(bytes, limit: limit)
      return true
    case .discard(let left, let response):
      plan = .discard(left: left - count, then: response)
      return count <= left
    }
  }

  /// The request is whole, or its connection was resumed: what to do now.
  func requestArrived() -> Verdict {
    if let response = exchange.withLock({ $0.take() }) { return .answer(response, isLast: false) }
    // Cut by the reaper while the last of it was on its way: there is nobody to answer.
    guard exchange.withLock({ $0.phase == .body }) else { return .hangUp }
    if case .discard(_, let response) = plan { return .answer(response, isLast: false) }
    guard let head else { return .answer(.problem(500, "the request was lost"), isLast: true) }
    let now = core.time.now()
    let ticket = exchange.withLock { $0.handed(now, core.deadlines) }
    let request = Request(head: head, pattern: pattern, body: body)
    body = []
    core.counters.handled.count()
    core.handler.handle(request, Reply(connection: self, ticket: ticket))
    return exchange.withLock { $0.take() }.map { .answer($0, isLast: false) } ?? .suspend
  }

  /// The connection is suspended; whether it must be resumed at once.
  ///
  /// The server sets `isEnding` and then looks for suspended connections; here it is the other way round, so that one
  /// of the two sees the other.
  func wasSuspended() -> Bool {
    if exchange.withLock({ $0.suspended() }) { return true }
    return core.isEnding.load(ordering: .sequentiallyConsistent) && end() == .resume
  }

  /// The response is with the library.
  func answerQueued(_ status: Int) {
    self.status = status
    let now = core.time.now()
    exchange.withLock { $0.sending(now, core.deadlines) }
  }

  /// The body of the answer is made while it is sent.
  func begin(_ body: BodyStream?) {
    guard let body else { return }
    body.attach { [weak self] in self?.resume() }
    stream.withLock { $0 = body }
  }

  /// The client goes on reading: its time begins anew.
  func pieceTaken() {
    let now = core.time.now()
    exchange.withLock { $0.sentMore(now, core.deadlines) }
  }

  /// The connection is suspended in the middle of its body; whether it must be resumed at once.
  ///
  /// The order is that of `wasSuspended`: one of the two sees the other.
  func mustGoOn() -> Bool {
    guard let body = stream.withLock({ $0 }) else { return true }
    if body.suspended() { return true }
    if core.isEnding.load(ordering: .sequentiallyConsistent) { body.close() }
    return false
  }

  /// The exchange is over, one way or the other.
  func exchangeEnded(isSent: Bool) {
    endStream()
    let now = core.time.now()
    exchange.withLock { $0.completed(now, core.deadlines) }
    core.budget.give(charged)
    if isCounted {
      if !isSent { core.counters.unsent.count() }
      core.handler.finished(
        ExchangeSummary(
          pattern: pattern, status: isSent ? status : nil, duration: now - start, bodyBytes: bodyBytes))
      core.requests.leave()
    }
    (isCounted, charged, bodyBytes, status, pattern, head, body) = (false, 0, 0, nil, nil, nil, [])
  }

  /// The socket is about to be closed.
  func closed() {
    endStream()
    exchange.withLock { $0.close() }
  }

  private func admit(_ head: RequestHead) -> Verdict {
    switch core.handler.admit(head) {
    case .refuse(let response, let pattern):
      self.pattern = pattern
      return refuse(head, response)
    case .collect(let limit, let pattern):
      self.pattern = pattern
      let length = head.contentLength ?? 0
      guard length <= limit else { return refuse(head, Self.tooLarge(limit)) }
      guard core.budget.hasRoom(for: length) else { return refuse(head, noRoom()) }
      plan = .collect(limit: limit)
      return .wait
    }
  }

  /// Answers without a body, or after a small one has been thrown away, so that the client is not cut off while it
  /// sends and the connection may go on.
  private func refuse(_ head: RequestHead, _ response: Response) -> Verdict {
    let isLong = (head.contentLength ?? 0) > core.limits.discardedBytes
    guard head.hasBody, isLong || head.expectsContinue else {
      plan = .discard(left: core.limits.discardedBytes, then: response)
      return .wait
    }
    return .answer(response, isLast: true)
  }

  private func collect(_ bytes: UnsafeRawBufferPointer, limit: Int) {
    let count = bytes.count
    guard count <= limit - body.count else { return giveUp(Self.tooLarge(limit)) }
    guard core.budget.take(count) else { return giveUp(noRoom()) }
    charged += count
    reserve(for: body.count + count, limit: limit)
    unsafe body.append(contentsOf: bytes)
  }

  /// Room for what is announced, but only once a part of it has come: announcing is free.
  private func reserve(for count: Int, limit: Int) {
    guard body.capacity < count else { return }
    let announced = min(head?.contentLength ?? 0, limit)
    let first = 256 << 10
    if announced > first {
      body.reserveCapacity(count > first ? announced : first)
    } else if announced > 0 {
      body.reserveCapacity(announced)
    }
  }

  private func giveUp(_ response: Response) {
    core.budget.give(charged)
    (charged, body) = (0, [])
    plan = .discard(left: core.limits.discardedBytes, then: response)
  }

  private func noRoom() -> Response { core.shed("too many bytes are in flight") }

  private static func tooLarge(_ limit: Int) -> Response {
    .problem(413, limit == 0 ? "this resource takes no body" : "the body is larger than \(limit) bytes")
  }
}

// Any thread.
extension Connection {
  /// Takes a reply; ignored where the request was answered before.
  func answer(_ response: Response, ticket: UInt64) {
    switch exchange.withLock({ $0.answer(response, ticket: ticket) }) {
    case .stored: break
    case .resume: resume()
    case .ignored:
      core.counters.ignoredReplies.count()
      response.stream?.close()
    }
  }

  /// Answers for a handler that dropped its reply.
  func abandon(ticket: UInt64) {
    guard exchange.withLock({ $0.awaits(ticket) }) else { return }
    core.log(.error, "cannot answer a request: its handler dropped the reply; it gets status 500")
    answer(.problem(500, "the request was dropped unanswered"), ticket: ticket)
  }

  /// What is due at `now`.
  func expire(_ now: MonotonicInstant) -> Exchange.Expiry {
    exchange.withLock { $0.expire(now, core.deadlines, late: tooLate) }
  }

  /// Nobody takes the rest of a body that is being made; where it is waited for, the wait ends.
  func endStream() {
    let body = stream.withLock { stream in
      defer { stream = nil }
      return stream
    }
    body?.close()
  }

  /// Whether a request may be about to come: its bytes are here, or the last one was answered a moment ago.
  func isExpectant(_ now: MonotonicInstant, patience: Duration) -> Bool {
    guard let since = exchange.withLock({ $0.waitingSince }) else { return false }
    return now - since < patience || hd_peek(socket) > 0
  }

  /// Answers what is suspended, as the server ends.
  func end() -> Exchange.Expiry {
    exchange.withLock {
      $0.phase == .suspended ? $0.expire(.distantFuture, core.deadlines, late: tooLate) : .none
    }
  }

  private func tooLate() -> Response {
    core.counters.overdue.count()
    return .problem(
      503, "the answer took too long; the request may yet have its effect",
      retryAfter: core.limits.retryAfterSeconds)
  }

  /// Lets the serving lane call again.
  ///
  /// Exactly once per suspension, as the exchange leaves `suspended` once.
  func resume() {
    core.resumers.add(1, ordering: .sequentiallyConsistent)
    unsafe MHD_resume_connection(handle)
    core.resumers.subtract(1, ordering: .sequentiallyConsistent)
    Round.wake(bell)
  }
}
