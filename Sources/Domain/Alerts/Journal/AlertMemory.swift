// What has to survive the process: which alerts fire, who was told of what, what is still to be delivered, and which
// changes the database has not got yet. It is a fold over the journal, so after a restart it is what it was.
public import Model

/// Everything that is remembered of alerts.
public struct AlertMemory: Equatable, Sendable {
  /// A change that the database has not got yet.
  public struct Unshipped: Equatable, Sendable {
    /// Its number.
    public var number: UInt64
    /// The change.
    public var transition: Transition
    /// Whether anybody was told.
    public var notified: Bool
  }

  /// The alerts that fire, and those that have ended and of whose end not everybody was told.
  public private(set) var alerts: [Fingerprint: Alert] = [:]
  /// Who was told of what, by receiver.
  public private(set) var told: [String: [Fingerprint: Announcer.Told]] = [:]
  /// What is still to be delivered, in order.
  public private(set) var waiting: [QueuedNotice] = []
  /// What the database has not got yet, in order.
  public private(set) var unshipped: [Unshipped] = []
  /// The number of the next change.
  public private(set) var nextNumber: UInt64 = 1
  /// Until when everything was judged.
  public private(set) var judgedUntil = Timestamp(microseconds: 0)
  /// Changes that were dropped because the database was away for too long.
  public private(set) var dropped: UInt64 = 0

  /// The most changes that wait for the database.
  static let mostUnshipped = 20_000

  /// A memory of nothing.
  public init() {}

  /// Takes one line of the journal.
  public mutating func apply(_ entry: JournalEntry) {
    switch entry {
    case .restart: self = AlertMemory()
    case .transition(let number, let transition, let notified): take(number, transition, notified)
    case .standing(let alert): alerts[alert.fingerprint] = alert
    case .told(let receiver, let fingerprint, let told): self.told[receiver, default: [:]][fingerprint] = told
    case .forgotten(let receiver, let fingerprint):
      told[receiver]?[fingerprint] = nil
      dropIfDone(fingerprint)
    case .notice(let notice): if !waiting.contains(where: { $0.id == notice.id }) { waiting.append(notice) }
    case .settled(let id): waiting.removeAll { $0.id == id }
    case .shipped(let number):
      unshipped.removeAll { $0.number < number }
      nextNumber = max(nextNumber, number)
    case .judged(let moment): judgedUntil = max(judgedUntil, moment)
    case .handedOver(let fingerprint):
      alerts[fingerprint] = nil
      for receiver in told.keys { told[receiver]?[fingerprint] = nil }
    }
  }

  private mutating func take(_ number: UInt64, _ transition: Transition, _ notified: Bool) {
    nextNumber = max(nextNumber, number &+ 1)
    judgedUntil = max(judgedUntil, transition.at)
    unshipped.append(Unshipped(number: number, transition: transition, notified: notified))
    if unshipped.count > Self.mostUnshipped {
      unshipped.removeFirst()
      dropped &+= 1
    }
    switch transition.alert.state {
    case .firing: alerts[transition.alert.fingerprint] = transition.alert
    case .resolved:
      alerts[transition.alert.fingerprint] = transition.alert
      dropIfDone(transition.alert.fingerprint)
    case .pending, .inactive: break
    }
  }

  /// Forgets an alert that has ended and of whose end everybody was told.
  private mutating func dropIfDone(_ fingerprint: Fingerprint) {
    guard alerts[fingerprint]?.state == .resolved else { return }
    if !told.values.contains(where: { $0[fingerprint] != nil }) { alerts[fingerprint] = nil }
  }

  /// The alerts that fire.
  public var firing: [Alert] { alerts.values.filter { $0.state == .firing } }
  /// The alerts that have ended and of whose end not everybody was told.
  public var ended: [Alert] { alerts.values.filter { $0.state == .resolved } }

  /// The lines that say all of this, for a journal that begins anew.
  public var lines: [JournalEntry] {
    var lines: [JournalEntry] = [
      .restart, .judged(until: judgedUntil), .shipped(below: unshipped.first?.number ?? nextNumber),
    ]
    lines += unshipped.map { .transition(number: $0.number, $0.transition, notified: $0.notified) }
    lines += alerts.values.sorted { $0.fingerprint < $1.fingerprint }.map { .standing($0) }
    for (receiver, marks) in told.sorted(by: { $0.key < $1.key }) {
      lines += marks.sorted { $0.key < $1.key }.map { .told(receiver: receiver, $0.key, $0.value) }
    }
    return lines + waiting.map { .notice($0) }
  }
}

extension JournalEntry {
  /// What a notice says of who was told: the lines that go with it.
  public static func marks(of notice: Notice) -> [JournalEntry] {
    notice.alerts.map { alert in
      guard alert.state == .firing else { return .forgotten(receiver: notice.receiver, alert.fingerprint) }
      let told = Announcer.Told(since: alert.since, at: notice.at, repetition: notice.repetition)
      return .told(receiver: notice.receiver, alert.fingerprint, told)
    }
  }
}
