import Alerts
import Analytics
import Model
import Platform
import Spool
import Store

/// What the lane that shares alerts does, a second after the other.
struct SharingLane {
  private let sharing: AlertSharing
  private let keeper: AlertKeeper
  private var round = 0
  /// Whether another sidecar has used the database within a day.
  private var hasOthers = false
  /// Slices from here on were not written since they were last changed.
  private var published = Timestamp.earliest
  private var knewPast = false
  /// When the latest slice of others that we know was written.
  private var seen = Timestamp.earliest
  private var isLeading = false
  /// The rules by which it was taken over what fires.
  private var rules: FleetRules?

  private static let lease = "alerts.fleet"
  private static let leaseLength = Duration.seconds(15)
  private static let pace = Duration.seconds(1)
  private static let batch = 1_000
  private static let patience = Duration.seconds(3)
  private static let day: Int64 = 86_400_000_000
  /// The longest window and a little more.
  private static let reach: Int64 = 1_900_000_000
  /// What commits a little later than it was written is not passed over.
  private static let overlap: Int64 = 5_000_000

  init(_ sharing: AlertSharing, _ keeper: AlertKeeper) {
    self.sharing = sharing
    self.keeper = keeper
  }

  private func isOver(_ state: AlertSharing.State) -> Bool { state.isClosed || !state.unended.isEmpty }

  mutating func run() {
    while true {
      let deadline = sharing.time.now() + Self.pace
      let isClosed = sharing.gate.wait(until: deadline) { isOver($0) ? $0.isClosed : nil } ?? false
      let isUp = sharing.sources.isUp()
      let now = sharing.time.now()
      sharing.gate.withLock { sharing.note(isUp, at: now, &$0) }
      if !isUp { isLeading = false }
      guard isUp, let ledger = sharing.sources.ledger() else {
        if isClosed { return }
        rest()
        continue
      }
      if isClosed { return leave(ledger) }
      work(ledger)
      if sharing.gate.withLock({ !$0.unended.isEmpty }) { rest() }
    }
  }

  /// Waits although something has ended that the database does not know yet.
  private func rest() {
    _ = sharing.gate.wait(until: sharing.time.now() + Self.pace) { $0.isClosed ? true : nil }
  }

  private mutating func work(_ ledger: AlertLedger) {
    attempt { lane throws(StoreError) in try lane.ship(ledger) }
    if sharing.isPrivate { return }
    attempt { lane throws(StoreError) in try lane.sharing.endAll(ledger) }
    attempt { lane throws(StoreError) in try lane.noteTold(ledger) }
    attempt { lane throws(StoreError) in try lane.publish(ledger) }
    attempt { lane throws(StoreError) in if lane.round % 3 == 0 || lane.isLeading { try lane.lead(ledger) } }
    attempt { lane throws(StoreError) in if lane.round % 60 == 30 { try lane.tidy(ledger) } }
    attempt { lane throws(StoreError) in if lane.round % 20 == 10 { try lane.keep(ledger) } }
    round += 1
  }

  private mutating func attempt(_ body: (inout SharingLane) throws(StoreError) -> Void) {
    do throws(StoreError) {
      try body(&self)
    } catch {
      sharing.log(.warning, "cannot write of alerts; it is tried again", ["error": .of(error)])
    }
  }

  /// Leaves the lease to others, so that they need not wait for its end, and what was seen here last.
  private mutating func leave(_ ledger: AlertLedger) {
    if sharing.isPrivate { return }
    attempt { lane throws(StoreError) in try lane.publish(ledger) }
    guard isLeading else { return }
    try? ledger.yield(Self.lease, within: .seconds(1))
  }

  private var now: Timestamp { Timestamp(microseconds: sharing.time.wall().microseconds) }

  private func ago(_ microseconds: Int64) -> Timestamp {
    Timestamp(microseconds: now.microseconds &- microseconds)
  }
}

// MARK: what is ours

