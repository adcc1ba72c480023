public import Model

/// What came of one body.
public struct DecodedBatch: Sendable {
  /// The frames of the accepted events and what is kept of the refused.
  public var payload = BatchBuilder()
  /// One entry a frame, in the same order.
  public internal(set) var frames: [DecodedFrame] = []
  /// What was refused, by position in the body.
  public internal(set) var refusals: [Refusal] = []
  /// How many were refused of those that name their sender, by that name.
  public internal(set) var refusedBySender: [String: Int] = [:]
  /// How many events were accepted; a broadcast counts as one, though it has a frame a receiver.
  public internal(set) var accepted = 0
  /// How many events had been accepted before; see `RecentIdentities`.
  public internal(set) var duplicates = 0
  /// How many values were redacted in accepted events.
  public internal(set) var redactions = 0
  /// How many keys were dropped from accepted events for their first character.
  public internal(set) var droppedKeys = 0

  init() {}

  /// Hands over the frames and what is kept of the refused.
  public mutating func takePayload() -> BatchBuilder {
    defer { payload = BatchBuilder() }
    return payload
  }
}

/// One frame of a batch.
public struct DecodedFrame: Equatable, Sendable {
  /// The position of its event in the body.
  public var index: Int
  /// Where it stands in the batch's frames.
  public var range: Range<Int>
  /// By what a resend is known.
  public var identity: EventIdentity
}

/// Why a body was not read at all.
public enum BodyRefusal: Error, Equatable, Sendable {
  /// It is larger than is taken, as sent.
  case tooLarge(limit: Int)
  /// It is larger than is taken once unpacked, or once broadcasts are expanded.
  case tooLargeUnpacked(limit: Int)
  /// It has more events than are taken.
  case tooManyEvents(limit: Int)
  /// It is of another media type than is read.
  case unsupportedType
  /// It is packed in another way than is read.
  case unsupportedEncoding
}

extension BodyRefusal: CustomStringConvertible {
  /// The refusal and what would be right.
  public var description: String {
    switch self {
    case .tooLarge(let limit): "cannot take the body: it is over \(limit) bytes; send smaller batches"
    case .tooLargeUnpacked(let limit):
      "cannot take the body: unpacked it is over \(limit) bytes; send smaller batches"
    case .tooManyEvents(let limit): "cannot take the body: it has over \(limit) events; send smaller batches"
    case .unsupportedType:
      "cannot read the body: send application/json (one event or an array) or application/x-ndjson, in UTF-8"
    case .unsupportedEncoding: "cannot read the body: send it with Content-Encoding gzip or none"
    }
  }
}
