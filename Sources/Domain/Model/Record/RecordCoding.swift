// The coding of a record, as the database holds it beside the columns:
//
//   1   format, 1
//   2   number of events, then each: type u8, source u8, inferred u8,
//       attempt u32, occurred_at i64, content u64, id u16 + bytes
//   2   number of facts, then each: id u8, form u8, owner u16, value u32 + bytes
//
// Integers are little-endian; events stand in the order of their keys, facts in that of their ids.
public import Bytes

extension HandoffRecord {
  /// The record as bytes: equal for equal sets of events.
  public var coded: [UInt8] {
    var output = ByteWriter()
    code(into: &output)
    return output.bytes
  }

  /// Appends the record's bytes to `output`.
  public func code(into output: inout ByteWriter) {
    var size = 5 + events.count * Self.eventHeadSize + facts.count * Self.factHeadSize
    for event in events { size += event.identity.count }
    for fact in facts { size += fact.value.count }
    output.put(count: size) { room in
      room.put(UInt8(1))
      room.put(UInt16(clamping: events.count))
      for event in events { code(event, into: &room) }
      room.put(UInt16(clamping: facts.count))
      for fact in facts { code(fact, into: &room) }
    }
  }

  private static let eventHeadSize = 25
  private static let factHeadSize = 8

  private func code(_ event: SeenEvent, into room: inout ByteRoom) {
    room.put(event.type.rawValue)
    room.put(event.source.rawValue)
    room.put(UInt8(event.isInferred ? 1 : 0))
    room.put(event.attempt)
    room.put(event.occurredAt.microseconds)
    room.put(event.content)
    room.put(UInt16(clamping: event.identity.count))
    room.put(storage[event.identity])
  }

  private func code(_ fact: RecordFact, into room: inout ByteRoom) {
    room.put(fact.id.rawValue)
    room.put(fact.form.rawValue)
    room.put(UInt16(clamping: fact.owner))
    room.put(UInt32(clamping: fact.value.count))
    room.put(storage[fact.value])
  }

  /// The record in those bytes, or nil where they are none or of a later format.
  public init?(coded bytes: [UInt8]) {
    storage = bytes
    var reader = ByteReader(bytes)
    guard reader.integer(UInt8.self) == 1, let eventCount = reader.integer(UInt16.self) else { return nil }
    for _ in 0..<eventCount {
      guard let event = reader.seenEvent() else { return nil }
      events.append(event)
    }
    guard let factCount = reader.integer(UInt16.self) else { return nil }
    for _ in 0..<factCount {
      guard let fact = reader.recordFact(), fact.owner < events.count else { return nil }
      facts.append(fact)
    }
    guard reader.isAtEnd else { return nil }
  }
}

extension ByteReader {
  fileprivate mutating func seenEvent() -> SeenEvent? {
    guard let type = integer(UInt8.self).flatMap(EventType.init(rawValue:)),
      let source = integer(UInt8.self).flatMap(EventSource.init(rawValue:)),
      let inferred = integer(UInt8.self),
      let attempt = integer(UInt32.self),
      let occurredAt = integer(Int64.self), let content = integer(UInt64.self),
      let length = integer(UInt16.self), let identity = run(Int(length))
    else { return nil }
    return SeenEvent(
      type: type, source: source, isInferred: inferred != 0, attempt: attempt,
      occurredAt: Timestamp(microseconds: occurredAt), content: content, identity: identity)
  }

  fileprivate mutating func recordFact() -> RecordFact? {
    guard let id = integer(UInt8.self).flatMap(FactID.init(rawValue:)),
      let form = integer(UInt8.self).flatMap(FactForm.init(rawValue:)), let owner = integer(UInt16.self),
      let length = integer(UInt32.self), let value = run(Int(length))
    else { return nil }
    return RecordFact(id: id, form: form, owner: Int(owner), value: value)
  }
}
