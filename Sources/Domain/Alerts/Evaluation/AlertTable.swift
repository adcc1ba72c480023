import Analytics
import Model

/// The alerts of one rule.
struct AlertTable: Sendable {
  let rule: Rule
  private var entries: [Group?: Entry] = [:]
  private var round: UInt64 = 0
  private var overflow: UInt64 = 0
  private let times: AlertLife.Times
  /// When alerts last changed before the start.
  var changes: [Fingerprint: Timestamp] = [:] { didSet { lastChange = changes.values.max() ?? .earliest } }
  /// Whatever happens later is news, and needs no look at whose it is.
  private var lastChange = Timestamp.earliest
  /// Whether a good verdict on what fired before the start may be believed.
  var resolves = true

  private struct Entry {
    var life = AlertLife()
    var alert: Alert
    var round: UInt64
    /// Whether it fired before the start.
    var isRestored = false
  }

  /// The most events that an alert names.
  private static let mostEvents = 10

  init(_ rule: Rule) {
    self.rule = rule
    times = AlertLife.Times(patience: rule.patience, keepsFiringFor: rule.keepsFiringFor)
  }

  var count: Int { entries.count }

  /// Those that are pending or firing.
  var active: [Alert] { entries.values.filter { $0.life.phase != .inactive }.map(\.alert) }

  mutating func takeOverflow() -> UInt64 {
    defer { overflow = 0 }
    return overflow
  }

  /// Judges something that happened.
  mutating func take(
    _ occurrence: Occurrence, since: Timestamp, _ evidence: EvidenceLog, _ room: inout Int
  ) -> [Transition] {
    guard let verdict = verdict(on: occurrence), rule.concerns(occurrence),
      let group = occurrence.group(rule.grouping),
      isNews(occurrence, group)
    else { return [] }
    var measurement = Measurement(group: group, reading: .none, handoffs: 1, failures: 1)
    measurement.cause = occurrence.cause
    return step(measurement, verdict, at: max(since, occurrence.at), evidence, &room)
  }

  /// Whether it was not judged before the start already.
  private func isNews(_ occurrence: Occurrence, _ group: Group?) -> Bool {
    if occurrence.at > lastChange { return true }
    guard let changed = changes[Fingerprint(rule.labels(of: group?.labels ?? []))] else { return true }
    return occurrence.at > changed
  }

  private func verdict(on occurrence: Occurrence) -> Verdict? {
    switch (rule.signal, occurrence.kind) {
    case (.failureEvent, let kind) where kind.isFailure: .bad(1)
    case (.circuitOpen, .circuit(let state)):
      switch state {
      case .open: .bad(1)
      case .halfOpen: nil
      case .closed: .good(0)
      }
    case (.agentUnhealthy, .health(let status)): status >= .degraded ? .bad(1) : .good(0)
    default: nil
    }
  }

  /// Judges how things stand now; what is not measured any more is judged as without data.
  mutating func take(
    _ measurements: [Measurement], at now: Timestamp, _ evidence: EvidenceLog, _ room: inout Int
  ) -> [Transition] {
    round &+= 1
    var transitions: [Transition] = []
    for measurement in measurements {
      transitions += step(measurement, rule.verdict(on: measurement), at: now, evidence, &room)
    }
    // An agent that is gone is not unwell; an event that is over is over.
    let absent: Verdict = rule.signal.kind == .window ? rule.withoutData : .good(nil)
    for (group, entry) in entries where entry.round != round {
      let measurement = Measurement(group: group, reading: .none)
      transitions += step(measurement, absent, at: now, evidence, &room)
    }
    for (group, entry) in entries where entry.life.isForgettable(at: now) { entries[group] = nil }
    return transitions
  }

  private mutating func step(
    _ measurement: Measurement, _ verdict: Verdict, at now: Timestamp, _ evidence: EvidenceLog,
    _ room: inout Int
  ) -> [Transition] {
    guard var entry = entries[measurement.group] ?? beginning(measurement.group, verdict, at: now, &room)
    else {
      return []
    }
    entry.round = round
    var verdict = verdict
    if !resolves, entry.isRestored, case .good = verdict { verdict = .unchanged }
    note(verdict, in: &entry)
    let changes = entry.life.step(verdict, at: now, times)
    var transitions: [Transition] = []
    for change in changes {
      apply(change, to: &entry.alert, at: now, measurement, evidence)
      transitions.append(Transition(at: now, alert: entry.alert))
    }
    entries[measurement.group] = entry
    return transitions
  }

