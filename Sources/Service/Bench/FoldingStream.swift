import Bytes
import Hashing
import Model
import Platform

/// One event of the stream.
struct StreamEvent {
  var frame: EventFrame
  var receivedAt: Timestamp
}

/// A stream of events, rendered beforehand.
struct FoldingStream {
  private var batches: [[StreamEvent]] = []
  private var writer = FrameWriter()
  private var random = SplitMix64(seed: 1)

  /// Each batch holds events of one type, of handoffs of about the same age; the next comes `spacing` microseconds later.
  init(handoffs: Int, spacing: Int64 = 50_000) {
    let perBatch = 500
    let start: Int64 = 1_790_000_000_000_000
    for batch in 0..<(handoffs / perBatch + 4) {
      let now = start + Int64(batch) * spacing
      for (type, age) in [(EventType.initiated, 0), (.acknowledged, 2), (.completed, 4)] {
        let first = (batch - age) * perBatch
        guard first >= 0, first < handoffs else { continue }
        batches.append(render(type, first..<(first + perBatch), at: now))
      }
    }
  }

  /// The stream cut into runs of events of one type.
  func runs(of length: Int) -> [ArraySlice<StreamEvent>] {
    batches.flatMap { batch in
      stride(from: 0, to: batch.count, by: length).map { batch[$0..<min($0 + length, batch.count)] }
    }
  }

  private mutating func render(_ type: EventType, _ handoffs: Range<Int>, at now: Int64) -> [StreamEvent] {
    var output = ByteWriter(capacity: 500_000)
    var offsets: [Int] = []
    for handoff in handoffs {
      offsets.append(output.count)
      note(type, handoff)
      let occurredAt = Timestamp(microseconds: now - Int64.random(in: 0..<40_000, using: &random))
      writer.write(
        type: type, flags: [], source: .events, occurredAt: occurredAt,
        contentHash: Hash128(low: UInt64(handoff), high: UInt64(type.rawValue)),
        body: Array("{}".utf8)[...], into: &output)
    }
    let receivedAt = Timestamp(microseconds: now)
    return offsets.compactMap { EventFrame(output.bytes, at: $0) }
      .map { StreamEvent(frame: $0, receivedAt: receivedAt) }
  }

  private mutating func note(_ type: EventType, _ handoff: Int) {
    let task = handoff / 5
    let hop = handoff % 5
    writer.reset()
    text(.handoffID, "ho_1790000000000_\(UInt64(handoff) &* 0x9e37_79b9_7f4a_7c15)")
    text(.eventID, "01J\(type.rawValue)_\(handoff)")
    text(.taskID, "task-\(task)")
    text(.fromAgent, "agent-\((task &* 7 &+ hop) % 100)")
    text(.toAgent, "agent-\((task &* 7 &+ hop &+ 1) % 100)")
    text(.traceID, "4bf92f3577b34da6a3ce929d0e0e4736")
    if type == .initiated { noteEnvelope(handoff) }
  }

  private mutating func noteEnvelope(_ handoff: Int) {
    text(.conversationID, "c-\(handoff / 20)")
    text(.kind, "warm")
    text(.pattern, "direct")
    text(.reason, "specialization")
    number(.attempt, "1")
    number(.hop, "\(handoff % 5 + 1)")
    text(.envelopeVersion, "2.0")
    number(.envelopeBytes, "5120")
    text(.envelopeStrategy, "priority_trimming")
    json(.tokens, #"{"budget": 4000, "used": 3247, "trimmed": 0}"#)
    number(.tokensBudget, "4000")
    number(.tokensUsed, "3247")
    number(.tokensTrimmed, "0")
    json(.memoryRefs, #"{"requested": 20, "resolved": 19, "missing": ["ms-4823"]}"#)
    number(.memoryRequested, "20")
    number(.memoryResolved, "\(18 + handoff % 3)")
    json(.memoryMissing, #"["ms-4823"]"#)
    json(
      .envelopeSections,
      #"["task_context", "memory_references", "execution_history", "constraints", "expected_outputs"]"#)
    text(.envelopeChecksum, "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    number(.envelopeConfidence, "0.9")
    text(.envelopeDeadline, "2026-09-21T14:14:00.000000Z")
  }

  private mutating func text(_ id: FactID, _ value: String) {
    writer.note(id, .text, value: Array(value.utf8))
  }
  private mutating func number(_ id: FactID, _ value: String) {
    writer.note(id, .number, value: Array(value.utf8))
  }
  private mutating func json(_ id: FactID, _ value: String) {
    writer.note(id, .json, value: Array(value.utf8))
  }
}

/// A stream in which every name is a new one: nothing that is remembered is ever of use.
struct FloodingStream {
  private var writer = FrameWriter()
  /// The handoffs told so far.
  private(set) var count = 0

  /// The next handoffs: initiated, all of them; one in three is acknowledged, and one in three parked.
  mutating func next(_ handoffs: Int) -> [StreamEvent] {
    var output = ByteWriter(capacity: 200_000)
    var offsets: [Int] = []
    let now = Timestamp(microseconds: 1_790_000_000_000_000 + Int64(count) * 1000)
    for number in count..<(count + handoffs) {
      let types: [EventType] = [[.initiated], [.initiated, .acknowledged], [.initiated, .parked]][number % 3]
      for type in types {
        offsets.append(output.count)
        note(number)
        writer.write(
          type: type, flags: [], source: .events, occurredAt: now,
          contentHash: Hash128(low: UInt64(number), high: UInt64(type.rawValue)),
          body: Array("{}".utf8)[...], into: &output)
      }
    }
    count += handoffs
    return offsets.compactMap { EventFrame(output.bytes, at: $0) }
      .map { StreamEvent(frame: $0, receivedAt: now) }
  }

  private mutating func note(_ number: Int) {
    writer.reset()
    let facts: [(FactID, String)] = [
      (.handoffID, "ho_flood_\(number)"), (.taskID, "task of the flood \(number)"),
      (.fromAgent, "sender \(number)"), (.toAgent, "receiver \(number)"), (.groupID, "group \(number)"),
    ]
    for (id, value) in facts { writer.note(id, .text, value: Array(value.utf8)) }
  }
}
