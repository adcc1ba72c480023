// Delivery: every receiver has a queue and a lane.
//
//   notices ─▶ DeliveryQueue ─▶ ReceiverLane ─▶ libcurl ─▶ receiver
//                  ▲                 │ delivered, or given up ─▶ `settled`, so that it is not tried after a restart
//                  └── backoff, Retry-After
//
// A notification is durable before it comes here, and its body is the same bytes for each attempt. Nothing here
// remembers anything beyond the process: what was not settled comes again after a restart, with the same id.
public import Alerts
public import Platform

/// Delivers notifications to all receivers.
public final class Dispatcher: Sendable {
  private struct State: Sendable {
    var lanes: [String: ReceiverLane] = [:]
    var pushers: [String: [AlertmanagerPusher]] = [:]
    var isClosed = false
  }

  private let state = Guarded(State())
  private let backoff: DeliveryBackoff
  private let seed: UInt64
  private let time: any TimeSource
  private let log: Log
  private let settled: @Sendable (QueuedNotice, Settlement) -> Void

  /// A dispatcher without receivers; `settled` is called on a receiver's lane and must not block for long.
  public convenience init(
    seed: UInt64, time: any TimeSource, log: Log,
    settled: @escaping @Sendable (QueuedNotice, Settlement) -> Void
  ) {
    self.init(seed: seed, backoff: DeliveryBackoff(), time: time, log: log, settled: settled)
  }

  init(
    seed: UInt64, backoff: DeliveryBackoff, time: any TimeSource, log: Log,
    settled: @escaping @Sendable (QueuedNotice, Settlement) -> Void
  ) {
    self.seed = seed
    self.backoff = backoff
    self.time = time
    self.log = log
    self.settled = settled
  }

  /// Tells the receivers of these rules from now on; those that are gone are told nothing more.
  public func use(_ rules: RuleSet, _ surroundings: Message.Surroundings) throws(SystemError) {
    var gone: [ReceiverLane] = []
    var goneToo: [AlertmanagerPusher] = []
    try state.withLock { state throws(SystemError) in
      let names = Set(rules.receivers.map(\.name))
      for (name, lane) in state.lanes where !names.contains(name) {
        gone.append(lane)
        state.lanes[name] = nil
      }
      goneToo = state.pushers.values.flatMap(\.self)
      state.pushers = [:]
      for receiver in rules.receivers { try use(receiver, rules, surroundings, &state) }
    }
    for pusher in goneToo { pusher.close() }
    for lane in gone { for notice in lane.close() { settled(notice, .failed(.other)) } }
  }

  private func use(
    _ receiver: Receiver, _ rules: RuleSet, _ surroundings: Message.Surroundings, _ state: inout State
  ) throws(SystemError) {
    switch receiver.channel {
    case .webhook(let webhook):
      if let lane = state.lanes[receiver.name] { return lane.use(webhook, givesUpAfter: rules.givesUpAfter) }
      let lane = ReceiverLane(
        receiver.name, webhook, givesUpAfter: rules.givesUpAfter, backoff: backoff, seed: seed, time: time,
        log: log, settled: settled)
      try lane.start()
      state.lanes[receiver.name] = lane
    case .alertmanager(let push):
      var pushers: [AlertmanagerPusher] = []
      for url in push.urls {
        let pusher = AlertmanagerPusher(receiver, push, url, surroundings, time: time, log: log)
        try pusher.start()
        pushers.append(pusher)
      }
      state.pushers[receiver.name] = pushers
    }
  }

  /// A notice with the body that its receiver gets.
  public func prepare(_ notice: Notice, _ rules: RuleSet, externalURL: String) -> QueuedNotice {
    var format = Webhook.Format.alertmanager
    var surroundings = Message.Surroundings(externalURL: externalURL)
    if case .webhook(let webhook) = rules.receivers.first(where: { $0.name == notice.receiver })?.channel {
      format = webhook.format
      if let file = webhook.routingKeyFile, case .success(let key) = SecretFile.read(file) {
        surroundings.routingKey = key
      }
    }
    return QueuedNotice(notice, body: Message.body(of: notice, format, surroundings))
  }

  /// Takes notifications to deliver; for receivers that are not there they are given up.
  public func deliver(_ notices: [QueuedNotice]) {
    for notice in notices {
      if let lane = state.withLock({ $0.lanes[notice.receiver] }) {
        lane.add(notice)
      } else {
        settled(notice, .failed(.other))
      }
    }
  }

  /// Tells the Alertmanagers what fires now, and what has ended since the last time.
  public func push(firing: [Alert], resolved: [Alert]) {
    let pushers = state.withLock { $0.pushers.values.flatMap(\.self) }
    for pusher in pushers { pusher.take(firing: firing, resolved: resolved) }
  }

  /// How each receiver is doing; durations of attempts are given once.
  public func statuses() -> [ReceiverStatus] {
    let (lanes, pushers) = state.withLock { ($0.lanes, $0.pushers) }
    let webhooks = lanes.map { name, lane in
      ReceiverStatus(name, [lane.figures.take()], queueLength: lane.queueLength)
    }
    let pushed = pushers.map { name, pushers in
      ReceiverStatus(name, pushers.map { $0.figures.take() }, queueLength: 0)
    }
    return (webhooks + pushed).sorted { $0.name < $1.name }
  }

  /// Ends all lanes after what is under way.
  public func close() {
    let (lanes, pushers) = state.withLock { state in
      state.isClosed = true
      return (state.lanes, state.pushers)
    }
    for lane in lanes.values { _ = lane.close() }
    for pusher in pushers.values.flatMap(\.self) { pusher.close() }
  }
}

/// How one receiver is doing.
public struct ReceiverStatus: Sendable {
  /// The receiver.
  public let name: String
  /// Notifications delivered.
  public let delivered: UInt64
  /// Attempts made.
  public let attempts: UInt64
  /// Notifications given up, by cause.
  public let failed: [FailureCause: UInt64]
  /// How long attempts took, since the last time.
  public let durations: [Duration]
  /// Notifications that wait.
  public let queueLength: Int

  init(_ name: String, _ counts: [ReceiverFigures.Counts], queueLength: Int) {
    self.name = name
    self.queueLength = queueLength
    delivered = counts.reduce(0) { $0 &+ $1.delivered }
    attempts = counts.reduce(0) { $0 &+ $1.attempts }
    failed = counts.reduce(into: [:]) { $0.merge($1.failed) { $0 &+ $1 } }
    durations = counts.flatMap(\.durations)
  }
}
