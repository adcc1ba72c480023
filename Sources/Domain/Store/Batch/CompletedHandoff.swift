public import Model

/// What of a handoff takes two events to be known.
public struct StoredPairs: OptionSet, Sendable {
  /// The stored bits.
  public let rawValue: UInt8
  /// Pairs of those bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Its sending and its acknowledgement.
  public static let acknowledgement = Self(rawValue: 1)
  /// Its first sending and its end.
  public static let duration = Self(rawValue: 2)

  /// The pairs that a life has both halves of.
  init(_ life: HandoffLife) {
    self = []
    if life.acknowledgementLatency != nil { insert(.acknowledgement) }
    if life.duration != nil { insert(.duration) }
  }
}

/// A handoff of which a commit stored what was missing to something that takes two events.
///
/// The half that was there may have come from this sidecar or from another; because each record is written
/// only on top of the one it was computed from, one commit alone completes a pair, whoever else tries.
public struct CompletedHandoff: Sendable {
  /// Which one.
  public var id: [UInt8]
  /// What all its events together say, that commit included.
  public var record: HandoffRecord
  /// What was completed.
  public var pairs: StoredPairs
}
