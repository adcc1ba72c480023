// What the database knows, for the numbers: once the past, then what other sidecars tell.
//
//   waiting ──the store has the position──▶ the past ──installed──▶ following, every second
//
// The past. After a start the fold knows what the spool still holds; the rest is in the database. As soon
// as the drain has its position, the history as of that position is read in one snapshot, made into a
// seed, and installed behind the numbers. Until then the sidecar says that it is recovering, or, while
// the database does not answer, that it is degraded; either way it counts. A history that takes too long
// is asked for again in half the size.
//
// Following. The other half of a handoff may have gone to another sidecar. So each second the records of
// open handoffs are looked at, and those of a version not seen yet are merged. First come those that are
// past their time: they are called overdue only once this look has brought nothing. The rest takes turns
// when there are more than one look may hold. What the database has of our own spool may be ahead of the
// fold; then this waits for the fold, which alone may count what was received here.
//
// Whoever is alone looks for others and for nothing else, and with a private PostgreSQL there are none.
// This lane alone says how far the database reaches (`DatabaseReach`).
import Analytics
import Configuration
import Model
import Platform
import Spool
import Store

/// What the follower goes by.
struct FollowerSettings: Sendable {
  /// Whether nobody else can reach the database.
  var isPrivate: Bool
  /// The longest window that comes back.
  var window = Duration.seconds(1800)
  /// An acknowledged handoff of which nothing is heard for longer has ended.
  var idleAfter: Duration
  /// Another sidecar that stored nothing for longer is not there any more.
  var others = Duration.seconds(86_400)
  /// As often as this the database is looked at.
  var pace = Duration.seconds(1)
  /// Open handoffs that are looked at in one go.
  var looks = 8192

  init(_ settings: Settings) {
    isPrivate = settings.database == nil
    idleAfter = settings.idleAfter
  }
}

/// Brings what the database knows to the numbers.
final class Follower: Sendable {
  struct State: Sendable {
    var queries: StoreQueries?
    var hasPast = false
    var isClosed = false
  }

  let numbers: Numbers
  let spool: SpoolID
  let store: @Sendable () -> StoreStatus?
  let settings: FollowerSettings
  let time: any TimeSource
  let log: Log
  let gate = Gate(State())

  init(
    _ numbers: Numbers, spool: SpoolID, store: @escaping @Sendable () -> StoreStatus?,
    _ settings: FollowerSettings, time: any TimeSource, log: Log
  ) {
    self.numbers = numbers
    self.spool = spool
    self.store = store
    self.settings = settings
    self.time = time
    self.log = log
    // No time passes before the log is folded: what is in it happened when it was received, and not now.
    if !settings.isPrivate { numbers.update { numbers, _ in numbers.setReach(.away, at: .earliest) } }
  }

  /// Starts the lane.
  func start() throws(SystemError) -> Lane {
    try Lane(name: "follow") { [self] in
      guard let past = recover() else { return }
      gate.withLock { $0.hasPast = true }
      if settings.isPrivate { return }
      var following = Following(self, past)
      while wait(settings.pace) { following.look() }
    }
  }

  /// Where to ask, as soon as that is known.
  func use(_ queries: StoreQueries) { gate.withLock { $0.queries = queries } }

  /// Whether everything received before the start is in the numbers again.
  var hasPast: Bool { gate.withLock { $0.hasPast } }

  /// Lets the lane end.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  /// Waits for a while; false once the lane is to end.
  func wait(_ length: Duration) -> Bool {
    gate.wait(until: time.now() + length) { $0.isClosed ? true : nil } == nil
  }

  /// Waits until the fold has come as far as the database; false where it did not within some seconds.
  func waitForFold(_ position: UInt64) -> Bool {
    for _ in 0..<500 {
      if numbers.hasFolded(below: position) { return true }
      if !wait(.milliseconds(10)) { return false }
    }
    return numbers.hasFolded(below: position)
  }

  /// How long ago, by the wall clock.
  func ago(_ length: Duration) -> Timestamp {
    Timestamp(microseconds: time.wall().microseconds &- length.wholeMicroseconds)
  }
}

// MARK: the past

extension Follower {
  /// Brings the past back, as soon as the database answers; nil once the lane is to end.
  private func recover() -> StoreQueries? {
    var halvings = 0
    var hasFailed = false
    while true {
      if let queries = answering {
        do throws(StoreError) {
          try recover(queries, halvings)
          // What was read takes many times the room of what stays of it.
          Allocator.trim()
          return queries
        } catch {
          if error.code == .tooSlow { halvings = min(halvings + 1, 8) }
          if !hasFailed {
            log(
              .warning, "cannot bring back the past; it is tried again, and the numbers begin at the start",
              ["error": .of(error)])
          }
          hasFailed = true
        }
      }
      if !wait(hasFailed ? .seconds(1) : .milliseconds(50)) { return nil }
    }
  }

  /// Where to ask, while the drain holds its position there.
  private var answering: StoreQueries? {
    guard let status = store(), status.isUp, status.position > 0 else { return nil }
    return gate.withLock { $0.queries }
  }

  private func recover(_ queries: StoreQueries, _ halvings: Int) throws(StoreError) {
    let start = time.now()
    var bounds = HistoryBounds(
      spool: spool, since: ago(settings.window), idleSince: ago(settings.idleAfter), now: ago(.zero))
    for _ in 0..<halvings { bounds.halve() }
    let history = try queries.history(bounds)
    let seed = Seed(history)
    _ = waitForFold(history.position)
    numbers.install(seed, from: history.position, reach: settings.isPrivate ? .none : .away)
    let seconds = (time.now() - start).wholeMicroseconds
    log(
      .info, "the past is back",
      [
        "handoffs": .count(seed.handoffs.count), "events": .count(seed.events.count),
        "agents": .count(seed.agents.count), "position": .count(history.position),
        "milliseconds": .count(seconds / 1000),
      ])
  }
}
