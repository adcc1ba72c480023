public import Model

/// A handoff as it is stored.
public struct StoredHandoff: Sendable {
  /// Which one.
  public var id: String
  /// What all its events together say.
  public var record: HandoffRecord
  /// Its first event.
  public var firstEventAt: Timestamp
}

/// An event as it is stored.
public struct StoredEvent: Sendable {
  /// The JSON as sent, redacted.
  public var body: [UInt8]
  /// When it happened.
  public var occurredAt: Timestamp
  /// When a sidecar received it.
  public var receivedAt: Timestamp
  /// Which sidecar; nil where that is not known any more.
  public var instance: String?
}

/// A handoff with what belongs to it.
public struct HandoffDetail: Sendable {
  /// The handoff.
  public var handoff: StoredHandoff
  /// Its events, in the order in which they count.
  public var events: [StoredEvent]
  /// Whether there are more events than an answer may hold.
  public var isCut: Bool
  /// The handoffs it comes from, the nearest first.
  public var parents: [StoredHandoff]
  /// The handoffs that come from it, the oldest first.
  public var children: [StoredHandoff]
  /// The handoffs its sender made to others in place of its receiver, the oldest first.
  public var fallbacks: [StoredHandoff]
  /// The handoffs whose envelopes its envelope was made from, the nearest first.
  public var envelopes: [StoredHandoff]
  /// How far the broadcast is that it belongs to; nil where it belongs to none.
  public var broadcast: BroadcastProgress?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

/// How far a broadcast is, or what was made in parallel: of a handoff for each receiver, how many came to what.
public struct BroadcastProgress: Equatable, Sendable {
  /// What its handoffs share.
  public var groupID: String
  /// How many receivers it has, as was told; nil where it was not.
  public var receivers: Int?
  /// Handoffs of it that are known.
  public var known: Int
  /// Those of them that were acknowledged.
  public var acknowledged: Int
  /// Those of them that have ended, in whatever way.
  public var settled: Int
  /// Those of them that have ended otherwise than completed.
  public var failed: Int
  /// How often a receiver acknowledged what it had acknowledged before.
  public var duplicates: Int
}

/// A page of handoffs.
public struct HandoffPage: Sendable {
  /// The handoffs, in the order that was asked for.
  public var handoffs: [StoredHandoff]
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}

/// A refused event as it is stored.
public struct StoredRejection: Sendable {
  /// When it was received.
  public var receivedAt: Timestamp
  /// Who sent it.
  public var from: String
  /// Which sidecar received it; nil where that is not known any more.
  public var instance: String?
  /// Its position in its request; of one found at the commit, among the accepted.
  public var index: Int
  /// Why, as a word.
  public var code: String
  /// Where in the event.
  public var pointer: String
  /// Why, for people.
  public var message: String
  /// The bytes, masked and cut.
  public var body: [UInt8]
  /// Whether the client had been told that it was accepted.
  public var isAcknowledged: Bool
}

/// A page of rejections, the newest first.
public struct RejectionPage: Sendable {
  /// The rejections.
  public var rejections: [StoredRejection]
  /// Where the next page begins; nil where this is the last.
  public var next: String?
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}