  /// A new entry, if the verdict is worth one.
  private mutating func beginning(
    _ group: Group?, _ verdict: Verdict, at now: Timestamp, _ room: inout Int
  ) -> Entry? {
    guard case .bad = verdict else { return nil }
    guard room > 0 else {
      overflow &+= 1
      return nil
    }
    room -= 1
    let labels = rule.labels(of: group?.labels ?? [])
    let alert = Alert(
      fingerprint: Fingerprint(labels), name: rule.name, severity: rule.severity, state: .inactive,
      labels: labels, annotations: [:], value: nil, threshold: rule.bound.threshold, since: now, events: [])
    return Entry(alert: alert, round: round)
  }

  private func note(_ verdict: Verdict, in entry: inout Entry) {
    switch verdict {
    case .unchanged: break
    case .good(let value):
      // What an event counted stands; it is not measured afterwards.
      if rule.signal != .failureEvent { entry.alert.value = value }
    case .bad(let value):
      let isCounted = rule.signal == .failureEvent && entry.life.firingSince != nil
      entry.alert.value = isCounted ? (entry.alert.value ?? 0) + 1 : value
    }
  }

  private func apply(
    _ change: AlertLife.Change, to alert: inout Alert, at now: Timestamp, _ measurement: Measurement,
    _ evidence: EvidenceLog
  ) {
    switch change {
    case .pending, .firing:
      alert.state = change == .firing ? .firing : .pending
      alert.since = now
      alert.endedAt = nil
      describe(&alert, at: now, measurement, evidence)
    case .resolved, .inactive:
      alert.state = change == .resolved ? .resolved : .inactive
      alert.endedAt = now
      alert.inhibitedBy = nil
    }
  }

  private func describe(
    _ alert: inout Alert, at now: Timestamp, _ measurement: Measurement, _ evidence: EvidenceLog
  ) {
    let reach = max(rule.window, .seconds(60)).microseconds
    let since = Timestamp(microseconds: now.microseconds &- reach)
    let found = evidence.latest(rule, measurement.group, since: since, most: Self.mostEvents)
    let cause = found.first?.cause ?? measurement.cause
    alert.events = found.compactMap { $0.cause?.eventID }
    if alert.events.isEmpty, let event = cause?.eventID { alert.events = [event] }
    let words = AlertWords(
      rule: rule, labels: alert.labels, value: alert.value, handoffs: measurement.handoffs,
      failures: measurement.failures, cause: cause, handoffID: found.first?.handoffID)
    alert.annotations = words.annotations
  }
}

extension AlertTable {
  /// Takes an alert that was stored as firing.
  mutating func restore(_ alert: Alert) {
    let group = Group(rule.grouping, labels: alert.labels)
    guard group != nil || rule.grouping == .fleet,
      Fingerprint(rule.labels(of: group?.labels ?? [])) == alert.fingerprint
    else { return }
    entries[group] = Entry(
      life: AlertLife(firingSince: alert.since), alert: alert, round: round, isRestored: true)
  }

  /// Takes the beginning of an episode from who began it.
  mutating func join(_ fingerprint: Fingerprint, since: Timestamp) {
    for (group, entry) in entries where entry.alert.fingerprint == fingerprint {
      entries[group]?.alert.since = since
    }
  }

  /// Goes on with the alerts of an older form of the rule, if they are the same alerts.
  mutating func takeOver(_ old: AlertTable) -> Bool {
    guard old.rule.grouping == rule.grouping, old.rule.signal == rule.signal,
      old.rule.condition == rule.condition,
      old.rule.severity == rule.severity, old.rule.labels == rule.labels
    else { return false }
    entries = old.entries
    for group in entries.keys { entries[group]?.alert.threshold = rule.bound.threshold }
    return true
  }

  /// What becomes of its alerts when the rule is gone.
  func abandoned(at now: Timestamp) -> [Transition] {
    active.map { alert in
      var alert = alert
      alert.state = alert.state == .firing ? .resolved : .inactive
      alert.endedAt = now
      alert.inhibitedBy = nil
      return Transition(at: now, alert: alert)
    }
  }

  /// Marks each alert beside which one of another rule fires that makes it superfluous.
  mutating func inhibit(by sources: [AlertTable]) {
    guard entries.values.contains(where: { $0.life.phase != .inactive }) else { return }
    var marks: [Group?: String] = [:]
    for source in sources {
      let shared = source.rule.grouping.labels.filter(rule.grouping.labels.contains)
      let firing = Set(source.active.filter { $0.state == .firing }.map { $0.labels.values(of: shared) })
      for (group, entry) in entries where firing.contains(entry.alert.labels.values(of: shared)) {
        marks[group] = marks[group] ?? source.rule.name
      }
    }
    for group in entries.keys { entries[group]?.alert.inhibitedBy = marks[group] }
  }
}

extension [String: String] {
  fileprivate func values(of names: [String]) -> [String] { names.map { self[$0] ?? "" } }
}