extension SharingLane {
  private func ship(_ ledger: AlertLedger) throws(StoreError) {
    guard let journal = sharing.gate.withLock({ $0.journal }) else { return }
    let waiting = Array(keeper.view.withLock { $0.unshipped }.prefix(Self.batch))
    guard let last = waiting.last else { return }
    try ledger.record(
      waiting.map { StoredTransition($0) }, of: journal, instance: sharing.instance, within: .seconds(5))
    keeper.inbox.putShipped(below: last.number + 1)
  }

  private func keep(_ ledger: AlertLedger) throws(StoreError) {
    let owned = sharing.gate.withLock { $0.owned }
    if !owned.isEmpty { try ledger.keep(owned.map(\.description), within: Self.patience) }
  }

  private func noteTold(_ ledger: AlertLedger) throws(StoreError) {
    let told = keeper.view.withLock { $0.told }
    let news = sharing.gate.withLock { told.intersection($0.owned).subtracting($0.noted) }
    guard !news.isEmpty else { return }
    try ledger.noteTold(news.map(\.description), within: Self.patience)
    sharing.gate.withLock { $0.noted.formUnion(news) }
  }

  private mutating func publish(_ ledger: AlertLedger) throws(StoreError) {
    if keeper.knowsPast != knewPast {
      knewPast = keeper.knowsPast
      published = .earliest
    }
    let slices = keeper.slices(from: max(published, ago(Self.reach)))
    hasOthers = try ledger.publish(
      slices.map { ($0.start, $0.bytes) }, of: sharing.spool, othersSince: ago(Self.day),
      within: Self.patience)
    // The last one may still grow.
    published = hasOthers ? slices.map(\.start).max() ?? published : .earliest
  }
}

// MARK: judging for all

extension SharingLane {
  private mutating func lead(_ ledger: AlertLedger) throws(StoreError) {
    guard let rules = sharing.gate.withLock({ $0.rules }) else { return }
    if rules != self.rules { isLeading = false }
    self.rules = rules
    do throws(StoreError) {
      guard try ledger.hold(Self.lease, for: Self.leaseLength, within: Self.patience) else {
        isLeading = false
        return sharing.gate.withLock { state in
          state.lease = .others
          state.sight = FleetSight()
        }
      }
      try look(ledger, rules)
    } catch {
      isLeading = false
      sharing.gate.withLock { $0.lease = .unknown }
      throw error
    }
  }

  private func tidy(_ ledger: AlertLedger) throws(StoreError) {
    if isLeading { try ledger.forgetSlices(before: ago(2 * Self.reach), within: Self.patience) }
  }

  /// Looks at what the others see; the first time also takes over what fires, so that both are known at once.
  private mutating func look(_ ledger: AlertLedger, _ rules: FleetRules) throws(StoreError) {
    var sight = isLeading ? sharing.gate.withLock { $0.sight } : FleetSight()
    if !isLeading { seen = .earliest }
    try see(ledger, &sight)
    if rules.asksForStanding, !isLeading || round % 5 == 0 {
      sight.standing = hasOthers ? try sharing.sources.standing() : nil
    }
    var episodes = isLeading ? [] : try ledger.takeOver(rules: rules.names, within: Self.patience)
    if round % 10 == 0 { episodes += try ledger.adopt(within: Self.patience) }
    isLeading = true
    sharing.gate.withLock { [sight, episodes] state in
      state.lease = .ours
      state.sight = sight
      state.episodes += episodes
      state.owned.formUnion(episodes.compactMap { Fingerprint($0.fingerprint) })
      state.noted.formUnion(episodes.filter(\.isTold).compactMap { Fingerprint($0.fingerprint) })
    }
  }

  private mutating func see(_ ledger: AlertLedger, _ sight: inout FleetSight) throws(StoreError) {
    let changed = Timestamp(microseconds: max(0, seen.microseconds &- Self.overlap))
    let found = try ledger.slices(
      besides: sharing.spool, from: ago(Self.reach), changedSince: changed, within: Self.patience)
    for stored in found.slices {
      if let slice = WindowSlice(start: stored.start, bytes: stored.figures) {
        sight.others.take(slice, of: stored.source)
      }
    }
    sight.others.forget(before: ago(Self.reach))
    if let latest = found.latest { seen = latest }
  }
}
