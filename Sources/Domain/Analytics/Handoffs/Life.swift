import Model

// The life of a handoff, as its record will tell it: a function of the set of its events that were
// seen, in whatever order they came and however often. Each value is a least or a greatest, so merging
// an event twice changes nothing; that is why what the database knows can be merged into it as well.

/// Where a handoff stands, and when it came there.
struct Life: Sendable {
  /// No such moment.
  static let never = Int64.min

  /// The event that decided the state.
  private(set) var stateKey = EventKey.none
  private(set) var state: HandoffState?
  private(set) var firstAt = Int64.max
  /// The last event, or what stood for it when it was received, if its clock was ahead.
  private(set) var lastAt = Life.never
  /// The first `initiated`.
  private(set) var initiatedAt = Int64.max
  private(set) var sends = Sends()
  private(set) var firstAcknowledgedAt = Int64.max
  /// The last acknowledgement or completion.
  private(set) var lastAcknowledgedAt = Life.never
  private(set) var firstParkedAt = Int64.max
  private(set) var lastParkedAt = Life.never
  private(set) var lastReplayedAt = Life.never
  /// When the receiver last handed the task on, or the task ended, as the task knows.
  var handedOnAt = Life.never
  /// When the last send is taken to have been, for timers: not after it was received.
  private(set) var waitsSince = Life.never
  /// Before this, timers of the last send do not run out: what comes in bulk may bring its end as well.
  private(set) var patience = Life.never

  /// Merges an event that was received at a moment.
  mutating func merge(_ type: EventType, _ occurredAt: Int64, receivedAt: Int64) {
    firstAt = min(firstAt, occurredAt)
    lastAt = max(lastAt, min(occurredAt, receivedAt))
    decide(type, occurredAt)
    if type == .initiated { initiatedAt = min(initiatedAt, occurredAt) }
    if type == .replayed { lastReplayedAt = max(lastReplayedAt, occurredAt) }
    if type == .parked {
      firstParkedAt = min(firstParkedAt, occurredAt)
      lastParkedAt = max(lastParkedAt, occurredAt)
    }
    if type.startsClock, sends.add(occurredAt, isReplay: type == .replayed) {
      waitsSince = min(occurredAt, receivedAt)
      patience = receivedAt
    }
    if type.state == .acknowledged {
      firstAcknowledgedAt = min(firstAcknowledgedAt, occurredAt)
      lastAcknowledgedAt = max(lastAcknowledgedAt, occurredAt)
    }
    if type == .completed { lastAcknowledgedAt = max(lastAcknowledgedAt, occurredAt) }
  }

  private mutating func decide(_ type: EventType, _ occurredAt: Int64) {
    guard let state = type.state else { return }
    guard state.rank > HandoffState.initiated.rank else {
      // These two never override another; between them, being initiated is more.
      if self.state.map({ $0.rank < state.rank }) ?? true { self.state = state }
      return
    }
    let key = EventKey(occurredAt: occurredAt, rank: state.rank)
    guard stateKey < key else { return }
    stateKey = key
    self.state = state
  }

  /// From the last send before the first acknowledgement to it; nil where one of them is not known.
  var acknowledgementLatency: (microseconds: Int64, isSkewed: Bool)? {
    guard firstAcknowledgedAt != .max, !sends.isEmpty else { return nil }
    guard let sent = sends.last(before: firstAcknowledgedAt) else { return (0, true) }
    return (firstAcknowledgedAt &- sent, false)
  }
}

extension Life {
  /// Whether it has ended: of itself, or acknowledged and handed on, or idle for long.
  func hasEnded(at now: Int64, idleAfter: Int64) -> Bool {
    guard let state else { return false }
    if state.isEnd { return true }
    return state == .acknowledged && (isHandedOn || now >= lastAt &+ idleAfter)
  }

  /// Whether the receiver has handed the task on, or the task has ended, since the last acknowledgement.
  var isHandedOn: Bool { handedOnAt != Self.never && handedOnAt >= lastAcknowledgedAt }

  /// Whether it was sent, and no answer has come since.
  var isWaiting: Bool {
    guard !sends.isEmpty, let state, !state.isEnd, state != .acknowledged else { return false }
    return state != .escalated || lastAcknowledgedAt < sends.latest
  }

  /// When it ended, as far as somebody said so.
  var endedAt: Int64? {
    guard let state else { return nil }
    if state.isEnd { return stateKey.occurredAt }
    return state == .acknowledged && isHandedOn ? handedOnAt : nil
  }

  /// How long its sender waited for an answer: from the first sending, over all attempts and fallbacks, until it was
  /// taken or ended without.
  var answerWait: Int64? {
    guard initiatedAt != .max else { return nil }
    if lastAcknowledgedAt != Self.never {
      return max(0, min(firstAcknowledgedAt, lastAcknowledgedAt) &- initiatedAt)
    }
    guard let state, state.isEnd else { return nil }
    return max(0, stateKey.occurredAt &- initiatedAt)
  }

  /// What has become of it since it was parked; nil if it never was.
  var parking: ParkingState? {
    guard firstParkedAt != .max else { return nil }
    if state == .resolved || lastAcknowledgedAt > lastParkedAt { return .handled }
    guard let state, state.isEnd, lastReplayedAt != Self.never else { return .pending }
    return lastReplayedAt < stateKey.occurredAt ? .unhandled : .pending
  }
}

/// Where a parked handoff stands.
public enum ParkingState: UInt8, CaseIterable, Sendable {
  /// Nobody has dealt with it.
  case pending
  /// It was delivered after all, or resolved by hand.
  case handled
  /// It was tried again and failed again.
  case unhandled

  /// The word in labels.
  public var name: String { "\(self)" }
}
