// What sidecars of one database share of alerts: who speaks for which, who judges for all, and the history.
//
//   desk ──claims──▶ AlertSharing ──▶ alert_episodes       within 300 ms, else each speaks for itself
//   lane, each second:  ends, who was told, what is still seen, the history
//                       our last seconds ──▶ window_slices ──▶ those of the others, if we hold the lease
//
// Whoever holds the lease judges the rules over all handoffs, on its own windows and those of the others: each observes
// what the others do not, so the sum is what one sidecar would have seen. When it dies, the next takes over its firing
// alerts with the lease, and first looks at what all have seen, so that nothing resolves for want of data. Before a
// sidecar that no longer holds the lease lets go of an alert, it makes sure that another speaks for it. While the database
// is away each judges by what it knows.
//
// With a private PostgreSQL there is nobody to share with, and only the history is written.
import Alerts
import Model
import Platform
import Spool
import Store

/// Shares alerts with the other sidecars of a database.
final class AlertSharing: Sendable {
  struct State: Sendable {
    var journal: SpoolID?
    /// What is judged for all; nil until the first judgement.
    var rules: FleetRules?
    /// Whose the lease is, as far as the database said lately.
    var lease = FleetRole.Judging.unknown
    var sight = FleetSight()
    /// Alerts that were taken over and that the desk has not fetched yet.
    var episodes: [Episode] = []
    /// The alerts that this sidecar speaks for.
    var owned: Set<Fingerprint> = []
    /// Of those that have ended, the ones of which the database does not know yet.
    var unended: Set<Fingerprint> = []
    /// Those of which the database knows that somebody was told.
    var noted: Set<Fingerprint> = []
    var isUp = false
    /// Since when the database has been away, or is waited for.
    var awaySince: MonotonicInstant
    var isClosed = false
    /// Whether the lane has nothing to do any more.
    var isFinished = false
  }

  /// What it is told by the rest of the sidecar.
  struct Sources: Sendable {
    var ledger: @Sendable () -> AlertLedger?
    var isUp: @Sendable () -> Bool
    /// How the handoffs of all sidecars stand; nil where nobody can be asked.
    var standing: @Sendable () throws(StoreError) -> FleetStanding?
  }

  static let patience = Duration.milliseconds(300)
  /// A database that is away for longer is not waited for with judging.
  private static let awayAfter = Duration.seconds(5)

  let isPrivate: Bool
  let instance: String
  let spool: SpoolID
  let sources: Sources
  let gate: Gate<State>
  let time: any TimeSource
  let log: Log

  init(
    isPrivate: Bool, instance: String, spool: SpoolID, sources: Sources, time: any TimeSource, log: Log
  ) {
    self.isPrivate = isPrivate
    self.instance = instance
    self.spool = spool
    self.sources = sources
    self.time = time
    self.log = log
    // At the start the database is given a little longer.
    gate = Gate(State(awaySince: time.now() + .seconds(10)))
  }

  /// The journal whose changes are written, and the alerts that are ours from before.
  func use(_ journal: SpoolID, owned: some Sequence<Fingerprint>) {
    gate.withLock { state in
      state.journal = journal
      state.owned.formUnion(owned)
    }
  }

  /// What we are to the rules that one sidecar judges for all; alerts that were taken over are given once.
  func role(for rules: RuleSet) -> FleetRole {
    if isPrivate { return FleetRole(judging: .ours, sight: FleetSight(), episodes: []) }
    let isUp = sources.isUp()
    let now = time.now()
    return gate.withLock { state in
      state.rules = FleetRules(rules)
      note(isUp, at: now, &state)
      let isAway = !isUp && now - state.awaySince >= Self.awayAfter
      defer { state.episodes = [] }
      return FleetRole(
        judging: isAway ? .ours : state.lease, sight: state.sight, episodes: state.episodes)
    }
  }

  /// Notes whether the database is up.
  func note(_ isUp: Bool, at now: MonotonicInstant, _ state: inout State) {
    if state.isUp, !isUp { state.awaySince = now }
    state.isUp = isUp
    if !isUp { state.lease = .unknown }
  }

  /// Whether this sidecar speaks for an alert.
  func owns(_ fingerprint: Fingerprint) -> Bool { gate.withLock { $0.owned.contains(fingerprint) } }

  /// Tries to speak for alerts; without an answer in time all are ours.
  func claim(_ alerts: [Alert]) -> [Fingerprint: AlertLedger.Claim] {
    var claims: [Fingerprint: AlertLedger.Claim] = [:]
    for alert in alerts { claims[alert.fingerprint] = .new }
    if let answers = ask(alerts) { claims.merge(answers) { $1 } }
    own(claims)
    return claims
  }

  /// Who speaks for alerts that we want to let go; nil without an answer.
  func release(_ alerts: [Alert]) -> [Fingerprint: AlertLedger.Claim]? {
    guard let answers = ask(alerts) else { return nil }
    own(answers)
    return answers
  }

  private func own(_ claims: [Fingerprint: AlertLedger.Claim]) {
    gate.withLock { state in
      for (fingerprint, claim) in claims {
        if case .others = claim {
          state.owned.remove(fingerprint)
          state.noted.remove(fingerprint)
        } else {
          state.owned.insert(fingerprint)
        }
      }
    }
  }

  private func ask(_ alerts: [Alert]) -> [Fingerprint: AlertLedger.Claim]? {
    guard !isPrivate, sources.isUp(), let ledger = sources.ledger() else { return nil }
    do throws(StoreError) {
      try endAll(ledger)
      let answers = try ledger.claim(alerts.map { Episode($0) }, within: Self.patience)
      return Dictionary(
        answers.compactMap { name, claim in Fingerprint(name).map { ($0, claim) } }, uniquingKeysWith: { $1 })
    } catch {
      log(
        .warning, "cannot ask who speaks for an alert; it is told from here, perhaps a second time",
        ["error": .of(error)])
      return nil
    }
  }

  /// Says that alerts of ours have ended; the database is told as soon as it answers.
  func end(_ fingerprints: [Fingerprint]) {
    if isPrivate { return }
    gate.withLock { state in
      for fingerprint in fingerprints where state.owned.remove(fingerprint) != nil {
        state.unended.insert(fingerprint)
        state.noted.remove(fingerprint)
      }
    }
    gate.broadcast()
  }

  /// Tells the database of what has ended.
  func endAll(_ ledger: AlertLedger) throws(StoreError) {
    let ended = gate.withLock { $0.unended }
    guard !ended.isEmpty else { return }
    try ledger.end(ended.map(\.description), within: Self.patience)
    gate.withLock { $0.unended.subtract(ended) }
  }

  /// Starts the lane.
  func start(_ keeper: AlertKeeper) throws(SystemError) -> Lane {
    try Lane(name: "alert-sharing") { [self] in
      var lane = SharingLane(self, keeper)
      lane.run()
      gate.withLock { $0.isFinished = true }
      gate.broadcast()
    }
  }

  /// Lets the lane end, and gives it a moment to leave in order while the database is still there.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
    _ = gate.wait(until: time.now() + .seconds(1)) { $0.isFinished ? true : nil }
  }
}
