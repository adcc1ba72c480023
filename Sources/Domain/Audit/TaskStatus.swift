public import Model

/// Where a task stands, in the words in which those who manage tasks keep them.
///
/// It follows from what happened, not from what was last written down: a task that was handed off is in progress
/// once somebody has it, whatever its record goes on to say.
public enum TaskStatus: String, CaseIterable, Sendable {
  /// Nobody works at it.
  case pending
  /// Somebody has it.
  case inProgress = "in_progress"
  /// It is done.
  case completed
  /// It is given up.
  case failed
  /// It is on its way to somebody.
  case handedOff = "handed_off"
}

extension TaskChain {
  /// Where the task stands; its own events may have said how it ended.
  public func status(endedAs end: EventType?) -> TaskStatus {
    switch end {
    case .taskCompleted?: .completed
    case .taskFailed?: .failed
    default: state.map(TaskStatus.init) ?? .pending
    }
  }
}

extension TaskStatus {
  /// As the state of its handoff sent last tells.
  fileprivate init(_ state: HandoffState) {
    switch state {
    case .prepared, .initiated, .rerouted, .replayed: self = .handedOff
    case .acknowledged, .escalated, .rejected, .cancelled, .rolledBack: self = .inProgress
    case .completed, .resolved: self = .completed
    case .failed, .expired: self = .failed
    case .parked: self = .pending
    }
  }
}
