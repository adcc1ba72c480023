import Alerts
import Model
import Platform

/// What waits for one receiver; a pure machine that is told the time.
///
/// The order is kept for each alert: a notification is not tried while an earlier one about the same alert waits.
/// Others go past it, so that one that the receiver stumbles over holds up nothing else. It is bounded: beyond that
/// the oldest that is not under way is given up.
struct DeliveryQueue: Sendable {
  private struct Entry: Sendable {
    var notice: QueuedNotice
    var attempts = 0
    var notBefore: MonotonicInstant
  }

  /// What there is to do.
  enum Step: Equatable {
    case attempt(QueuedNotice)
    case giveUp(QueuedNotice, FailureCause)
    case wait(until: MonotonicInstant?)
  }

  private var entries: [Entry] = []
  private let most: Int
  private let backoff: DeliveryBackoff
  /// How long a notification is tried.
  var givesUpAfter: Duration

  init(givesUpAfter: Duration, backoff: DeliveryBackoff = DeliveryBackoff(), most: Int = 10_000) {
    self.givesUpAfter = givesUpAfter
    self.backoff = backoff
    self.most = most
  }

  var count: Int { entries.count }

  /// Takes a notification; one whose id waits already is the same one.
  mutating func add(_ notice: QueuedNotice, at now: MonotonicInstant) {
    if entries.contains(where: { $0.notice.id == notice.id }) { return }
    entries.append(Entry(notice: notice, notBefore: now))
  }

  /// What to do at a moment.
  func next(at now: MonotonicInstant, wall: Timestamp) -> Step {
    if entries.count > most, let first = entries.first { return .giveUp(first.notice, .other) }
    var wake: MonotonicInstant?
    var busy: Set<UInt64> = []
    for entry in entries {
      let isFree = entry.notice.fingerprints.allSatisfy { !busy.contains($0) }
      busy.formUnion(entry.notice.fingerprints)
      let age = wall.microseconds &- entry.notice.decidedAt.microseconds
      if entry.attempts > 0, age >= givesUpAfter.inMicroseconds { return .giveUp(entry.notice, .expired) }
      guard isFree else { continue }
      if entry.notBefore <= now { return .attempt(entry.notice) }
      wake = min(wake ?? entry.notBefore, entry.notBefore)
    }
    return .wait(until: wake)
  }

  /// Takes it out: it was delivered, or given up.
  mutating func remove(_ id: String) { entries.removeAll { $0.notice.id == id } }

  /// Puts it off after a failed attempt, at least as long as the receiver asks.
  mutating func putOff(
    _ id: String, at now: MonotonicInstant, asked: Duration?, random: inout some RandomNumberGenerator
  ) {
    guard let place = entries.firstIndex(where: { $0.notice.id == id }) else { return }
    let pause = backoff.pause(after: entries[place].attempts, random: &random)
    entries[place].attempts += 1
    entries[place].notBefore = now + max(pause, min(asked ?? .zero, DeliveryBackoff.longestAsked))
  }

  /// Everything that waits.
  var waiting: [QueuedNotice] { entries.map(\.notice) }
}

/// How long to wait between attempts: doubling, with jitter.
struct DeliveryBackoff: Sendable {
  var first = Duration.seconds(1)
  var longest = Duration.seconds(60)
  /// However long a receiver asks to wait, no longer than this.
  static let longestAsked = Duration.seconds(600)

  func pause(after attempts: Int, random: inout some RandomNumberGenerator) -> Duration {
    let full = min(first * (1 << min(attempts, 20)), longest)
    return full * Double.random(in: 0.8...1.2, using: &random)
  }
}

extension Duration {
  /// In whole microseconds.
  var inMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    return min(max(0, seconds), 31_536_000_000) * 1_000_000 + max(0, attoseconds) / 1_000_000_000_000
  }
}
