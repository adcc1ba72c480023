// Ingest: from a whole request to its answer.
//
//   library thread   small body ─► decode ─► known? ─► spool.append
//                    large body ─► queue ─► decode lane ─► the same
//   commit lane      durable ─► remember identities ─► answer
//                    with --ack postgres: durable ─► wait for the position in PostgreSQL ─► answer
//
// An event counts as known only once it is durable: two requests with the same event in flight are
// both spooled, and the commit keeps one. Otherwise the second could be told "duplicate" of an event
// whose own request then fails.
import Decoding
import Dialects
import HTTPServer
import Model
import Platform
import Spool
import Store

/// Takes events in.
final class Ingest: Sendable {
  /// What the ingest is told at its start.
  struct Settings: Sendable {
    var decoding: DecodingSettings
    /// Whether the answer waits for PostgreSQL.
    var waitsForCommit: Bool
    /// How long it waits.
    var commitPatience: Duration
    /// Refused events whose bytes are kept, a minute.
    var rejectionsPerMinute = 1000
    /// Bodies up to this many bytes are decoded where they arrive.
    var smallBody = 256 << 10
  }

  /// Whom to tell.
  typealias Answer = @Sendable (Response) -> Void

  /// What was sent, and by whom.
  private struct Body: Sendable {
    var bytes: [UInt8]
    var type: String?
    var encoding: String?
    var dialect: Dialect?
    var peer: String
  }

  private let settings: Settings
  private let spool: Spool
  private let decoders: DecoderPool
  private let memory: IdentityMemory
  private let budget: RejectionBudget
  private let waiters: CommitWaiters
  private let queue: WorkQueue
  private let requests: RightOfWay
  private let metrics: SidecarMetrics
  private let time: any TimeSource

  init(
    _ settings: Settings, spool: Spool, memory: IdentityMemory, waiters: CommitWaiters, queue: WorkQueue,
    requests: RightOfWay, metrics: SidecarMetrics, time: any TimeSource
  ) {
    self.settings = settings
    self.spool = spool
    self.memory = memory
    self.waiters = waiters
    self.queue = queue
    self.requests = requests
    self.metrics = metrics
    self.time = time
    decoders = DecoderPool(count: 6, settings: settings.decoding)
    budget = RejectionBudget(perMinute: settings.rejectionsPerMinute, now: time.now())
  }

  /// Takes the events of a request in, and answers it; never blocks on anything but the decoding of a small body.
  ///
  /// What is no event is read in `dialect`, or in the one that its fields are of.
  func accept(_ request: Request, in dialect: Dialect? = nil, _ reply: Reply) {
    metrics.bytes.add(request.body.count)
    let body = Body(
      bytes: request.body, type: request.headers["content-type"],
      encoding: request.headers["content-encoding"], dialect: dialect, peer: request.peer)
    if request.body.count <= settings.smallBody, request.headers["content-encoding"] == nil {
      process(body, reply.send)
    } else if !queue.add({ self.process(body, reply.send) }) {
      reply.send(.problem(503, "the sidecar is stopping; nothing was taken in", retryAfter: 1))
    }
  }

  /// Takes in an event that was made here of a request, and answers as for one that was sent.
  func accept(event: [UInt8], from peer: String, _ answer: @escaping Answer) {
    process(Body(bytes: event, type: "application/json", encoding: nil, peer: peer), answer)
  }

  private func process(_ body: Body, _ send: @escaping Answer) {
    requests.hold { read(body, send) }
  }

  private func read(_ body: Body, _ send: @escaping Answer) {
    let receivedAt = Timestamp(microseconds: time.wall().microseconds)
    do throws(BodyRefusal) {
      var batch = try decoders.decode(
        body.bytes, type: body.type, encoding: body.encoding, dialect: body.dialect, receivedAt: receivedAt,
        keeping: settings.rejectionsPerMinute)
      take(&batch, receivedAt, from: body.peer, send)
    } catch {
      send(error.response)
    }
  }

  private func take(
    _ batch: inout DecodedBatch, _ receivedAt: Timestamp, from peer: String, _ send: @escaping Answer
  ) {
    let admission = memory.admit(&batch, at: time.now())
    count(batch)
    let kept = budget.take(batch.payload.rejections.count, at: time.now())
    batch.payload.rejections.removeLast(batch.payload.rejections.count - kept)
    let receipt = Receipt(batch)
    let events = batch.payload.events
    if events == 0, kept == 0 { return answer(receipt, send) }
    let payload = batch.takePayload().payload(receivedAt: receivedAt, from: peer)
    spool.append(kind: 1, payload: payload, events: events) {
      self.settle(receipt, admission, $0, send)
    }
  }

  /// The record is durable (on the commit lane), or was refused.
  private func settle(
    _ receipt: Receipt, _ admission: RecentIdentities.Admission, _ result: Result<UInt64, SpoolRefusal>,
    _ send: @escaping Answer
  ) {
    switch result {
    case .failure(let refusal):
      memory.withdraw(admission)
      // What was refused for its content is told even where there is no room to keep it.
      send(receipt.isRefusal ? receipt.answer : refusal.response)
    case .success(let sequence):
      memory.confirm(admission)
      metrics.accepted.add(receipt.accepted)
      answer(receipt, send, after: sequence)
    }
  }

  /// Answers at once, or when the record is committed, if that is what the sender waits for.
  ///
  /// Without a record of its own there may be duplicates, whose records are durable but may not be committed
  /// yet: then everything that is durable by now is waited for.
  private func answer(_ receipt: Receipt, _ send: @escaping Answer, after sequence: UInt64? = nil) {
    guard settings.waitsForCommit, receipt.accepted + receipt.duplicates > 0 else {
      return send(receipt.answer)
    }
    let last = sequence ?? spool.status().nextSequence - 1
    waiters.wait(for: last, until: time.now() + settings.commitPatience) { outcome in
      send(outcome == .committed ? receipt.answer : Self.notCommitted)
    }
  }

  private func count(_ batch: DecodedBatch) {
    metrics.duplicates.add(batch.duplicates)
    metrics.redactions.add(batch.redactions)
    for refusal in batch.refusals { metrics.rejected.add(to: refusal.code.rawValue) }
    for (sender, count) in batch.refusedBySender { metrics.malformed.add(count, to: sender) }
  }

  private static let notCommitted = Response.problem(
    503,
    "the events are on this machine's disk and go to PostgreSQL as soon as it takes them, but are not committed there "
      + "yet; to send them again is safe, they will be known as duplicates",
    retryAfter: 5)
}

extension BodyRefusal {
  /// What the client is told.
  fileprivate var response: Response {
    switch self {
    case .tooLarge, .tooLargeUnpacked, .tooManyEvents: .problem(413, description)
    case .unsupportedType, .unsupportedEncoding: .problem(415, description)
    }
  }
}
