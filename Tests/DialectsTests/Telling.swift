import Bytes
import Decoding
import Dialects
import Model
import Testing

/// What a body tells, as it would be stored.
struct Told {
  /// 2026-11-21T03:01:00Z, a minute after the messages.
  static let now = Timestamp(microseconds: 1_795_230_060_000_000)

  let batch: DecodedBatch
  let events: [JSONValue]

  init(_ body: String, as dialect: Dialect? = nil, type: String = "application/json") throws {
    var decoder = Decoder()
    batch = try decoder.decode(
      Array(body.utf8), contentType: type, dialect: dialect, receivedAt: Self.now)
    let frames = BatchPayload(batch.payload.payload(receivedAt: Self.now, from: "test"))?.frames ?? []
    events = try frames.map { try #require(JSONValue(Array($0.body))) }
  }

  /// The types of the events, without what they are about.
  var types: [String] { events.compactMap { $0["type"]?.text?.split(separator: ".").last.map(String.init) } }

  /// What was refused: position, code, pointer.
  var refused: [String] { batch.refusals.map { "\($0.index) \($0.code.rawValue) \($0.pointer)" } }

  /// The event of a type.
  func event(_ type: String) throws -> JSONValue {
    try #require(events.first { $0["type"]?.text?.hasSuffix("." + type) == true }, "\(types)")
  }
}

extension JSONValue {
  /// The value at a path as compact JSON.
  func json(_ path: String) -> String { String(decoding: at(path).bytes(), as: UTF8.self) }
}
