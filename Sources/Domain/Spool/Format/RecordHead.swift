import Bytes
import Hashing
import Platform

/// The 56 bytes before a payload.
///
///      0  magic        a byte that UTF-8 never has, so that no text in a payload looks like a head
///      4  length       of the payload; zeros fill up to a multiple of 8
///      8  sequence     consecutive, but for those of groups that were refused
///     16  group        the sequence its group begins with: all before it was durable when this was written
///     24  received     microseconds since the Unix epoch
///     32  events       in the payload
///     36  kind         what the payload is
///     40  skipped      sequences right before this one that were never given to a durable record
///     48  check        over all of the above, the payload's hash, and the spool's identity
struct RecordHead: Hashable {
  static let size = 56
  static let magic: [UInt8] = [0xFE, 0x48, 0x44, 0x72]
  private static let magicNumber: UInt32 = 0x7244_48FE

  var length: Int
  var sequence: UInt64
  var group: UInt64
  var received: WallTime
  var events: Int
  var kind: UInt8
  var skipped: UInt64

  /// The sequence that must have come before, if nothing is missing.
  var prior: UInt64 { sequence &- skipped &- 1 }

  /// What a payload of `length` bytes takes in a segment.
  static func footprint(_ length: Int) -> Int {
    size + (length + 7) & ~7
  }

  /// Writes the record to the end of `writer`.
  func append(to writer: inout ByteWriter, payload: [UInt8], hash: UInt64, identity: SpoolID) {
    append(to: &writer, hash: hash, identity: identity)
    writer.put(payload)
    Self.fill(&writer, behind: length)
  }

  /// Writes the head of a payload with that hash to the end of `writer`.
  func append(to writer: inout ByteWriter, hash: UInt64, identity: SpoolID) {
    let start = writer.count
    writer.put(Self.magic)
    writer.put(UInt32(clamping: length))
    writer.put(sequence)
    writer.put(group)
    writer.put(received.microseconds)
    writer.put(UInt32(clamping: events))
    writer.put(UInt32(kind))
    writer.put(skipped)
    let head = Hash.hash64(
      writer.bytes.span.extracting(start..<(start + 48)), seed: hash &+ identity.seed)
    writer.put(head)
  }

  /// Writes the zeros behind a payload of `length` bytes.
  static func fill(_ writer: inout ByteWriter, behind length: Int) {
    for _ in 0..<(footprint(length) - size - length) { writer.put(0 as UInt8) }
  }

  /// Beyond this a sequence is damage, so that counting on from it cannot overflow.
  static let sequences: ClosedRange<UInt64> = 1...(1 << 62)

  /// Reads the fields at `offset`, where `size` bytes are; nil when they cannot be a head's.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard bytes.integer(at: offset, as: UInt32.self) == Self.magicNumber,
      let length: UInt32 = bytes.integer(at: offset + 4),
      let sequence: UInt64 = bytes.integer(at: offset + 8),
      let group: UInt64 = bytes.integer(at: offset + 16),
      let received: Int64 = bytes.integer(at: offset + 24),
      let events: UInt32 = bytes.integer(at: offset + 32), let kind: UInt8 = bytes.integer(at: offset + 36),
      let skipped: UInt64 = bytes.integer(at: offset + 40),
      Self.sequences.contains(sequence), skipped < sequence, group <= sequence
    else { return nil }
    self.init(
      length: Int(length), sequence: sequence, group: group, received: WallTime(microseconds: received),
      events: Int(events), kind: kind, skipped: skipped)
  }

  init(
    length: Int, sequence: UInt64, group: UInt64, received: WallTime, events: Int, kind: UInt8,
    skipped: UInt64
  ) {
    self.length = length
    self.sequence = sequence
    self.group = group
    self.received = received
    self.events = events
    self.kind = kind
    self.skipped = skipped
  }

  /// Whether the head at `offset`, read before, and the payload behind it are as they were written.
  static func verify(_ bytes: [UInt8], at offset: Int, length: Int, identity: SpoolID) -> Bool {
    let payload = Hash.hash64(bytes.span.extracting((offset + size)..<(offset + size + length)))
    let check = Hash.hash64(bytes.span.extracting(offset..<(offset + 48)), seed: payload &+ identity.seed)
    return bytes.integer(at: offset + 48) == check
  }
}
