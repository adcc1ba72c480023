import Decoding
import Model
import Testing

/// Records made of events as they are sent.
func records(_ events: String...) throws -> [(id: String, record: HandoffRecord)] {
  var decoder = Decoder(settings: DecodingSettings())
  let now = Timestamp(microseconds: 2_000_000_000_000_000)
  let batch = try decoder.decode(
    Array(events.joined(separator: "\n").utf8), contentType: "application/x-ndjson", contentEncoding: nil,
    receivedAt: now, keptRejections: 0)
  try #require(batch.refusals == [])
  let payload = try #require(BatchPayload(batch.payload.payload(receivedAt: now, from: "test")))
  var records: [String: HandoffRecord] = [:]
  for frame in payload.frames {
    let id = String(decoding: try #require(frame.value(of: .handoffID)), as: UTF8.self)
    #expect(records[id, default: HandoffRecord()].merge(frame) == .merged)
  }
  return records.map { ($0.key, $0.value) }
}

/// A handoff of a task, sent at a second, and acknowledged a second later.
func hop(
  _ id: String, _ from: String, _ to: String, at second: Int, requested: Int = 0, resolved: Int = 0,
  _ more: String = ""
) -> String {
  let at = 1_999_999_000 + second
  let references = #""memory_refs":{"requested":\#(requested),"resolved":\#(resolved)}"#
  return #"{"type":"handoff.initiated","handoff_id":"\#(id)","event_id":"\#(id)i","occurred_at":\#(at),"#
    + #""task_id":"t","from_agent":"\#(from)","to_agent":"\#(to)","envelope":{\#(references)\#(more)}}"#
    + "\n"
    + #"{"type":"handoff.acknowledged","handoff_id":"\#(id)","event_id":"\#(id)a","occurred_at":\#(at + 1)}"#
}
