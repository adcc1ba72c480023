public import Model

/// Which handoffs are asked for; what is nil does not matter.
public struct HandoffFilter: Sendable, Equatable {
  /// The task.
  public var taskID: String?
  /// The conversation.
  public var conversationID: String?
  /// Sender or receiver.
  public var agent: String?
  /// The sender.
  public var fromAgent: String?
  /// The receiver.
  public var toAgent: String?
  /// The user on whose behalf it was made.
  public var userID: String?
  /// Where it stands.
  public var state: HandoffState?
  /// Why it was made.
  public var reason: String?
  /// What kind it is.
  public var kind: String?
  /// By what pattern.
  public var pattern: String?
  /// How its envelope was packed.
  public var strategy: String?
  /// The class of the last error.
  public var errorClass: String?
  /// The type of the last error.
  public var errorType: String?
  /// Whether it was given up without having been delivered.
  public var exhausted: Bool?
  /// Whether it was concluded from something else than reports.
  public var inferred: Bool?
  /// The first event is not before this.
  public var since: Timestamp?
  /// The first event is before this.
  public var until: Timestamp?
  /// At least this part of the references was resolved.
  public var minCompleteness: Double?
  /// At most this part of the references was resolved.
  public var maxCompleteness: Double?
  /// The acknowledgement took at least this long, in microseconds.
  public var minAcknowledgementLatency: Int64?
  /// What else holds of it.
  public var condition: HandoffCondition?

  /// Every handoff.
  public init() {}
}

/// In which order handoffs come, by first event.
public enum HandoffOrder: String, Sendable, CaseIterable {
  /// The newest first.
  case descending = "desc"
  /// The oldest first.
  case ascending = "asc"
}
