import Bytes
import Hashing
import Model

/// An event as a test states it; frames are made of it.
struct Story: Sendable {
  var type: EventType
  var id: String
  var at: Int64
  var facts: [(FactID, FactForm, String)] = []
  var content: UInt64 = 0

  var frame: EventFrame? {
    var writer = FrameWriter()
    writer.note(.handoffID, .text, value: Array("ho_1".utf8))
    writer.note(.eventID, .text, value: Array(id.utf8))
    for (fact, form, value) in facts { writer.note(fact, form, value: Array(value.utf8)) }
    var output = ByteWriter()
    writer.write(
      type: type, flags: [], source: .events, occurredAt: Timestamp(microseconds: at),
      contentHash: Hash128(low: content, high: 0), body: Array("{}".utf8)[...], into: &output)
    return EventFrame(output.bytes, at: 0)
  }
}

extension HandoffRecord {
  /// The record of those events, merged in that order.
  init(_ stories: [Story]) {
    self.init()
    for frame in stories.compactMap(\.frame) { _ = merge(frame) }
  }
}
