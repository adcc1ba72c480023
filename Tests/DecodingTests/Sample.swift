import Decoding
import Model

/// Bodies, moments and shorthands for tests.
enum Sample {
  /// 2026-11-21T03:01:00Z, a minute after the events of these tests.
  static let now = Timestamp(microseconds: 1_795_230_060_000_000)

  static let lines = "application/x-ndjson"
  static let json = "application/json"

  /// An event that is good, with further members.
  static func event(_ id: String = "e-1", _ more: String = "") -> String {
    """
    {"type":"handoff.acknowledged","event_id":"\(id)","handoff_id":"ho_1",\
    "occurred_at":"2026-11-21T03:00:00Z"\(more.isEmpty ? "" : "," + more)}
    """
  }

  static func decode(
    _ body: String, as type: String = json, settings: DecodingSettings = DecodingSettings()
  ) throws(BodyRefusal) -> DecodedBatch {
    try decode(Array(body.utf8), as: type, settings: settings)
  }

  static func decode(
    _ body: [UInt8], as type: String = json, encoding: String? = nil,
    settings: DecodingSettings = DecodingSettings()
  ) throws(BodyRefusal) -> DecodedBatch {
    var decoder = Decoder(settings: settings)
    return try decoder.decode(body, contentType: type, contentEncoding: encoding, receivedAt: now)
  }
}

extension DecodedBatch {
  /// The frames as they are read back from the payload.
  var readBack: [EventFrame] {
    BatchPayload(payload.payload(receivedAt: Sample.now, from: "test"))?.frames ?? []
  }

  /// What was refused, in short.
  var refusedAs: [String] { refusals.map { "\($0.index) \($0.code.rawValue) \($0.pointer)" } }
}

extension EventFrame {
  var text: String { String(decoding: body, as: UTF8.self) }

  func text(_ id: FactID) -> String? { value(of: id).map { String(decoding: $0, as: UTF8.self) } }
}
