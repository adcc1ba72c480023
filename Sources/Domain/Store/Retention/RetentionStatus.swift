public import Model

/// What the retention removes.
public enum RetentionKind: String, CaseIterable, Sendable {
  /// Days of the logs of events, each a partition.
  case partitions
  /// Records of handoffs.
  case handoffs
  /// Identities of events about agents, tasks and conversations.
  case identities
  /// Agents nobody has heard of since.
  case agents
  /// Refused events.
  case rejections
  /// Events that could not be stored.
  case quarantine
  /// What became of alerts.
  case alerts
  /// History of figures.
  case rollups
}

/// What the retention has done.
public struct RetentionStatus: Sendable, Equatable {
  /// What was removed here since the start.
  public var removed: [RetentionKind: UInt64] = [:]
  /// When a run was last complete; nil while none was.
  public var lastRun: Timestamp?
}
