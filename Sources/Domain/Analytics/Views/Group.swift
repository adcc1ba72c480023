public import Model

/// One group that windows are kept by.
public enum Group: Hashable, Sendable {
  case toAgent(String)
  case fromAgent(String)
  case pair(from: String, to: String)
  case reason(HandoffReason)
  case kind(HandoffKind)
  case pattern(HandoffPattern)
  case strategy(EnvelopeStrategy)
}

/// A broadcast: how many of its receivers have acknowledged.
public struct Broadcast: Equatable, Sendable {
  /// What its handoffs share.
  public let groupID: String
  /// The sender, if it is known.
  public let fromAgent: String?
  /// The first event seen of it.
  public let startedAt: Timestamp
  /// The receivers there are: as announced, or as seen, if that is more.
  public let receivers: Int
  /// Of these, how many have acknowledged.
  public let acknowledged: Int

  /// A broadcast.
  public init(groupID: String, fromAgent: String?, startedAt: Timestamp, receivers: Int, acknowledged: Int) {
    self.groupID = groupID
    self.fromAgent = fromAgent
    self.startedAt = startedAt
    self.receivers = receivers
    self.acknowledged = acknowledged
  }
}
