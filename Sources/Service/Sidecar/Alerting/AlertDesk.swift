import Alerts
import Analytics
import Delivery
import Model
import Platform
import Store

/// What the lane of alerts works on; nobody else touches it.
struct AlertDesk {
  private(set) var rules: RuleSet
  private var evaluator: Evaluator
  private var announcer: Announcer
  private var journal: AlertJournal
  private var figures = AlertFigures()
  /// Alerts that fire here and that another sidecar speaks for; when they were last asked for.
  private var joined: [Fingerprint: Timestamp] = [:]
  private var judgedUntil: Timestamp
  private let address: String
  private unowned let keeper: AlertKeeper

  /// What is older is no news, whoever tells of it.
  private static let newsFor: Int64 = 300_000_000
  /// Between the fold's time of what happens and ours.
  private static let slack: Int64 = 2_000_000
  /// As often as this an alert of another sidecar is asked for again.
  private static let asksEvery: Int64 = 10_000_000

  init(_ rules: RuleSet, _ journal: AlertJournal, _ keeper: AlertKeeper, address: String, now: Timestamp) {
    self.rules = rules
    self.journal = journal
    self.keeper = keeper
    self.address = address
    evaluator = Evaluator(rules)
    announcer = Announcer(rules)
    let memory = journal.memory
    judgedUntil = max(memory.judgedUntil, Timestamp(microseconds: now.microseconds &- Self.newsFor))
    evaluator.restore(memory.firing, changes: journal.changes)
    for (receiver, marks) in memory.told {
      for (fingerprint, told) in marks { announcer.restore(fingerprint, receiver, told) }
    }
    let known = Set(evaluator.alerts.map(\.fingerprint))
    abandon(memory.firing.filter { !known.contains($0.fingerprint) }, at: now)
  }

  var externalURL: String { rules.externalURL ?? address }

  /// Notes what was delivered, and what the database has.
  mutating func settle(_ content: AlertInbox.Content) {
    var entries = content.settled.map { JournalEntry.settled(id: $0) }
    if let number = content.shippedBelow { entries.append(.shipped(below: number)) }
    if !entries.isEmpty { journal.append(entries) }
  }

  /// Goes by other rules.
  mutating func replace(_ new: RuleSet, at now: Timestamp) {
    let transitions = evaluator.replace(new, at: now)
    rules = new
    announcer.replace(new)
    conclude(transitions, at: now)
  }

  /// What fired by a rule that is no more has ended.
  private mutating func abandon(_ alerts: [Alert], at now: Timestamp) {
    let transitions = alerts.map { alert in
      var alert = alert
      alert.state = .resolved
      alert.endedAt = now
      return Transition(at: now, alert: alert)
    }
    if !transitions.isEmpty { conclude(transitions, at: now) }
  }

  /// Judges what happened and how things stand, and tells whom it concerns.
  mutating func judge(
    _ snapshot: Snapshot, _ occurrences: [Occurrence], own: Alerts.OwnFigures, knowsPast: Bool
  ) {
    let role = keeper.sharing.role(for: rules)
    adopt(role.episodes, at: snapshot.at)
    if role.judging == .others { standDown(at: snapshot.at) }
    let since = judgedUntil.microseconds &- Self.slack
    let news = occurrences.filter { $0.at.microseconds >= since }
    let transitions = evaluator.evaluate(
      snapshot, news, own: own, sight: role.sight, judgesFleet: role.judging == .ours, knowsPast: knowsPast)
    judgedUntil = max(judgedUntil, snapshot.at)
    figures.noteEvaluation(of: rules, values: evaluator.values, at: snapshot.at)
    conclude(transitions, at: snapshot.at)
  }

  private mutating func conclude(_ transitions: [Transition], at now: Timestamp) {
    claim(evaluator.alerts.filter { $0.state == .firing }, at: now)
    let firing = evaluator.alerts.filter { $0.state == .firing }
    let transitions = joining(transitions, firing)
    let present = Set(firing.map(\.fingerprint))
    let ended = journal.memory.ended.filter { !present.contains($0.fingerprint) }
    let resolved = ended + transitions.map(\.alert).filter { $0.state == .resolved }
    let mine = firing.filter { joined[$0.fingerprint] == nil }
    let notices = announcer.decide(firing: mine, resolved: unique(resolved), at: now)
    write(transitions, notices, at: now)
    keeper.dispatcher.push(firing: mine, resolved: transitions.map(\.alert).filter { $0.state == .resolved })
    let gone = transitions.map(\.alert).filter { $0.state == .resolved && joined[$0.fingerprint] == nil }
    keeper.sharing.end(gone.map(\.fingerprint))
    for alert in gone { joined[alert.fingerprint] = nil }
    joined = joined.filter { present.contains($0.key) }
    publish(transitions, mine)
  }

  /// The changes, as of the episodes that they turned out to belong to.
  private func joining(_ transitions: [Transition], _ firing: [Alert]) -> [Transition] {
    let starts = Dictionary(firing.map { ($0.fingerprint, $0.since) }) { $1 }
    return transitions.map { transition in
      var transition = transition
      if transition.alert.state == .firing, let since = starts[transition.alert.fingerprint] {
        transition.alert.since = since
      }
      return transition
    }
  }

  private func unique(_ alerts: [Alert]) -> [Alert] {
    var seen: Set<Fingerprint> = []
    return alerts.filter { seen.insert($0.fingerprint).inserted }
  }

