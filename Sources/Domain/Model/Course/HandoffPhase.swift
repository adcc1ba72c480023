/// What the time of a handoff goes into, beside the way to its acknowledgement.
public enum HandoffPhase: UInt8, CaseIterable, Sendable {
  /// From `prepared` to the sending: the sender packs.
  case preparation
  /// From `prepared` after the sending to the acknowledgement: the receiver holds it back until it is ready.
  case buffering
  /// From the acknowledgement to `resumed`: the receiver unpacks.
  case resumption
  /// From the acknowledgement to the end of the work: what a sender that waits for the result waits.
  case work
  /// Between two attempts, as the sender said.
  case retryWait
  /// Checking, as whoever checked said.
  case validation
  /// A step that moves the state, the task, or the word that it is done.
  case stateTransfer, taskTransfer, handOff
  /// A step in which somebody else looks at it.
  case review
  /// From the failure to `rolled_back`.
  case rollback
  /// A step of any other name.
  case otherStep

  /// The word in labels and answers.
  public var name: String {
    switch self {
    case .retryWait: "retry_wait"
    case .stateTransfer: "state_transfer"
    case .taskTransfer: "task_transfer"
    case .handOff: "hand_off"
    case .otherStep: "other_step"
    default: "\(self)"
    }
  }

  /// The phase that a step of that name is; nil of one that takes no time.
  public init?(step name: some Sequence<UInt8>) {
    if name.elementsEqual(Self.snapshot.utf8) { return nil }
    self = Self.steps.first { $0.name.elementsEqual(name) }?.phase ?? .otherStep
  }

  /// The step in which an agent says what its state is, as a hash and a size.
  public static let snapshot = "state_snapshot"

  private static let steps: [(name: [UInt8], phase: Self)] = [
    ("state_transfer", Self.stateTransfer), ("task_transfer", .taskTransfer), ("hand_off", .handOff),
    ("review", .review), ("mediation", .review), ("supervision", .review), ("approval", .review),
    ("preparation", .preparation), ("rollback", .rollback),
    ("validation", .validation),
  ].map { (Array($0.0.utf8), $0.1) }
}

/// What a receiver asks for because it was not sent: a step of that name.
public enum ContextFetch: String, CaseIterable, Sendable {
  /// What a reference stands for.
  case reference = "lazy_fetch"
  /// All of what it was given a summary of.
  case fullVersion = "full_version"
}

extension EventType {
  /// An end of a handoff.
  public enum Side: Sendable {
    /// Whoever hands off.
    case sender
    /// Whoever takes over.
    case receiver
  }

  /// Whose envelope an event tells of: as it was sent, or as its receiver works with it; nil where that is not said.
  public var side: Side? {
    switch self {
    case .prepared, .initiated, .replayed, .rerouted: .sender
    case .acknowledged, .received, .resumed, .rejected, .completed: .receiver
    default: nil
    }
  }
}

/// What was decided about a failure: by whoever made the handoff, or speaks for the task.
public enum FailureDecision: UInt8, CaseIterable, Sendable {
  /// It is tried again, with the same receiver.
  case retry
  /// It goes to somebody else.
  case reroute
  /// It goes up the chain.
  case escalate
  /// It waits as a dead letter.
  case park
  /// It, or its task, is given up or declared done without it.
  case abort
  /// Nothing was heard for ten minutes.
  case none

  /// The word in labels and answers.
  public var name: String { "\(self)" }

  /// What is decided by the state that the failed handoff came into.
  public init?(_ state: HandoffState) {
    switch state {
    case .initiated, .replayed, .acknowledged, .completed: self = .retry
    case .rerouted: self = .reroute
    case .escalated: self = .escalate
    case .parked: self = .park
    case .rolledBack, .cancelled, .resolved, .expired: self = .abort
    default: return nil
    }
  }

  /// How long a decision may take before there is none.
  public static let patience: Int64 = 600_000_000
}
