// The numbers, live: one fold over the log of accepted events, and whoever wants to see it.
//
//   spool ──▶ fold lane ──▶ Analytics ──▶ snapshot ──▶ /metrics, /v1/summary …
//                 ▲              └──────▶ occurrences, as they happen
//                 └── follow lane: what the database knows, at the start and of other sidecars
//
// The fold reads the spool, as the drain does: in the order of the log, once a record is durable. So the
// numbers need no database, a restart folds the same log again, and nothing is locked that ingest needs.
// A snapshot is a value; taking one costs next to nothing, and then nobody waits for who reads it.
//
// What the spool holds at the start is the past: it fills windows, rows and circuits, but counters begin
// at 0 behind it. Most of the past is only in the database. When that answers, the follow lane restores a
// second Analytics from it, folds the same spool behind that, and `install` puts it in place of the first
// between two events of the log.
import Analytics
import Decoding
import Model
import Platform
import Spool

/// The numbers of this sidecar.
final class Numbers: Sendable {
  private struct State: Sendable {
    var fold: LogFold
    /// Counts every change, so that two states can be told apart.
    var revision: UInt64 = 0
    /// In the order of their positions.
    var completions: [Completion] = []
  }

  /// As often as this, time passes while nothing arrives.
  private static let pace = Duration.milliseconds(200)
  /// Bytes that are read at a time: less than what is asked of the system anew each time.
  private static let reading = 960 << 10

  /// Where less than this was read, the fold has caught up, and lets more gather for a moment.
  private static let little = 64 << 10
  /// Short against all that depends on the numbers, long against what it takes to sleep and be woken.
  private static let moment = Duration.milliseconds(5)

  /// So old an event is folded at the latest, if there is a core at all: well below the second in which a page is due.
  private static let patience = Duration.milliseconds(700)

  private let spool: Spool
  private let requests: RightOfWay
  private let time: any TimeSource
  private let tell: @Sendable ([Occurrence]) -> Void
  private let state: Guarded<State>
  private let isClosed = Gate(false)

  /// `tell` is given what happened, on the fold's lane, and must not block; `requests` go first.
  init(
    _ settings: AnalyticsSettings, spool: Spool, behind requests: RightOfWay, time: any TimeSource,
    tell: @escaping @Sendable ([Occurrence]) -> Void = { _ in }
  ) {
    self.spool = spool
    self.requests = requests
    self.time = time
    self.tell = tell
    let status = spool.status()
    state = Guarded(
      State(fold: LogFold(Analytics(settings), from: status.firstSequence, present: status.nextSequence)))
  }

  /// Starts the lane.
  func start() throws(SystemError) -> Lane {
    try Lane(name: "fold") { [self] in run() }
  }

  /// Lets the lane end.
  func close() {
    isClosed.withLock { $0 = true }
    isClosed.broadcast()
  }

  /// The numbers as they stand, with at most so many open handoffs listed.
  func snapshot(active: Int = 0) -> Snapshot {
    let now = now
    return state.withLock { $0.fold.analytics.snapshot(at: now, active: active) }
  }

  /// Tells these numbers from all others: it changes with every fold, and each second, as windows slide.
  var version: UInt64 {
    let seconds = UInt64(clamping: now.microseconds / 1_000_000)
    return state.withLock { $0.revision &* 0x9e37_79b9_7f4a_7c15 &+ seconds }
  }

  /// Changes what is known, between two events of the log.
  func update<Result: Sendable>(_ body: @Sendable (inout Analytics, Timestamp) -> Result) -> Result {
    let now = now
    return state.withLock { state in
      state.revision &+= 1
      return body(&state.fold.analytics, now)
    }
  }

  /// The ids of all open handoffs, the oldest first.
  func openHandoffIDs() -> [[UInt8]] { state.withLock { $0.fold.analytics.openHandoffIDs(most: .max) } }

  private var now: Timestamp { Timestamp(microseconds: time.wall().microseconds) }
}

// MARK: the fold's lane

extension Numbers {
  /// Answers come first: in a burst that takes all cores the numbers follow a little later.
  private func run() {
    Lane.giveWay(.most)
    while !isClosed.withLock({ $0 }) {
      let next = state.withLock { $0.fold.next }
      let records = spool.read(from: next, maxBytes: Self.reading, waitUntil: time.now() + Self.pace)
      if records.isEmpty { pass() } else { fold(records) }
      complete()
      let happened = state.withLock { state in
        state.fold.analytics.hasOccurrences ? state.fold.analytics.takeOccurrences() : []
      }
      if !happened.isEmpty { tell(happened) }
      if !records.isEmpty, records.reduce(0, { $0 + $1.payload.count }) < Self.little { gather() }
    }
  }

