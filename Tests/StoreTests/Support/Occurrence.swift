import Bytes
import Hashing
import Model

/// An event as a test states it.
struct Occurrence: Sendable {
  var type: EventType
  var id: String
  var handoff = "ho_1"
  var at: Int64 = Occurrence.base
  var facts: [(FactID, FactForm, String)] = []
  /// What makes the content differ where nothing else does.
  var salt = 0

  /// A moment of the day on which the tests' clock stands.
  static let base: Int64 = 1_795_230_000_000_000

  /// The event's JSON: not what a client would send, but as long and as valid.
  var body: [UInt8] {
    var text =
      "{\"type\":\"\(type.name)\",\"event_id\":\"\(id)\",\"handoff_id\":\"\(handoff)\",\"at\":\(at),\"salt\":\(salt)"
    for (fact, form, value) in facts {
      text += ",\"f\(fact.rawValue)\":" + (form == .text ? "\"\(value)\"" : value)
    }
    return Array((text + "}").utf8)
  }

  private var content: Hash128 {
    var other = self
    other.id = ""
    return Hash.hash128(other.body)
  }

  /// Writes the event's frame.
  func write(with writer: inout FrameWriter, into batch: inout BatchBuilder) {
    writer.reset()
    if type.subject == .handoff { writer.note(.handoffID, .text, value: handoff.utf8) }
    writer.note(.eventID, .text, value: id.utf8)
    for (fact, form, value) in facts { writer.note(fact, form, value: value.utf8) }
    writer.write(
      type: type, flags: [], source: .events, occurredAt: Timestamp(microseconds: at), contentHash: content,
      body: body[...], into: &batch.frames)
    batch.countEvent()
  }

  /// The event's frame.
  var frame: EventFrame? {
    var writer = FrameWriter()
    var batch = BatchBuilder()
    write(with: &writer, into: &batch)
    return EventFrame(batch.frames.bytes, at: 0)
  }
}

extension [Occurrence] {
  /// The payload of a spool record that holds these events.
  func payload(
    from sender: String = "test", receivedAt: Int64 = Occurrence.base, rejections: [Rejection] = []
  ) -> [UInt8] {
    var writer = FrameWriter()
    var batch = BatchBuilder()
    for event in self { event.write(with: &writer, into: &batch) }
    batch.rejections = rejections
    return batch.payload(receivedAt: Timestamp(microseconds: receivedAt), from: sender)
  }

  /// The records of all handoffs, worked out in one go in the given order.
  var records: [String: [UInt8]] {
    var all: [String: HandoffRecord] = [:]
    for event in self where event.type.subject == .handoff {
      if let frame = event.frame { _ = all[event.handoff, default: HandoffRecord()].merge(frame) }
    }
    return all.mapValues(\.coded)
  }
}
