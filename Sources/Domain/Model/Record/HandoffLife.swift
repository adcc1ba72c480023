/// What the order of a handoff's events says of its life.
public struct HandoffLife: Equatable, Sendable {
  /// Where it stands; nil while no event has said.
  public var state: HandoffState?
  /// The first event of any kind.
  public var firstEventAt: Timestamp?
  /// The last event of any kind.
  public var lastEventAt: Timestamp?
  /// The first `initiated`.
  public var initiatedAt: Timestamp?
  /// The first acknowledgement.
  public var acknowledgedAt: Timestamp?
  /// The event that ended it, unless it was reopened since.
  public var endedAt: Timestamp?
  /// From the last sending before the first acknowledgement to that acknowledgement, in microseconds.
  public var acknowledgementLatency: Int64?
  /// Whether the clocks disagree: acknowledged before it was sent.
  public var isSkewed = false
  /// From the first `initiated` to the end, in microseconds.
  public var duration: Int64?
  /// Delivery attempts, as far as they were told.
  public var attempts = 0
}

extension HandoffRecord {
  /// The life of the handoff, read off its events.
  public var life: HandoffLife {
    var life = HandoffLife()
    life.firstEventAt = events.first?.occurredAt
    life.lastEventAt = events.last?.occurredAt
    life.initiatedAt = events.first { $0.type == .initiated }?.occurredAt
    decideState(of: &life)
    measureAcknowledgement(of: &life)
    if let end = life.endedAt, let start = life.initiatedAt {
      life.duration = max(0, end.microseconds - start.microseconds)
    }
    life.attempts = countAttempts()
    return life
  }

  private func decideState(of life: inout HandoffLife) {
    if let last = events.last(where: { ($0.type.state?.rank ?? 0) > HandoffState.initiated.rank }) {
      life.state = last.type.state
      if last.type.state?.isEnd == true { life.endedAt = last.occurredAt }
    } else if life.initiatedAt != nil {
      life.state = .initiated
    } else if events.contains(where: { $0.type == .prepared }) {
      life.state = .prepared
    }
  }

  private func measureAcknowledgement(of life: inout HandoffLife) {
    guard let position = events.firstIndex(where: { $0.type.state == .acknowledged }) else { return }
    let acknowledged = events[position].occurredAt
    life.acknowledgedAt = acknowledged
    if let sent = events[..<position].last(where: { $0.type.startsClock }) {
      life.acknowledgementLatency = acknowledged.microseconds - sent.occurredAt.microseconds
    } else if events[position...].contains(where: { $0.type.startsClock }) {
      life.acknowledgementLatency = 0
      life.isSkewed = true
    }
  }

  /// The highest attempt told, or one for each failed attempt and one for the delivery, if that is more.
  private func countAttempts() -> Int {
    var highest = 0
    var failures = 0
    var isSent = false
    var isDelivered = false
    for event in events {
      highest = max(highest, Int(event.attempt))
      switch event.type {
      case .attemptFailed: failures += 1
      case .initiated, .replayed: isSent = true
      case .acknowledged, .received, .resumed, .completed: isDelivered = true
      default: break
      }
    }
    return max(highest, failures + (isDelivered ? 1 : 0), isSent ? 1 : 0)
  }
}

extension EventType {
  /// Whether the acknowledgement latency counts from this event.
  public var startsClock: Bool { self == .initiated || self == .replayed || self == .rerouted }
}