  /// Asks who speaks for alerts that are new here, or that another sidecar spoke for a while ago.
  private mutating func claim(_ firing: [Alert], at now: Timestamp) {
    let wanted = firing.filter { alert in
      if let asked = joined[alert.fingerprint] {
        return now.microseconds &- asked.microseconds >= Self.asksEvery
      }
      return !announcer.hasTold(alert) && alert.inhibitedBy == nil && !keeper.sharing.owns(alert.fingerprint)
    }
    guard !wanted.isEmpty else { return }
    let claims = keeper.sharing.claim(wanted)
    for alert in wanted {
      switch claims[alert.fingerprint] ?? .new {
      case .new: joined[alert.fingerprint] = nil
      case .others: joined[alert.fingerprint] = now
      case .inherited(let since, let isTold):
        joined[alert.fingerprint] = nil
        evaluator.join(alert.fingerprint, since: since)
        var alert = alert
        alert.since = since
        journal.append([.standing(alert)] + (isTold ? markTold(alert, at: now) : []))
      }
    }
  }

  /// Notes that whoever wants to know of an alert was told, by another sidecar.
  private mutating func markTold(_ alert: Alert, at now: Timestamp) -> [JournalEntry] {
    let told = Announcer.Told(since: alert.since, at: now)
    return rules.receivers.filter { $0.wants(alert.severity, alert.labels) }.map { receiver in
      announcer.restore(alert.fingerprint, receiver.name, told)
      return .told(receiver: receiver.name, alert.fingerprint, told)
    }
  }

  /// Goes on with alerts that were another sidecar's.
  private mutating func adopt(_ episodes: [Episode], at now: Timestamp) {
    guard !episodes.isEmpty else { return }
    let known = Dictionary(evaluator.alerts.map { ($0.fingerprint, $0) }) { $1 }
    var entries: [JournalEntry] = []
    var adopted: [Alert] = []
    for alert in episodes.compactMap({ episode in episode.standing.map { (episode, $0) } }) {
      let (episode, standing) = alert
      joined[standing.fingerprint] = nil
      if let own = known[standing.fingerprint], announcer.hasTold(own) { continue }
      if known[standing.fingerprint]?.state == .firing {
        evaluator.join(standing.fingerprint, since: standing.since)
      } else {
        evaluator.restore([standing])
      }
      entries.append(.standing(standing))
      if episode.isTold { entries += markTold(standing, at: now) }
      adopted.append(standing)
    }
    if !entries.isEmpty { journal.append(entries) }
    let firing = Set(evaluator.alerts.filter { $0.state == .firing }.map(\.fingerprint))
    // Of a rule that we do not have nobody can say how it goes on.
    abandon(adopted.filter { !firing.contains($0.fingerprint) }, at: now)
    // Whoever was not told is told before it is judged anew, and perhaps found to have ended.
    conclude([], at: now)
  }

  /// Lets go of the alerts that another sidecar judges for all: it speaks for them, or they have ended.
  private mutating func standDown(at now: Timestamp) {
    let alerts = evaluator.fleetAlerts
    guard !alerts.isEmpty else { return }
    let firing = alerts.filter { $0.state == .firing && joined[$0.fingerprint] == nil }
    guard let claims = firing.isEmpty ? [:] : keeper.sharing.release(firing) else { return }
    evaluator.releaseFleet()
    var entries: [JournalEntry] = []
    var ended: [Alert] = []
    for alert in alerts where alert.state == .firing {
      joined[alert.fingerprint] = nil
      if case .others = claims[alert.fingerprint] ?? .others {
        announcer.handOver(alert.fingerprint)
        entries.append(.handedOver(alert.fingerprint))
      } else {
        ended.append(alert)
      }
    }
    if !entries.isEmpty { journal.append(entries) }
    abandon(ended, at: now)
  }

  /// Puts everything on disk; what is to be delivered goes out when it is there, or when it cannot be.
  private mutating func write(_ transitions: [Transition], _ notices: [Notice], at now: Timestamp) {
    guard !transitions.isEmpty || !notices.isEmpty else { return }
    var number = journal.memory.nextNumber
    var entries: [JournalEntry] = []
    let told = Set(notices.flatMap(\.alerts).map(\.fingerprint))
    for transition in transitions {
      let isTold = told.contains(transition.alert.fingerprint) || announcer.hasTold(transition.alert)
      entries.append(.transition(number: number, transition, notified: isTold))
      number += 1
    }
    let queued = notices.map { keeper.dispatcher.prepare($0, rules, externalURL: externalURL) }
    for (notice, waiting) in zip(notices, queued) {
      entries += JournalEntry.marks(of: notice)
      entries.append(.notice(waiting))
    }
    entries.append(.judged(until: now))
    let dispatcher = keeper.dispatcher
    journal.append(entries) { _ in dispatcher.deliver(queued) }
  }

  private mutating func publish(_ transitions: [Transition], _ mine: [Alert]) {
    for transition in transitions { figures.note(transition) }
    figures.counts = evaluator.counts
    let (alerts, figures, unshipped) = (evaluator.alerts, figures, journal.memory.unshipped)
    let told = told(mine)
    keeper.view.withLock { view in
      view.alerts = alerts
      view.figures = figures
      view.unshipped = unshipped
      view.told = told
    }
  }

  /// The alerts whose pages have arrived, or were given up.
  private func told(_ alerts: [Alert]) -> Set<Fingerprint> {
    let memory = journal.memory
    let waiting = Set(memory.waiting.flatMap(\.fingerprints))
    let told = alerts.filter { alert in
      !waiting.contains(alert.fingerprint.value)
        && memory.told.values.contains { $0[alert.fingerprint]?.since == alert.since }
    }
    return Set(told.map(\.fingerprint))
  }

  func close() { journal.close() }
}
