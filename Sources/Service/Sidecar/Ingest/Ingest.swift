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
    var smallBody = 64 << 10
  }

  private let settings: Settings
  private let spool: Spool
  private let decoders: DecoderPool
  private let memory: IdentityMemory
  private let budget: RejectionBudget
  private let waiters: CommitWaiters
  private let queue: WorkQueue
  private let metrics: SidecarMetrics
  private let time: any TimeSource

  init(
    _ settings: Settings, spool: Spool, memory: IdentityMemory, waiters: CommitWaiters, queue: WorkQueue,
    metrics: SidecarMetrics, time: any TimeSource
  ) {
    self.settings = settings
    self.spool = spool
    self.memory = memory
    self.waiters = waiters
    self.queue = queue
    self.metrics = metrics
    self.time = time
    decoders = DecoderPool(count: 6, settings: settings.decoding)
    budget = RejectionBudget(perMinute: settings.rejectionsPerMinute, now: time.now())
  }

  /// Takes the events of a request in, and answers it; never blocks on anything but the decoding of a small body.
  func accept(_ request: Request, _ reply: Reply) {
    metrics.bytes.add(request.body.count)
    if request.body.count <= settings.smallBody, request.headers["content-encoding"] == nil {
      process(request, reply)
    } else if !queue.add({ self.process(request, reply) }) {
      reply.send(.problem(503, "the sidecar is stopping; nothing was taken in", retryAfter: 1))
    }
  }

  private func process(_ request: Request, _ reply: Reply) {
    let receivedAt = Timestamp(microseconds: time.wall().microseconds)
    do throws(BodyRefusal) {
      let batch = try decoders.decode(
        request.body, type: request.headers["content-type"], encoding: request.headers["content-encoding"],
        receivedAt: receivedAt, keeping: settings.rejectionsPerMinute)
      take(batch, receivedAt, from: request.peer, reply)
    } catch {
      reply.send(error.response)
    }
  }

  private func take(_ decoded: DecodedBatch, _ receivedAt: Timestamp, from peer: String, _ reply: Reply) {
    var receipt = Receipt(decoded, memory.judge(decoded.frames, at: time.now()))
    count(receipt)
    receipt.keepRejections(budget.take(receipt.builder.rejections.count, at: time.now()))
    guard receipt.builder.events > 0 || !receipt.builder.rejections.isEmpty else { return reply.send(receipt.answer) }
    let finished = receipt
    spool.append(
      kind: 1, payload: receipt.builder.payload(receivedAt: receivedAt, from: peer), events: receipt.builder.events
    ) { self.settle(finished, $0, reply) }
  }

  /// On the commit lane: the record is durable, or was refused.
  private func settle(_ receipt: Receipt, _ result: Result<UInt64, SpoolRefusal>, _ reply: Reply) {
    switch result {
    case .failure(let refusal):
      // Without room for them, what was refused is still told to the sender.
      reply.send(receipt.accepted == 0 && receipt.duplicates == 0 ? receipt.answer : refusal.response)
    case .success(let sequence):
      memory.remember(receipt.identities, at: time.now())
      metrics.accepted.add(receipt.accepted)
      guard settings.waitsForCommit else { return reply.send(receipt.answer) }
      waiters.wait(for: sequence, until: time.now() + settings.commitPatience) { outcome in
        reply.send(outcome == .committed ? receipt.answer : Self.notCommitted)
      }
    }
  }

  private func count(_ receipt: Receipt) {
    metrics.duplicates.add(receipt.duplicates)
    metrics.redactions.add(receipt.redactions)
    for refusal in receipt.refusals { metrics.rejected.add(to: refusal.code.rawValue) }
  }

  private static let notCommitted = Response.problem(
    503, "the events are on disk but not yet in PostgreSQL; send them again, they will be known as duplicates",
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
