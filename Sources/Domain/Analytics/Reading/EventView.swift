import Hashing
import Model

/// An event as the fold reads it: its facts in place, and decoded where they are asked for.
///
/// It is made of a frame, or, after a restart, of an event that a handoff's record remembers. It is
/// passed on and never copied.
struct EventView: ~Copyable {
  let type: EventType
  let occurredAt: Int64
  /// The time of receipt, which is the fold's own time.
  let receivedAt: Int64
  /// Too old for windows, circuits and instant alerts.
  let isLate: Bool
  let bytes: [UInt8]
  /// The event's JSON; empty where only its facts are known.
  let body: Range<Int>
  private(set) var facts: FactPlaces

  init(
    type: EventType, occurredAt: Int64, receivedAt: Int64, isLate: Bool, bytes: [UInt8],
    body: Range<Int> = 0..<0, facts: consuming FactPlaces = FactPlaces()
  ) {
    self.type = type
    self.occurredAt = occurredAt
    self.receivedAt = receivedAt
    self.isLate = isLate
    self.bytes = bytes
    self.body = body
    self.facts = facts
    self.facts.clear()
  }

  init(
    _ frame: EventFrame, receivedAt: Int64, lateAfter: Int64, facts: consuming FactPlaces = FactPlaces()
  ) {
    let occurredAt = frame.occurredAt.microseconds
    let isLate = frame.flags.contains(.late) || receivedAt &- occurredAt > lateAfter
    self.init(
      type: frame.type, occurredAt: occurredAt, receivedAt: receivedAt, isLate: isLate, bytes: frame.bytes,
      body: frame.bodyRange, facts: facts)
    self.facts.read(frame)
  }

  mutating func put(_ id: FactID, _ range: Range<Int>) { facts.put(id, range) }

  /// Gives the table back for the next event.
  consuming func release() -> FactPlaces { facts }

  /// Whether the event brings the fact.
  @inline(__always)
  func has(_ id: FactID) -> Bool { facts.has(id) }

  /// Where the fact's value stands; nil where the event does not bring it, or brings an empty text.
  @inline(__always)
  func piece(_ id: FactID) -> FactPlace? { facts[id] }
}

extension EventView {
  /// The fact's value.
  func text(_ id: FactID) -> ArraySlice<UInt8>? {
    piece(id).map { bytes[$0.range] }
  }

  /// The hash of the fact's value.
  @inline(__always)
  func hash(_ id: FactID, seed: UInt64) -> Hash128? {
    guard let piece = piece(id) else { return nil }
    return Hash.hash128(bytes.span.extracting(piece.range), seed: seed)
  }

  /// The fact's value, if it is a whole number from 0 to 2^53.
  func count(_ id: FactID) -> Int64? {
    guard let piece = piece(id), let number = NumberText.value(of: bytes, piece.range) else { return nil }
    return number >= 0 && number <= 0x1p53 ? Int64(number) : nil
  }

  /// The fact's value, if it is a number.
  func number(_ id: FactID) -> Double? {
    piece(id).flatMap { NumberText.value(of: bytes, $0.range) }
  }

  /// The fact's value, if it is a moment.
  func moment(_ id: FactID) -> Int64? {
    guard let piece = piece(id) else { return nil }
    return MomentText.microseconds(of: bytes, piece.range)
  }

  /// The fact's value as a word of a closed list.
  func word<Word: ClosedWord>(_ id: FactID) -> Word? {
    piece(id).map { Word.list.word(bytes, $0.range) }
  }
}
