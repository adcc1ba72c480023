/// One event as its handoff's record remembers it: what it was, and when.
public struct RecordMoment: Sendable {
  /// What happened.
  public let type: EventType
  /// When it happened.
  public let occurredAt: Timestamp
  /// The number of the delivery attempt; 0 where the event named none.
  public let attempt: UInt32
  /// Where its identity stands in the record's bytes.
  public let identity: Range<Int>
}

extension HandoffRecord {
  /// The bytes that identities and values stand in.
  public var bytes: [UInt8] { storage }

  /// The events, in the order of their keys.
  public var moments: [RecordMoment] {
    events.map { event in
      RecordMoment(
        type: event.type, occurredAt: event.occurredAt, attempt: event.attempt, identity: event.identity)
    }
  }

  /// Visits the values in force that the event at a position brought.
  public func forEachFact(broughtBy position: Int, _ visit: (FactID, Range<Int>) -> Void) {
    for fact in facts where fact.owner == position { visit(fact.id, fact.value) }
  }
}
