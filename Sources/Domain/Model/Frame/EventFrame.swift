// The frame: an accepted event in the form in which it is spooled, drained and folded.
//
//   offset  size  what
//   0       4     size of the rest
//   4       1     type (EventType)
//   5       1     flags (EventFlags)
//   6       1     source (EventSource); with the highest bit set, facts are wide
//   7       1     number of facts
//   8       8     occurred_at, microseconds since 1970
//   16      16    content hash, independent of spacing, key order and spelling
//   32      4     length of the body
//   36      4     length of the tail
//   40      6×n   facts: id, form, offset and length of the value within body and tail, each of two
//                 bytes; where body and tail are longer than that reaches, each of four (10×n)
//   …             the body: the event's JSON as sent, redacted
//   …             the tail: values that do not stand in the body as such (unescaped, derived)
//
// Integers are little-endian. A string fact's bytes are its unescaped UTF-8; a number, boolean,
// array or object fact's are its JSON. Parts of a whole (error, memory_refs, tokens) follow their
// head. The frame carries everything the drain needs, so no JSON is parsed twice.
import Bytes
public import Hashing

/// One fact of a frame: what it is, and where its value stands.
public struct FrameFact: Sendable {
  /// What the value says.
  public var id: FactID
  /// How the value is written.
  public var form: FactForm
  /// Where the value stands, counted from the start of the frame's bytes array.
  public var range: Range<Int>
}

/// How the value of a fact is written.
public enum FactForm: UInt8, Sendable {
  case text = 0
  case number = 1
  case json = 2
}

/// What is known of an event beside its content.
public struct EventFlags: OptionSet, Sendable {
  /// The stored bits.
  public var rawValue: UInt8
  /// Flags of those bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The client gave no `occurred_at`: it is the time of receipt.
  public static let timeAssumed = Self(rawValue: 1)
  /// The client gave no `event_id`: it was derived from the content.
  public static let identityDerived = Self(rawValue: 2)
  /// The sidecar concluded this event from something else (a span, a wrapper's word).
  public static let inferred = Self(rawValue: 4)
  /// Older than five minutes at receipt.
  public static let late = Self(rawValue: 8)
}

/// By which door an event came in.
public enum EventSource: UInt8, Sendable {
  case events = 0

  /// The name shown to users.
  public var name: String {
    switch self {
    case .events: "events"
    }
  }
}

/// A reading view of one frame within an array of bytes.
public struct EventFrame: Sendable {
  static let headerSize = 40
  static let wideMark: UInt8 = 0x80

  static func factSize(_ isWide: Bool) -> Int { isWide ? 10 : 6 }

  /// The array the frame lies in.
  public let bytes: [UInt8]
  /// Where the frame lies in it.
  public let range: Range<Int>
  /// What happened.
  public let type: EventType
  /// When it happened, or when it was received if the client did not say.
  public let occurredAt: Timestamp
  private let factCount: Int
  let isWide: Bool
  private let bodyStart: Int
  private let tailStart: Int

  /// The frame that starts at `offset`, or nil where there is none that is whole and sound.
  public init?(_ bytes: [UInt8], at offset: Int) {
    guard let size: UInt32 = bytes.integer(at: offset), Int(size) <= bytes.count - offset - 4,
      Int(size) >= Self.headerSize - 4, let type = EventType(rawValue: bytes[offset + 4]),
      let occurred: Int64 = bytes.integer(at: offset + 8),
      let body: UInt32 = bytes.integer(at: offset + 32), let tail: UInt32 = bytes.integer(at: offset + 36)
    else { return nil }
    let facts = Int(bytes[offset + 7])
    let isWide = bytes[offset + 6] & Self.wideMark != 0
    let needed = Self.headerSize + facts * Self.factSize(isWide) + Int(body) + Int(tail)
    guard needed == Int(size) + 4 else { return nil }
    self.bytes = bytes
    range = offset..<(offset + needed)
    self.type = type
    occurredAt = Timestamp(microseconds: occurred)
    factCount = facts
    self.isWide = isWide
    bodyStart = offset + Self.headerSize + facts * Self.factSize(isWide)
    tailStart = bodyStart + Int(body)
  }

  /// What is known beside the content.
  public var flags: EventFlags { EventFlags(rawValue: bytes[range.lowerBound + 5]) }
  /// By which door it came in.
  public var source: EventSource {
    EventSource(rawValue: bytes[range.lowerBound + 6] & ~Self.wideMark) ?? .events
  }
  /// The hash of the content, the event's id left out.
  public var contentHash: Hash128 {
    Hash128(
      low: bytes.integer(at: range.lowerBound + 16) ?? 0, high: bytes.integer(at: range.lowerBound + 24) ?? 0)
  }
  /// The event's JSON as sent, redacted.
  public var body: ArraySlice<UInt8> { bytes[bodyStart..<tailStart] }

  /// Where the event's JSON stands in `bytes`.
  public var bodyRange: Range<Int> { bodyStart..<tailStart }

  /// The number of facts.
  public var count: Int { factCount }

  /// The fact at a position below `count`; nil where the frame is damaged.
  public func fact(at position: Int) -> FrameFact? {
    guard position >= 0, position < factCount else { return nil }
    let at = start(ofFact: position)
    guard let id = FactID(rawValue: bytes[at]), let form = FactForm(rawValue: bytes[at + 1]),
      let (offset, length) = place(at + 2), offset + length <= range.upperBound - bodyStart
    else { return nil }
    let start = bodyStart + offset
    return FrameFact(id: id, form: form, range: start..<(start + length))
  }

  /// The value of a fact, if the event brings it.
  public func value(of id: FactID) -> ArraySlice<UInt8>? {
    for position in 0..<factCount where bytes[start(ofFact: position)] == id.rawValue {
      return fact(at: position).map { bytes[$0.range] }
    }
    return nil
  }

  private func start(ofFact position: Int) -> Int {
    range.lowerBound + Self.headerSize + position * Self.factSize(isWide)
  }

  /// Offset and length of a value.
  private func place(_ at: Int) -> (Int, Int)? {
    if isWide {
      guard let offset: UInt32 = bytes.integer(at: at), let length: UInt32 = bytes.integer(at: at + 4) else {
        return nil
      }
      return (Int(offset), Int(length))
    }
    guard let offset: UInt16 = bytes.integer(at: at), let length: UInt16 = bytes.integer(at: at + 2) else {
      return nil
    }
    return (Int(offset), Int(length))
  }

  /// The number of the delivery attempt, if the event names it.
  public var attempt: UInt32? {
    value(of: .attempt).flatMap { UInt32(String(decoding: $0, as: UTF8.self)) }
  }
}
