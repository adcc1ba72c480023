public import Bytes
public import Hashing

/// Builds a frame: facts are noted while the event is read, then everything is put down at once.
///
/// What is done for each fact is inlinable, because an event has a dozen of them.
///
/// One writer serves many events; nothing is allocated once its arrays have grown.
public struct FrameWriter: Sendable {
  @usableFromInline
  struct Note: Sendable {
    @usableFromInline var id: FactID
    @usableFromInline var form: FactForm
    @usableFromInline var isInTail: Bool
    @usableFromInline var offset: UInt32
    @usableFromInline var length: UInt32

    @inlinable
    init(id: FactID, form: FactForm, _ range: Range<Int>, isInTail: Bool) {
      self.id = id
      self.form = form
      self.isInTail = isInTail
      offset = UInt32(clamping: range.lowerBound)
      length = UInt32(clamping: range.count)
    }

    var range: Range<Int> { Int(offset)..<(Int(offset) + Int(length)) }
  }

  @usableFromInline var notes: [Note] = []
  @usableFromInline var tail: [UInt8] = []

  /// A writer with nothing noted.
  public init() {}

  /// Forgets what was noted for the last event.
  @inlinable
  public mutating func reset() {
    if !notes.isEmpty { notes.removeAll(keepingCapacity: true) }
    if !tail.isEmpty { tail.removeAll(keepingCapacity: true) }
  }

  /// How many facts are noted.
  public var count: Int { notes.count }

  /// Notes a fact whose value stands in the text that the body is taken from.
  @inlinable
  @inline(__always)
  public mutating func note(_ id: FactID, _ form: FactForm, inText range: Range<Int>) {
    notes.append(Note(id: id, form: form, range, isInTail: false))
  }

  /// Says where the value of a fact in the text ends, if that was not known when it was noted.
  public mutating func end(_ position: Int, at end: Int) {
    notes[position].length = UInt32(clamping: end) - notes[position].offset
  }

  /// Notes a fact whose value is given apart from the body.
  public mutating func note(_ id: FactID, _ form: FactForm, value: some Collection<UInt8>) {
    notes.append(Note(id: id, form: form, tail.count..<(tail.count + value.count), isInTail: true))
    tail.append(contentsOf: value)
  }

  /// Forgets facts.
  public mutating func forget(_ ids: [FactID]) {
    notes.removeAll { ids.contains($0.id) }
  }

  /// The value of a fact; empty where none is noted.
  public func value(of id: FactID, in text: Span<UInt8>) -> [UInt8] {
    guard let note = notes.first(where: { $0.id == id }) else { return [] }
    return note.isInTail ? Array(tail[note.range]) : note.range.map { text[$0] }
  }

  /// Puts the frame down behind what `output` already holds; `start` is where in the text the body began.
  public func write(
    type: EventType, flags: EventFlags, source: EventSource, occurredAt: Timestamp, contentHash: Hash128,
    body: ArraySlice<UInt8>, from start: Int = 0, into output: inout ByteWriter
  ) {
    let count = min(notes.count, 255)
    let isWide = body.count + tail.count > Int(UInt16.max)
    let head = EventFrame.headerSize + count * EventFrame.factSize(isWide)
    output.put(count: head + body.count + tail.count) { room in
      room.put(UInt32(clamping: head + body.count + tail.count - 4))
      room.put(type.rawValue)
      room.put(flags.rawValue)
      room.put(source.rawValue | (isWide ? EventFrame.wideMark : 0))
      room.put(UInt8(count))
      room.put(occurredAt.microseconds)
      room.put(contentHash.low)
      room.put(contentHash.high)
      room.put(UInt32(clamping: body.count))
      room.put(UInt32(clamping: tail.count))
      let tailStart = UInt32(clamping: body.count)
      let textStart = UInt32(clamping: start)
      for position in 0..<count {
        let note = notes[position]
        room.put(UInt16(note.id.rawValue) | UInt16(note.form.rawValue) << 8)
        let offset = note.isInTail ? note.offset &+ tailStart : note.offset &- textStart
        if isWide {
          room.put(offset)
          room.put(note.length)
        } else {
          room.put(offset & 0xFFFF | note.length << 16)
        }
      }
      room.put(body)
      room.put(tail[...])
    }
  }
}
