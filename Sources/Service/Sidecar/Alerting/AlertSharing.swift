import Alerts
import Bytes
import Model
import Platform
import Spool
import Store

/// What sidecars of one database share of alerts: who speaks for which, who judges for all, and the history.
///
/// With a private PostgreSQL there is nobody to share with, and only the history is written. A database that does not
/// answer is not waited for: then each sidecar speaks and judges for itself.
final class AlertSharing: Sendable {
  private struct State: Sendable {
    var journal: SpoolID?
    var holdsLease = false
    var owned: Set<Fingerprint> = []
    var isClosed = false
  }

  private static let lease = "alerts.fleet"
  private static let patience = Duration.milliseconds(300)
  private static let pace = Duration.seconds(1)
  private static let batch = 200

  private let isPrivate: Bool
  private let instance: String
  private let ledger: @Sendable () -> AlertLedger?
  private let isUp: @Sendable () -> Bool
  private let gate = Gate(State())
  private let time: any TimeSource
  private let log: Log

  init(
    isPrivate: Bool, instance: String, ledger: @escaping @Sendable () -> AlertLedger?,
    isUp: @escaping @Sendable () -> Bool, time: any TimeSource, log: Log
  ) {
    self.isPrivate = isPrivate
    self.instance = instance
    self.ledger = ledger
    self.isUp = isUp
    self.time = time
    self.log = log
  }

  /// The journal whose changes are written.
  func use(_ journal: SpoolID) { gate.withLock { $0.journal = journal } }

  /// Whether rules over all handoffs are ours to judge.
  var judgesFleet: Bool { isPrivate || !isUp() || gate.withLock { $0.holdsLease } }

  /// Whether this sidecar speaks for an alert.
  func owns(_ fingerprint: Fingerprint) -> Bool { gate.withLock { $0.owned.contains(fingerprint) } }

  /// Tries to speak for alerts; without an answer in time all are ours.
  func claim(_ alerts: [Alert]) -> [Fingerprint: AlertLedger.Claim] {
    var claims: [Fingerprint: AlertLedger.Claim] = [:]
    for alert in alerts { claims[alert.fingerprint] = .new }
    if !isPrivate, isUp(), let ledger = ledger() {
      do throws(StoreError) {
        let answers = try ledger.claim(
          alerts.map { ($0.fingerprint.description, $0.since) }, within: Self.patience)
        for alert in alerts { claims[alert.fingerprint] = answers[alert.fingerprint.description] ?? .new }
      } catch {
        log(
          .warning, "cannot ask who speaks for an alert; it is told from here, perhaps a second time",
          ["error": .of(error)])
      }
    }
    let own = Set(claims.filter { if case .others = $0.value { false } else { true } }.keys)
    gate.withLock { $0.owned.formUnion(own) }
    return claims
  }

  /// Says that alerts of ours have ended.
  func end(_ fingerprints: [Fingerprint]) {
    let ours = gate.withLock { state in
      let ours = fingerprints.filter(state.owned.contains)
      state.owned.subtract(ours)
      return ours
    }
    guard !ours.isEmpty, !isPrivate, isUp(), let ledger = ledger() else { return }
    do throws(StoreError) {
      try ledger.end(ours.map(\.description), within: Self.patience)
    } catch {
      log(
        .warning, "cannot say that an alert has ended; another sidecar waits until nobody sees it",
        ["error": .of(error)])
    }
  }

  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  /// Starts the lane that writes the history, holds the lease, and says what is still seen.
  func start(_ keeper: AlertKeeper) throws(SystemError) -> Lane {
    try Lane(name: "alert-sharing") { [self] in
      var round = 0
      while gate.wait(until: time.now() + Self.pace, { $0.isClosed ? true : nil }) == nil {
        round += 1
        guard isUp(), let ledger = ledger() else { continue }
        do throws(StoreError) {
          try ship(keeper, ledger)
          if isPrivate { continue }
          if round % 3 == 1 { try renew(ledger) }
          if round % 20 == 0 { try keep(ledger) }
        } catch {
          log(.warning, "cannot write of alerts; it is tried again", ["error": .of(error)])
        }
      }
    }
  }

  private func renew(_ ledger: AlertLedger) throws(StoreError) {
    do throws(StoreError) {
      let isHeld = try ledger.hold(Self.lease, for: .seconds(15), within: .seconds(3))
      gate.withLock { $0.holdsLease = isHeld }
    } catch {
      gate.withLock { $0.holdsLease = false }
      throw error
    }
  }

  private func keep(_ ledger: AlertLedger) throws(StoreError) {
    let owned = gate.withLock { $0.owned }
    if !owned.isEmpty { try ledger.keep(owned.map(\.description), within: .seconds(3)) }
  }

  private func ship(_ keeper: AlertKeeper, _ ledger: AlertLedger) throws(StoreError) {
    guard let journal = gate.withLock({ $0.journal }) else { return }
    let waiting = Array(keeper.view.withLock { $0.unshipped }.prefix(Self.batch))
    guard let last = waiting.last else { return }
    try ledger.record(
      waiting.map { StoredTransition($0) }, of: journal, instance: instance, within: .seconds(5))
    keeper.inbox.putShipped(below: last.number + 1)
  }
}

extension StoredTransition {
  init(_ unshipped: AlertMemory.Unshipped) {
    let alert = unshipped.transition.alert
    self.init(
      at: unshipped.transition.at, fingerprint: alert.fingerprint.description, alert: alert.name,
      severity: alert.severity.rawValue, state: alert.state.rawValue, labels: Self.json(alert.labels),
      annotations: Self.json(alert.annotations), value: alert.value, threshold: alert.threshold,
      since: alert.since, events: Self.json(alert.events), notified: unshipped.notified,
      number: unshipped.number)
  }

  private static func json(_ values: [String: String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.member(name, clean(value)) }
    }
    return writer.bytes
  }

  private static func json(_ values: [String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.array(values) { $0.text(clean($1)) }
    return writer.bytes
  }

  /// PostgreSQL's text knows no NUL.
  private static func clean(_ text: String) -> String { text.replacing("\0", with: "") }
}
