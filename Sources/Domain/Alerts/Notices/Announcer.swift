// Who is told what, and when.
//
// Each alert that begins to fire is announced once to each receiver that wants it, reminded of as long as it
// fires, and announced as resolved once. Critical ones go out at once and alone; the others wait a few seconds for
// their like. In a storm, when very many of one name come at once, critical ones are put together as well: twenty
// pages tell what ten thousand would. What another alert inhibits is not announced, but is if the other
// ends first. Nothing is announced as resolved that was never announced as firing.
public import Model

/// Decides on notices; a pure machine that is told the time.
public struct Announcer: Sendable {
  /// What a receiver was told of an alert.
  public struct Told: Equatable, Sendable {
    /// Since when the alert fires of which it was told.
    public var since: Timestamp
    /// When it was last told.
    public var at: Timestamp
    /// How often it was reminded.
    public var repetition: Int64

    /// Something told.
    public init(since: Timestamp, at: Timestamp, repetition: Int64 = 0) {
      self.since = since
      self.at = at
      self.repetition = repetition
    }
  }

  private struct Topic: Hashable {
    var receiver: String
    var name: String
  }

  private struct Gathering {
    var due: Timestamp
    var firing: [Alert] = []
    var resolved: [Alert] = []
    var repetition: Int64 = 0
  }

  private var rules: RuleSet
  private var told: [String: [Fingerprint: Told]] = [:]
  private var gatherings: [Topic: Gathering] = [:]

  /// More critical alerts of one name at once than this are put together.
  static let storm = 20
  /// The most alerts in one notice.
  static let mostAlerts = 100

  /// An announcer that has told nobody anything.
  public init(_ rules: RuleSet) {
    self.rules = rules
  }

  /// Goes by other receivers from now on; what those that stay were told is not told again.
  public mutating func replace(_ rules: RuleSet) {
    self.rules = rules
    let names = Set(rules.receivers.map(\.name))
    told = told.filter { names.contains($0.key) }
    gatherings = gatherings.filter { names.contains($0.key.receiver) }
  }

  /// Takes what was told before a restart.
  public mutating func restore(_ fingerprint: Fingerprint, _ receiver: String, _ past: Told) {
    told[receiver, default: [:]][fingerprint] = past
  }

  /// Forgets who was told of an alert, for which somebody else speaks from now on.
  public mutating func handOver(_ fingerprint: Fingerprint) {
    for receiver in told.keys { told[receiver]?[fingerprint] = nil }
    for topic in gatherings.keys {
      gatherings[topic]?.firing.removeAll { $0.fingerprint == fingerprint }
      gatherings[topic]?.resolved.removeAll { $0.fingerprint == fingerprint }
    }
  }

  /// Whether anybody was told, or is about to be, that the alert fires.
  public func hasTold(_ alert: Alert) -> Bool {
    told.values.contains { $0[alert.fingerprint]?.since == alert.since }
  }

  /// Decides what is to be told now, given all alerts that fire and those that were resolved since the last time.
  public mutating func decide(firing: [Alert], resolved: [Alert], at now: Timestamp) -> [Notice] {
    var notices: [Notice] = []
    for receiver in rules.receivers {
      guard case .webhook(let webhook) = receiver.channel else { continue }
      var urgent: [String: [(Alert, Int64)]] = [:]
      for alert in firing {
        guard let repetition = repetition(of: alert, receiver, now) else { continue }
        announce(alert, receiver, webhook, repetition, now, &urgent)
      }
      for alert in resolved where forget(alert, receiver) {
        announce(alert, receiver, webhook, 0, now, &urgent)
      }
      notices += urgent.sorted { $0.key < $1.key }.flatMap { notice($1, receiver, webhook, now) }
    }
    return notices + gathered(at: now)
  }

  /// When something that is being gathered is due.
  public var nextDue: Timestamp? { gatherings.values.map(\.due).min() }

  /// Nil if there is nothing to tell; otherwise the number of the reminder, 0 for the first time.
  private func repetition(of alert: Alert, _ receiver: Receiver, _ now: Timestamp) -> Int64? {
    guard alert.inhibitedBy == nil, receiver.wants(alert.severity, alert.labels) else { return nil }
    guard let told = told[receiver.name]?[alert.fingerprint], told.since == alert.since else { return 0 }
    let isDue = now.microseconds &- told.at.microseconds >= rules.repeatsEvery.microseconds
    return isDue ? told.repetition + 1 : nil
  }

  /// Forgets that a receiver was told of an alert; false if it never was.
  private mutating func forget(_ alert: Alert, _ receiver: Receiver) -> Bool {
    guard let known = told[receiver.name]?[alert.fingerprint], known.since == alert.since else {
      return false
    }
    told[receiver.name]?[alert.fingerprint] = nil
    return true
  }

  private mutating func announce(
    _ alert: Alert, _ receiver: Receiver, _ webhook: Webhook, _ repetition: Int64, _ now: Timestamp,
    _ urgent: inout [String: [(Alert, Int64)]]
  ) {
    if alert.state == .firing {
      told[receiver.name, default: [:]][alert.fingerprint] = Told(
        since: alert.since, at: now, repetition: repetition)
    }
    // PagerDuty knows one alert an event.
    if alert.severity == .critical || webhook.format == .pagerduty || rules.groupWait == .zero {
      urgent[alert.name, default: []].append((alert, repetition))
      return
    }
    let topic = Topic(receiver: receiver.name, name: alert.name)
    let due = Timestamp(microseconds: now.microseconds &+ rules.groupWait.microseconds)
    var gathering = gatherings[topic] ?? Gathering(due: due)
    if alert.state == .firing { gathering.firing.append(alert) } else { gathering.resolved.append(alert) }
    gathering.repetition = max(gathering.repetition, repetition)
    gatherings[topic] = gathering
  }

  /// One notice an alert, or few for very many.
  private func notice(
    _ alerts: [(alert: Alert, repetition: Int64)], _ receiver: Receiver, _ webhook: Webhook, _ now: Timestamp
  ) -> [Notice] {
    if alerts.count > Self.storm, webhook.format != .pagerduty {
      let repetition = alerts.map(\.repetition).max() ?? 0
      let (firing, resolved) = (
        alerts.map(\.alert).filter { $0.state == .firing }, alerts.map(\.alert).filter { $0.state != .firing }
      )
      return together(firing, receiver.name, repetition, now)
        + together(resolved, receiver.name, repetition, now)
    }
    return alerts.map { alert, repetition in
      Notice(to: receiver.name, [alert], groupLabels: alert.labels, at: now, repetition: repetition)
    }
  }

  private func together(
    _ alerts: [Alert], _ receiver: String, _ repetition: Int64, _ now: Timestamp
  ) -> [Notice] {
    stride(from: 0, to: alerts.count, by: Self.mostAlerts).map { start in
      let chunk = Array(alerts[start..<min(start + Self.mostAlerts, alerts.count)])
      return Notice(
        to: receiver, chunk, groupLabels: ["alertname": chunk[0].name], at: now, repetition: repetition)
    }
  }

  private mutating func gathered(at now: Timestamp) -> [Notice] {
    let due = gatherings.filter { $0.value.due <= now }.sorted {
      ($0.value.due, $0.key.receiver, $0.key.name) < ($1.value.due, $1.key.receiver, $1.key.name)
    }
    var notices: [Notice] = []
    for (topic, gathering) in due {
      gatherings[topic] = nil
      notices += together(gathering.firing, topic.receiver, gathering.repetition, now)
      notices += together(gathering.resolved, topic.receiver, 0, now)
    }
    return notices
  }
}
