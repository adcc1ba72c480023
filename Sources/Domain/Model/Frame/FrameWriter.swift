public import Bytes
public import Hashing

/// Builds a frame: facts are noted while the event is read, then everything is put down at once.
///
/// One writer serves many events; nothing is allocated once its arrays have grown.
public struct FrameWriter: Sendable {
  private struct Note {
    var id: FactID
    var form: FactForm
    var offset: UInt32
    var length: UInt32
    var isInTail: Bool
  }

  private var notes: [Note] = []
  private var tail: [UInt8] = []

  /// A writer with nothing noted.
  public init() {}

  /// Forgets what was noted for the last event.
  public mutating func reset() {
    notes.removeAll(keepingCapacity: true)
    tail.removeAll(keepingCapacity: true)
  }

  /// Notes a fact whose value stands in the body, at a range counted from the body's start.
  public mutating func note(_ id: FactID, _ form: FactForm, inBody range: Range<Int>) {
    notes.append(
      Note(
        id: id, form: form, offset: UInt32(clamping: range.lowerBound), length: UInt32(clamping: range.count),
        isInTail: false))
  }

  /// Notes a fact whose value is given apart from the body.
  public mutating func note(_ id: FactID, _ form: FactForm, value: some Collection<UInt8>) {
    notes.append(
      Note(
        id: id, form: form, offset: UInt32(clamping: tail.count), length: UInt32(clamping: value.count),
        isInTail: true))
    tail.append(contentsOf: value)
  }

  /// Puts the frame down behind what `output` already holds.
  public func write(
    type: EventType, flags: EventFlags, source: EventSource, occurredAt: Timestamp, contentHash: Hash128,
    body: ArraySlice<UInt8>, into output: inout ByteWriter
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
      for position in 0..<count {
        let note = notes[position]
        room.put(UInt16(note.id.rawValue) | UInt16(note.form.rawValue) << 8)
        let offset = note.isInTail ? note.offset &+ tailStart : note.offset
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
