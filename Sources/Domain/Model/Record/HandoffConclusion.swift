// What a handoff came to, by all that is known of it: a function of its record alone, so that it is corrected with it.
//
//   delivered    it was acknowledged or completed, whatever went before or followed
//   given up     else: it failed, was parked, expired or was rerouted
//   withdrawn    else: it was rejected, cancelled, rolled back or resolved, in time
//   silence      else: nobody answered its last sending for as long as one is waited for
//
// Silence has a moment before it has come: whoever reads conclusions of the future must wait for them.

/// When a handoff was concluded, and by what.
public struct HandoffConclusion: Equatable, Sendable {
  /// When.
  public var at: Timestamp
  /// The event that did; nil where it was silence.
  public var cause: EventType?

  /// For how long an answer is waited for, in microseconds.
  public static let patience: Int64 = 600_000_000
}

extension HandoffRecord {
  /// What the handoff came to; nil while it was neither sent nor answered.
  public func conclusion(_ life: HandoffLife) -> HandoffConclusion? {
    if let event = events.first(where: { $0.type.delivers }) ?? events.first(where: { $0.type.givesUp }) {
      return HandoffConclusion(at: event.occurredAt, cause: event.type)
    }
    let withdrawal = events.first { $0.type.withdraws }
    guard let sent = events.last(where: { $0.type.startsClock }) else {
      return withdrawal.map { HandoffConclusion(at: $0.occurredAt, cause: $0.type) }
    }
    let silence = Timestamp(
      microseconds: sent.occurredAt.microseconds &+ HandoffConclusion.patience)
    if let withdrawal, let end = life.endedAt, end <= silence {
      return HandoffConclusion(at: withdrawal.occurredAt, cause: withdrawal.type)
    }
    return HandoffConclusion(at: silence, cause: nil)
  }

  /// Whether it was given up without ever having been delivered: no attempt was left, and no fallback.
  ///
  /// One that nobody answers is not, before somebody gives it up; it is overdue.
  public func isExhausted(_ life: HandoffLife) -> Bool {
    guard let state = life.state, HandoffState.givenUp.contains(state) else { return false }
    return !events.contains { $0.type.delivers }
  }

  /// When an event of a type occurred last.
  public func last(_ type: EventType) -> Timestamp? {
    events.last { $0.type == type }?.occurredAt
  }
}

extension EventType {
  /// Whether it says that the receiver has the handoff.
  public var delivers: Bool { state == .acknowledged || self == .completed }

  /// Whether a handoff that was not delivered is exhausted by it.
  var givesUp: Bool { self == .failed || self == .parked || self == .expired || self == .rerouted }

  /// Whether it ends a handoff that was not delivered without saying anything of the receiver.
  var withdraws: Bool {
    self == .rejected || self == .cancelled || self == .rolledBack || self == .resolved
  }
}
