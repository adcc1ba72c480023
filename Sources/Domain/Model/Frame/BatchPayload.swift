// The batch: what one request brought, as one spool record. It is stored whole or not at all.
//
//   the events, one frame after another
//   the rejections: index u32, code u8 length + text, pointer u16 length + text,
//     message u16 length + text, body u32 length + bytes
//   who sent it, UTF-8
//   the foot of 19 bytes: received_at (microseconds since 1970) i64, number of events u32,
//     of rejections u32, bytes of who sent it u16, format u8 (2)
//
// What is known last stands last, so that the events become the record without being copied.
public import Bytes

/// What was refused, kept for whoever asks why.
public struct Rejection: Equatable, Sendable {
  /// Which event, where in it, and why.
  public var refusal: Refusal
  /// The bytes that were sent, masked and cut.
  public var body: [UInt8]

  /// A rejection with the bytes that caused it.
  public init(refusal: Refusal, body: [UInt8]) {
    self.refusal = refusal
    self.body = body
  }
}

/// Collects the frames and rejections of one request.
public struct BatchBuilder: Sendable {
  /// Where frames are written to; each frame put here is to be followed by `countEvent`.
  public var frames: ByteWriter
  /// The number of frames.
  public private(set) var events = 0
  /// What was refused and is to be kept.
  public var rejections: [Rejection] = []

  /// An empty batch with room for `capacity` bytes of frames.
  public init(capacity: Int = 0) {
    frames = ByteWriter(capacity: capacity)
  }

  /// Counts the frame just written.
  public mutating func countEvent() { events += 1 }

  /// Forgets everything, keeping the room.
  public mutating func removeAll() {
    frames.removeAll()
    events = 0
    rejections.removeAll(keepingCapacity: true)
  }

  /// The payload of the spool record.
  public consuming func payload(receivedAt: Timestamp, from: String) -> [UInt8] {
    for rejection in rejections { frames.put(rejection) }
    let sender = from.utf8.prefix(256)
    frames.bytes.append(contentsOf: sender)
    frames.put(receivedAt.microseconds)
    frames.put(UInt32(clamping: events))
    frames.put(UInt32(clamping: rejections.count))
    frames.put(UInt16(sender.count))
    frames.put(BatchPayload.format)
    return frames.bytes
  }
}

extension ByteWriter {
  fileprivate mutating func put(_ rejection: Rejection) {
    put(UInt32(clamping: rejection.refusal.index))
    put(short: rejection.refusal.code.rawValue)
    put(short: rejection.refusal.pointer)
    put(short: rejection.refusal.message)
    put(UInt32(clamping: rejection.body.count))
    put(rejection.body)
  }

  private mutating func put(short text: String) {
    let run = text.utf8.prefix(Int(UInt16.max))
    put(UInt16(run.count))
    bytes.append(contentsOf: run)
  }
}

/// A reading view of a batch.
public struct BatchPayload: Sendable {
  /// When the request was received.
  public let receivedAt: Timestamp
  /// Who sent it.
  public let from: String
  /// The events, in the order in which they were sent.
  public let frames: [EventFrame]
  /// What was refused of the same request.
  public let rejections: [Rejection]

  static let format: UInt8 = 2
  private static let footSize = 19

  /// The batch in a spool record's payload, or nil if it is none.
  public init?(_ bytes: [UInt8]) {
    let foot = bytes.count - Self.footSize
    guard bytes.last == Self.format, let received: Int64 = bytes.integer(at: foot),
      let eventCount: UInt32 = bytes.integer(at: foot + 8),
      let rejectionCount: UInt32 = bytes.integer(at: foot + 12),
      let senderSize: UInt16 = bytes.integer(at: foot + 16)
    else { return nil }
    receivedAt = Timestamp(microseconds: received)
    var reader = ByteReader(bytes)
    var frames: [EventFrame] = []
    frames.reserveCapacity(min(Int(eventCount), bytes.count / EventFrame.headerSize))
    for _ in 0..<eventCount {
      guard let frame = EventFrame(bytes, at: reader.offset), reader.run(frame.range.count) != nil else {
        return nil
      }
      frames.append(frame)
    }
    self.frames = frames
    var rejections: [Rejection] = []
    for _ in 0..<rejectionCount {
      guard let rejection = reader.rejection() else { return nil }
      rejections.append(rejection)
    }
    self.rejections = rejections
    guard let sender = reader.run(Int(senderSize)), reader.offset == foot else { return nil }
    from = String(decoding: bytes[sender], as: UTF8.self)
  }
}

extension ByteReader {
  fileprivate mutating func shortText() -> String? {
    guard let length = integer(UInt16.self), let range = run(Int(length)) else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  fileprivate mutating func rejection() -> Rejection? {
    guard let index = integer(UInt32.self), let word = shortText(), let code = RefusalCode(rawValue: word),
      let pointer = shortText(), let message = shortText(), let length = integer(UInt32.self),
      let range = run(Int(length))
    else { return nil }
    return Rejection(
      refusal: Refusal(index: Int(index), pointer: pointer, code: code, message: message),
      body: Array(bytes[range]))
  }
}
