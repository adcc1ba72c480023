/// Where a handoff stands.
///
/// The raw value is stored; a number once given is never reused.
public enum HandoffState: UInt8, CaseIterable, Sendable {
  case prepared = 1
  case initiated = 2
  case rerouted = 3
  case acknowledged = 4
  case rejected = 5
  case escalated = 6
  case failed = 7
  case expired = 8
  case cancelled = 9
  case parked = 10
  case rolledBack = 11
  case replayed = 12
  case completed = 13
  case resolved = 14

  /// The name shown to users.
  public var name: String {
    switch self {
    case .prepared: "prepared"
    case .initiated: "initiated"
    case .rerouted: "rerouted"
    case .acknowledged: "acknowledged"
    case .rejected: "rejected"
    case .escalated: "escalated"
    case .failed: "failed"
    case .expired: "expired"
    case .cancelled: "cancelled"
    case .parked: "parked"
    case .rolledBack: "rolled_back"
    case .replayed: "replayed"
    case .completed: "completed"
    case .resolved: "resolved"
    }
  }

  /// The state of that name, if there is one.
  public init?(name: String) {
    guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }

  /// Orders the states that one instant may bear; the first two never override another.
  public var rank: UInt8 { rawValue }

  /// The states in which it is given up.
  public static let givenUp: [Self] = [.failed, .expired, .parked]

  /// Whether the handoff has come to an end of itself.
  public var isEnd: Bool {
    switch self {
    case .rejected, .failed, .expired, .cancelled, .parked, .rolledBack, .completed, .resolved: true
    case .prepared, .initiated, .rerouted, .acknowledged, .escalated, .replayed: false
    }
  }
}
