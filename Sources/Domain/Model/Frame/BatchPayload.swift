// The batch: what one request brought, as one spool record. It is stored whole or not at all.
//
//   offset  size  what
//   0       1     format, 1
//   1       8     received_at, microseconds since 1970
//   9       2     length of `from`, then its UTF-8: who sent it
//   …       4     number of events
//   …       4     number of rejections
//   …             the events, one frame after another
//   …             the rejections: index u32, code u8 length + text, pointer u16 length + text,
//                 message u16 length + text, body u32 length + bytes
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
  public func payload(receivedAt: Timestamp, from: String) -> [UInt8] {
    var output = ByteWriter(capacity: frames.count + 64 + rejections.reduce(0) { $0 + $1.body.count + 512 })
    output.put(UInt8(1))
    output.put(receivedAt.microseconds)
    let sender = from.utf8.prefix(256)
    output.put(UInt16(sender.count))
    output.bytes.append(contentsOf: sender)
    output.put(UInt32(clamping: events))
    output.put(UInt32(clamping: rejections.count))
    output.put(frames.bytes)
    for rejection in rejections { output.put(rejection) }
    return output.bytes
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

  /// The batch in a spool record's payload, or nil if it is none.
  public init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard reader.integer(UInt8.self) == 1, let received = reader.integer(Int64.self),
      let from = reader.shortText(), let eventCount = reader.integer(UInt32.self),
      let rejectionCount = reader.integer(UInt32.self)
    else { return nil }
    receivedAt = Timestamp(microseconds: received)
    self.from = from
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
    guard reader.isAtEnd else { return nil }
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
