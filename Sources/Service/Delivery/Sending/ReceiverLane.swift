import Alerts
import HTTPClient
import Model
import Platform

/// Delivers to one receiver, on a lane of its own: however slow it is, it delays nobody else.
final class ReceiverLane: Sendable {
  private struct State: Sendable {
    var webhook: Webhook
    var queue: DeliveryQueue
    var isClosed = false
  }

  let name: String
  let figures = ReceiverFigures()
  private let gate: Gate<State>
  private let lane: Guarded<Lane?> = Guarded(nil)
  private let seed: UInt64
  private let time: any TimeSource
  private let log: Log
  private let settled: @Sendable (QueuedNotice, Settlement) -> Void

  init(
    _ name: String, _ webhook: Webhook, givesUpAfter: Duration, backoff: DeliveryBackoff, seed: UInt64,
    time: any TimeSource, log: Log, settled: @escaping @Sendable (QueuedNotice, Settlement) -> Void
  ) {
    self.name = name
    self.seed = seed
    self.time = time
    self.log = log
    self.settled = settled
    gate = Gate(
      State(webhook: webhook, queue: DeliveryQueue(givesUpAfter: givesUpAfter, backoff: backoff)))
  }

  func start() throws(SystemError) {
    let lane = try Lane(name: "notify") { [self] in run() }
    self.lane.withLock { $0 = lane }
  }

  func add(_ notice: QueuedNotice) {
    gate.withLock { $0.queue.add(notice, at: time.now()) }
    gate.broadcast()
  }

  /// Goes by another configuration from the next attempt on.
  func use(_ webhook: Webhook, givesUpAfter: Duration) {
    gate.withLock {
      $0.webhook = webhook
      $0.queue.givesUpAfter = givesUpAfter
    }
    gate.broadcast()
  }

  var queueLength: Int { gate.withLock { $0.queue.count } }

  /// Lets the lane end after the attempt that is under way, for which nobody waits; gives what waits.
  func close() -> [QueuedNotice] {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
    return gate.withLock { $0.queue.waiting }
  }

  private var wall: Timestamp { Timestamp(microseconds: time.wall().microseconds) }

  private enum Task {
    case attempt(QueuedNotice, Webhook)
    case giveUp(QueuedNotice, FailureCause)
    case end
  }

  private func run() {
    let client = HTTPClient(agent: "handoffd")
    var random = SplitMix64(seed: seed)
    while true {
      switch nextTask() {
      case .end: return
      case .giveUp(let notice, let cause): giveUp(notice, cause, "no attempt succeeded in time")
      case .attempt(let notice, let webhook): attempt(notice, webhook, client, &random)
      }
    }
  }

  private func nextTask() -> Task {
    gate.wait { state -> Gate<State>.Pause<Task> in
      if state.isClosed { return .over(.end) }
      switch state.queue.next(at: time.now(), wall: wall) {
      case .attempt(let notice): return .over(.attempt(notice, state.webhook))
      case .giveUp(let notice, let cause): return .over(.giveUp(notice, cause))
      case .wait(let moment): return .pause(moment.map { max(.milliseconds(1), $0 - time.now()) })
      }
    }
  }

  private func attempt(
    _ notice: QueuedNotice, _ webhook: Webhook, _ client: HTTPClient, _ random: inout SplitMix64
  ) {
    let start = time.now()
    let outcome = Self.send(notice, webhook, client, at: wall)
    figures.attempted(in: time.now() - start)
    switch outcome {
    case .delivered:
      gate.withLock { $0.queue.remove(notice.id) }
      figures.delivered()
      settled(notice, .delivered)
    case .later(let why, let asked):
      var generator = random
      gate.withLock { $0.queue.putOff(notice.id, at: time.now(), asked: asked, random: &generator) }
      random = generator
      log(
        .warning, "cannot notify; it is tried again",
        ["receiver": .text(name), "notification": .text(notice.id), "reason": .text(why)])
    case .useless(let cause, let why): giveUp(notice, cause, why)
    }
  }

  private func giveUp(_ notice: QueuedNotice, _ cause: FailureCause, _ why: String) {
    gate.withLock { $0.queue.remove(notice.id) }
    figures.failed(cause)
    log(
      .error, "cannot notify; it is given up",
      [
        "receiver": .text(name), "notification": .text(notice.id), "reason": .text(why),
        "cause": .text(cause.rawValue),
      ])
    settled(notice, .failed(cause))
  }

  static func send(
    _ notice: QueuedNotice, _ webhook: Webhook, _ client: HTTPClient, at now: Timestamp
  ) -> Attempt {
    switch webhook.request(notice, at: now) {
    // A secret that is not there may be by the next attempt: it may be being replaced.
    case .failure(let unreadable): return .later(why: unreadable.reason, asked: nil)
    case .success(let request):
      do throws(HTTPClientError) {
        return Attempt(try client.exchange(request), at: now)
      } catch {
        return Attempt(error)
      }
    }
  }
}
