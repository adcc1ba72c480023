public import Model

/// A handoff that was parked, and what became of it since.
public struct DeadLetter: Equatable, Sendable {
  /// Where it stands.
  public enum Status: String, CaseIterable, Sendable {
    /// Nobody has dealt with it.
    case pending
    /// It was delivered after all, or resolved by hand.
    case handled
    /// It was tried again and failed again.
    case unhandled
  }

  /// When it was parked last.
  public let parkedAt: Timestamp
  /// Where it stands.
  public let status: Status

  /// What a record says of its parking; nil where it never was parked.
  public init?(_ record: HandoffRecord) {
    let moments = record.moments
    guard let parked = moments.last(where: { $0.type == .parked }) else { return nil }
    parkedAt = parked.occurredAt
    let life = record.life
    let delivered = moments.last { $0.type.state == .acknowledged || $0.type == .completed }
    let replayed = moments.last { $0.type == .replayed }
    let ended = moments.last { $0.type.state?.isEnd == true }
    if life.state == .resolved || delivered.map({ $0.occurredAt > parked.occurredAt }) == true {
      status = .handled
    } else if let replayed, let ended, life.state?.isEnd == true, replayed.occurredAt < ended.occurredAt {
      status = .unhandled
    } else {
      status = .pending
    }
  }
}