  /// Lets some more records come, which are then folded in one go.
  private func gather() {
    _ = isClosed.wait(until: time.now() + Self.moment) { $0 ? true : nil }
  }

  /// Nothing came: what is due happens.
  private func pass() {
    let now = now
    state.withLock { state in
      state.fold.beginCounting()
      state.fold.analytics.advance(to: now)
    }
  }

  /// Folds records, of which others get their turn before each portion.
  private func fold(_ records: [SpoolRecord]) {
    var folded = LogFold.portion
    for record in records.lazy.map({ LogRecord($0) }) {
      for part in record.parts {
        if folded + part.count > LogFold.portion {
          giveWay(with: record)
          folded = 0
        }
        folded += part.count
        state.withLock { state in
          state.fold.step(part, of: record)
          state.revision &+= 1
        }
      }
    }
  }

  private func giveWay(with record: LogRecord) {
    let age = Duration.microseconds(now.microseconds - record.receivedAt.microseconds)
    requests.giveWay(until: time.now() + min(Self.patience - age, Self.patience))
  }
}

// MARK: halves of other sidecars

extension Numbers {
  /// So many wait at most: a fold that is further behind the drain has lost more than these.
  private static let mostCompletions = 20_000

  /// Observes what commits of this sidecar have completed, as soon as the fold has come as far as they.
  func complete(_ completions: [Completion]) {
    state.withLock { state in
      let room = Self.mostCompletions - state.completions.count
      state.completions += completions.prefix(max(0, room))
    }
  }

  private func complete() {
    let now = now
    state.withLock { state in
      let due = state.completions.prefix { $0.position <= state.fold.next }
      guard !due.isEmpty else { return }
      for completion in due {
        state.fold.analytics.complete(completion.pair, of: completion.handoff, at: now)
      }
      state.completions.removeFirst(due.count)
      state.revision &+= 1
    }
  }
}

// MARK: the past

extension Numbers {
  /// Puts what the database knows behind the numbers: `seed` tells everything below the record `position`.
  ///
  /// Works on the caller's lane as long as it takes; only the last few records are folded with the lock held.
  func install(_ seed: Seed, from position: UInt64, reach: DatabaseReach) {
    // As it is grouped by now: rules may have been reloaded since the start.
    let (settings, present) = state.withLock { ($0.fold.analytics.settings, $0.fold.present) }
    var past = Analytics(settings)
    past.restore(seed)
    past.setReach(reach, at: seed.at)
    var fold = LogFold(past, from: max(position, 1), present: present)
    while fold.next < state.withLock({ $0.fold.next }), catchUp(&fold, before: .max) {}
    let restored = fold
    state.withLock { state in
      var fold = restored
      while fold.next < state.fold.next, catchUp(&fold, before: state.fold.next) {}
      // Of a large record a part may be folded; the lane goes on with the next.
      if state.fold.begun > 0, fold.next == state.fold.next, let record = record(at: fold.next) {
        fold.step(record.frames.prefix(state.fold.begun), of: record)
      }
      // Or even since this began: then by the new ones from here on.
      fold.analytics.keepWindows(as: state.fold.analytics.settings)
      fold.beginCounting()
      fold.analytics.takeCounters(of: state.fold.analytics)
      state.fold = fold
      state.revision &+= 1
    }
  }

  /// Whether everything below the record `position` is folded, and what came before the start as well.
  func hasFolded(below position: UInt64) -> Bool {
    state.withLock { $0.fold.isCounting && $0.fold.next >= position }
  }

  private func record(at sequence: UInt64) -> LogRecord? {
    let found = spool.read(from: sequence, maxBytes: 1, waitUntil: .distantPast).first
    return found.flatMap { $0.sequence == sequence ? LogRecord($0) : nil }
  }

  /// Folds what comes next of the log; false where there is nothing.
  private func catchUp(_ fold: inout LogFold, before end: UInt64) -> Bool {
    let start = fold.next
    let records = spool.read(from: start, maxBytes: Self.reading, waitUntil: .distantPast)
    for record in records where record.sequence < end { fold.step(LogRecord(record)) }
    return fold.next > start
  }
}
