/// What an event says happened.
///
/// The raw value is stored; a number once given is never reused.
public enum EventType: UInt8, CaseIterable, Sendable {
  case prepared = 1
  case initiated = 2
  case attemptFailed = 3
  case acknowledged = 4
  case received = 5
  case resumed = 6
  case rejected = 7
  case completed = 8
  case failed = 9
  case rolledBack = 10
  case parked = 11
  case replayed = 12
  case resolved = 13
  case rerouted = 14
  case escalated = 15
  case expired = 16
  case cancelled = 17
  case validated = 18
  case step = 19
  case circuitOpened = 32
  case circuitHalfOpened = 33
  case circuitClosed = 34
  case circuitSkipped = 35
  case agentHealth = 48
  case agentState = 49
  case taskCreated = 64
  case taskCompleted = 65
  case taskFailed = 66
  case conversationTurn = 80

  /// The name in the event's `type` field.
  public var name: String {
    switch self {
    case .prepared: "handoff.prepared"
    case .initiated: "handoff.initiated"
    case .attemptFailed: "handoff.attempt_failed"
    case .acknowledged: "handoff.acknowledged"
    case .received: "handoff.received"
    case .resumed: "handoff.resumed"
    case .rejected: "handoff.rejected"
    case .completed: "handoff.completed"
    case .failed: "handoff.failed"
    case .rolledBack: "handoff.rolled_back"
    case .parked: "handoff.parked"
    case .replayed: "handoff.replayed"
    case .resolved: "handoff.resolved"
    case .rerouted: "handoff.rerouted"
    case .escalated: "handoff.escalated"
    case .expired: "handoff.expired"
    case .cancelled: "handoff.cancelled"
    case .validated: "handoff.validated"
    case .step: "handoff.step"
    case .circuitOpened: "circuit.opened"
    case .circuitHalfOpened: "circuit.half_opened"
    case .circuitClosed: "circuit.closed"
    case .circuitSkipped: "circuit.skipped"
    case .agentHealth: "agent.health"
    case .agentState: "agent.state"
    case .taskCreated: "task.created"
    case .taskCompleted: "task.completed"
    case .taskFailed: "task.failed"
    case .conversationTurn: "conversation.turn"
    }
  }

  /// The type of that name, if there is one.
  public init?(name: String) {
    guard let type = Self.byName[name] else { return nil }
    self = type
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

extension EventType {
  /// What an event is about, and so which record it belongs to.
  public enum Subject: UInt8, Sendable {
    case handoff
    case agent
    case task
    case conversation
  }

  /// What events of this type are about.
  public var subject: Subject {
    switch self {
    case .circuitOpened, .circuitHalfOpened, .circuitClosed, .circuitSkipped, .agentHealth, .agentState:
      .agent
    case .taskCreated, .taskCompleted, .taskFailed: .task
    case .conversationTurn: .conversation
    default: .handoff
    }
  }

  /// The state a handoff is in after this event, or nil where the event bears none.
  public var state: HandoffState? {
    switch self {
    case .prepared: .prepared
    case .initiated: .initiated
    case .acknowledged, .received, .resumed: .acknowledged
    case .rejected: .rejected
    case .completed: .completed
    case .failed: .failed
    case .rolledBack: .rolledBack
    case .parked: .parked
    case .replayed: .replayed
    case .resolved: .resolved
    case .rerouted: .rerouted
    case .escalated: .escalated
    case .expired: .expired
    case .cancelled: .cancelled
    default: nil
    }
  }

  /// Decides between events of the same instant: the higher rank counts as the later.
  public var rank: UInt8 { state?.rank ?? 0 }
}
