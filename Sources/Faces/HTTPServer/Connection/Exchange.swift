import Platform

/// Where one connection stands: a plain state machine, stepped under its connection's lock.
///
///     idle ─► head ─► body ─► handling ─► sending ─► idle
///                      │          │          ▲
///                      │          ▼          │
///                      │      suspended ─► answered
///                      └─────────────────────┘  refused without asking the handler
///
/// A reply carries the ticket of its request, so that one which comes too late meets another number and is ignored.
struct Exchange: Sendable {
  enum Phase: Sendable {
    case idle, head, body, handling, suspended, answered, sending, closed
  }

  /// What a reply has led to.
  enum Answer: Sendable, Equatable {
    /// Kept for the library's thread, which is still in the handler.
    case stored
    /// Kept, and the connection must be resumed.
    case resume
    /// The request was answered before.
    case ignored
  }

  /// What the reaper must do.
  enum Expiry: Sendable, Equatable {
    case none
    /// See whether the client has left.
    case probe
    case shutdown
    case resume
  }

  private(set) var phase = Phase.head
  private var ticket: UInt64 = 0
  private var deadline: MonotonicInstant
  private var since: MonotonicInstant
  private var bodyStart = MonotonicInstant.distantPast
  private var bodyBytes = 0
  private var response: Response?
  private var isProbed = false

  /// A new connection, whose first head must come in time.
  init(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    deadline = now.after(deadlines.head)
    since = now
  }

  /// Since when the head of a request is waited for; nil while there is a request.
  var waitingSince: MonotonicInstant? { phase == .idle || phase == .head ? since : nil }

  /// The request line is there.
  ///
  /// The first head's time began with its connection.
  mutating func headStarted(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    guard phase == .idle else { return }
    phase = .head
    deadline = now.after(deadlines.head)
  }

  mutating func headEnded(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    phase = .body
    bodyStart = now
    bodyBytes = 0
    deadline = now.after(deadlines.body)
  }

  mutating func received(_ count: Int) { bodyBytes &+= count }

  /// The body is whole; the ticket is for the reply.
  mutating func handed(_ now: MonotonicInstant, _ deadlines: Deadlines) -> UInt64 {
    phase = .handling
    ticket &+= 1
    deadline = now.after(deadlines.answer)
    return ticket
  }

  /// The connection is suspended; whether it must be resumed at once, the reply having come meanwhile.
  mutating func suspended() -> Bool {
    if phase == .answered { return true }
    phase = .suspended
    return false
  }

  func awaits(_ ticket: UInt64) -> Bool {
    ticket == self.ticket && (phase == .handling || phase == .suspended)
  }

  mutating func answer(_ response: Response, ticket: UInt64) -> Answer {
    guard awaits(ticket) else { return .ignored }
    let wasSuspended = phase == .suspended
    phase = .answered
    self.response = response
    return wasSuspended ? .resume : .stored
  }

  /// The response that waits to be queued, once.
  mutating func take() -> Response? {
    guard phase == .answered else { return nil }
    defer { response = nil }
    return response
  }

  mutating func sending(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    phase = .sending
    deadline = now.after(deadlines.sending)
  }

  /// A piece of a body that is made while it is sent was taken.
  mutating func sentMore(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    if phase == .sending { deadline = now.after(deadlines.sending) }
  }

  mutating func completed(_ now: MonotonicInstant, _ deadlines: Deadlines) {
    phase = .idle
    isProbed = false
    since = now
    ticket &+= 1
    dropResponse()
    deadline = now.after(deadlines.idle)
  }

  mutating func close() {
    phase = .closed
    ticket &+= 1
    dropResponse()
  }

  /// Nobody will send what waits to be sent.
  private mutating func dropResponse() {
    response?.stream?.close()
    response = nil
  }

  /// What is due.
  ///
  /// A request that its handler keeps waiting is answered with `late`; everything else that is too slow loses
  /// its connection.
  mutating func expire(_ now: MonotonicInstant, _ deadlines: Deadlines, late: () -> Response) -> Expiry {
    switch phase {
    case .idle where !isProbed && now < deadline:
      isProbed = true
      return .probe
    case .idle, .head, .sending: return cut(if: now >= deadline)
    case .body: return cut(if: now >= deadline || isTooSlow(now, deadlines))
    case .suspended where now >= deadline:
      phase = .answered
      response = late()
      return .resume
    // An answered one is about to be queued by the library's thread.
    case .suspended, .handling, .answered, .closed: return .none
    }
  }

  private mutating func cut(if due: Bool) -> Expiry {
    guard due else { return .none }
    // Once is enough: the library sees the end of the stream and closes.
    phase = .closed
    return .shutdown
  }

  private func isTooSlow(_ now: MonotonicInstant, _ deadlines: Deadlines) -> Bool {
    let elapsed = now.nanoseconds &- bodyStart.nanoseconds
    guard now >= bodyStart, elapsed >= deadlines.bodyGrace else { return false }
    return Double(bodyBytes) * 1e9 < Double(elapsed) * Double(deadlines.bodyBytesPerSecond)
  }
}
