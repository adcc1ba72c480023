// The merge rule: how the record of a handoff comes out of its events.
//
// A record is a function of the *set* of its events and of nothing else: not of their order, not of
// how often each came, not of which sidecar saw it. To be so, it keeps two things.
//
//   events   every event seen: identity, content hash, type, attempt and time, in the order of their
//            keys (occurred_at, rank of the type, event_id). Event ids are unique within a handoff,
//            so this order is total. State, latency, duration and attempts are read off this list.
//   facts    the values in force, each with the event it came from. Where two events differ, the one
//            with the later key wins; as the list is sorted, comparing keys is comparing positions.
//
// Facts merge singly, but for wholes (`error`, `memory_refs`, `tokens`): there the later event's
// whole replaces the earlier's with all its parts.
//
// The same identity with the same content is a duplicate and changes nothing. With other content it
// is a conflict: the first to be committed stays. The coding below is canonical: equal sets of
// events give equal bytes.
import Bytes
import Hashing

/// What became of an event that was merged into a record.
public enum MergeOutcome: Equatable, Sendable {
  /// It was new; the record holds it now.
  case merged
  /// The record held it already.
  case duplicate
  /// The record holds another event of the same identity.
  case conflict
  /// The record holds as many events as it can.
  case full
}

/// One event as its handoff's record remembers it.
struct SeenEvent: Sendable {
  var type: EventType
  var source: EventSource
  var isInferred: Bool
  /// The number of the delivery attempt; 0 where the event names none.
  var attempt: UInt32
  var occurredAt: Timestamp
  var content: UInt64
  var identity: Range<Int>
}

/// One value in force, and the position of the event that brought it.
struct RecordFact: Sendable {
  var id: FactID
  var form: FactForm
  var owner: Int
  var value: Range<Int>
}

/// The record of one handoff: what all its events together say.
public struct HandoffRecord: Sendable {
  /// The most events one handoff may have: beyond it events are refused, so that a client gone wild
  /// cannot make every commit rewrite megabytes.
  public static let capacity = 4096

  var storage: [UInt8] = []
  var events: [SeenEvent] = []
  var facts: [RecordFact] = []

  /// A record that has seen nothing.
  public init() {}

  /// The number of events seen.
  public var eventCount: Int { events.count }
}

extension HandoffRecord {
  /// Merges one event; the record does not depend on the order of calls.
  public mutating func merge(_ frame: EventFrame) -> MergeOutcome {
    guard let identity = frame.value(of: .eventID) else { return .conflict }
    let content = frame.contentHash.low
    if let known = events.first(where: { storage[$0.identity] == identity }) {
      return known.content == content ? .duplicate : .conflict
    }
    guard events.count < Self.capacity else { return .full }
    if events.isEmpty { reserve(for: frame) }
    let event = SeenEvent(
      type: frame.type, source: frame.source, isInferred: frame.flags.contains(.inferred),
      attempt: frame.attempt ?? 0, occurredAt: frame.occurredAt, content: content, identity: store(identity))
    let position = insert(event)
    mergeFacts(of: frame, from: position)
    return .merged
  }

  /// Makes room for an event and a few like it, so that records do not grow piecemeal.
  private mutating func reserve(for frame: EventFrame) {
    storage.reserveCapacity(frame.range.count)
    events.reserveCapacity(4)
    facts.reserveCapacity(frame.count + 4)
  }

  private mutating func store(_ value: ArraySlice<UInt8>) -> Range<Int> {
    let start = storage.count
    storage.append(contentsOf: value)
    return start..<storage.count
  }

  /// Puts the event where its key belongs, and moves the owners behind it.
  private mutating func insert(_ event: SeenEvent) -> Int {
    var position = events.count
    while position > 0, precedes(event, events[position - 1]) { position -= 1 }
    events.insert(event, at: position)
    guard position < events.count - 1 else { return position }
    for index in facts.indices where facts[index].owner >= position { facts[index].owner += 1 }
    return position
  }

  private func precedes(_ left: SeenEvent, _ right: SeenEvent) -> Bool {
    if left.occurredAt != right.occurredAt { return left.occurredAt < right.occurredAt }
    if left.type.rank != right.type.rank { return left.type.rank < right.type.rank }
    return storage[left.identity].lexicographicallyPrecedes(storage[right.identity])
  }

  private mutating func mergeFacts(of frame: EventFrame, from owner: Int) {
    // Handed on as an array: each copy of the frame would be counted, once a fact.
    let bytes = frame.bytes
    var refusedHead: FactID?
    for position in 0..<frame.count {
      guard let fact = frame.fact(at: position), fact.id.isMerged else { continue }
      let head = fact.id.head
      if head == fact.id {
        refusedHead = mergeHead(fact, in: bytes, from: owner) ? nil : head
      } else if head != refusedHead {
        put(fact, at: place(of: fact.id), in: bytes, from: owner)
      }
    }
  }

  /// Merges a fact that stands for itself or leads a whole; false if a later event has said otherwise.
  private mutating func mergeHead(_ fact: FrameFact, in bytes: [UInt8], from owner: Int) -> Bool {
    let index = place(of: fact.id)
    if index < facts.count, facts[index].id == fact.id {
      guard facts[index].owner < owner else { return false }
      removeParts(behind: index)
    }
    put(fact, at: index, in: bytes, from: owner)
    return true
  }

  /// Where a fact stands, or would stand: they are sorted by their numbers.
  func place(of id: FactID) -> Int {
    var low = 0
    var high = facts.count
    while low < high {
      let middle = (low + high) / 2
      if facts[middle].id.rawValue < id.rawValue { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Removes the parts of the whole whose head stands at `index`: they follow it, by their numbers.
  private mutating func removeParts(behind index: Int) {
    let head = facts[index].id
    var end = index + 1
    while end < facts.count, facts[end].id.head == head { end += 1 }
    if end > index + 1 { facts.removeSubrange((index + 1)..<end) }
  }

  private mutating func put(_ fact: FrameFact, at index: Int, in bytes: [UInt8], from owner: Int) {
    let value = store(bytes[fact.range])
    let entry = RecordFact(id: fact.id, form: fact.form, owner: owner, value: value)
    if index == facts.count {
      facts.append(entry)
    } else if facts[index].id == fact.id {
      facts[index] = entry
    } else {
      facts.insert(entry, at: index)
    }
  }
}
