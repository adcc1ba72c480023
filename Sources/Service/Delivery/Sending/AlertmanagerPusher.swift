import Alerts
import HTTPClient
import Model
import Platform

/// Tells one Alertmanager again and again what fires: at each change, else once a minute, with an end a few minutes
/// ahead; and what has ended, for a quarter of an hour, with its true end.
final class AlertmanagerPusher: Sendable {
  private struct State: Sendable {
    var firing: [Alert] = []
    var resolved: [Fingerprint: Alert] = [:]
    var isChanged = false
    var isClosed = false
    var nextAt = MonotonicInstant.distantPast
  }

  private static let pace = Duration.seconds(60)
  private static let ahead: Int64 = 240_000_000
  private static let remembered: Int64 = 900_000_000
  private static let batch = 64
  private static let retry = Duration.seconds(5)

  let figures = ReceiverFigures()
  private let receiver: Receiver
  private let target: AlertmanagerPush
  private let url: String
  private let surroundings: Message.Surroundings
  private let gate = Gate(State())
  private let lane: Guarded<Lane?> = Guarded(nil)
  private let time: any TimeSource
  private let log: Log

  init(
    _ receiver: Receiver, _ target: AlertmanagerPush, _ base: String, _ surroundings: Message.Surroundings,
    time: any TimeSource, log: Log
  ) {
    self.receiver = receiver
    self.target = target
    self.surroundings = surroundings
    self.time = time
    self.log = log
    url = Self.endpoint(base)
  }

  func start() throws(SystemError) {
    let lane = try Lane(name: "push") { [self] in run() }
    self.lane.withLock { $0 = lane }
  }

  func take(firing: [Alert], resolved: [Alert]) {
    let firing = firing.filter { $0.inhibitedBy == nil && receiver.wants($0.severity, $0.labels) }
    let resolved = resolved.filter { receiver.wants($0.severity, $0.labels) }
    gate.withLock { state in
      let before = Set(state.firing.map(\.fingerprint))
      let known = Set(resolved.map(\.fingerprint)).intersection(before)
      state.isChanged = state.isChanged || Set(firing.map(\.fingerprint)) != before || !known.isEmpty
      for alert in resolved where before.contains(alert.fingerprint) {
        state.resolved[alert.fingerprint] = alert
      }
      for alert in firing { state.resolved[alert.fingerprint] = nil }
      state.firing = firing
    }
    gate.broadcast()
  }

  /// Lets the lane end after what is under way, for which nobody waits.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  private var wall: Timestamp { Timestamp(microseconds: time.wall().microseconds) }

  private func run() {
    let client = HTTPClient(agent: "handoffd")
    while let alerts = nextRound() {
      let isGood = push(alerts, client)
      gate.withLock { state in
        state.nextAt = time.now() + (isGood ? Self.pace : Self.retry)
        state.isChanged = state.isChanged && isGood
      }
    }
  }

  /// What is to be told now; nil at the end.
  private func nextRound() -> [Alert]? {
    gate.wait { state -> Gate<State>.Pause<[Alert]?> in
      if state.isClosed { return .over(nil) }
      let now = time.now()
      let oldest = wall.microseconds &- Self.remembered
      state.resolved = state.resolved.filter { ($0.value.endedAt?.microseconds ?? 0) >= oldest }
      let alerts = state.firing + state.resolved.values
      guard !alerts.isEmpty else { return .pause(nil) }
      guard state.isChanged || state.nextAt <= now else { return .pause(state.nextAt - now) }
      state.isChanged = false
      return .over(alerts)
    }
  }

  private func push(_ alerts: [Alert], _ client: HTTPClient) -> Bool {
    var isGood = true
    for start in stride(from: 0, to: alerts.count, by: Self.batch) {
      let part = Array(alerts[start..<min(start + Self.batch, alerts.count)])
      let until = Timestamp(microseconds: wall.microseconds &+ Self.ahead)
      let begun = time.now()
      let outcome = Self.send(
        Message.push(part, firingUntil: until, surroundings), target, url, client, at: wall)
      figures.attempted(in: time.now() - begun)
      switch outcome {
      case .delivered: figures.delivered()
      case .later(let why, _), .useless(_, let why):
        isGood = false
        log(
          .warning, "cannot push alerts to Alertmanager; it is tried again in a few seconds",
          ["receiver": .text(receiver.name), "reason": .text(why)])
      }
    }
    return isGood
  }

  /// Where an Alertmanager takes alerts.
  static func endpoint(_ base: String) -> String {
    (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/api/v2/alerts"
  }

  static func send(
    _ body: [UInt8], _ target: AlertmanagerPush, _ url: String, _ client: HTTPClient, at now: Timestamp
  ) -> Attempt {
    switch target.access.request(url, timeout: target.timeout) {
    case .failure(let unreadable): return .later(why: unreadable.reason, asked: nil)
    case .success(var request):
      request.body = body
      do throws(HTTPClientError) {
        return Attempt(try client.exchange(request), at: now)
      } catch {
        return Attempt(error)
      }
    }
  }
}
