import Bytes
import Decoding
import Model
import Testing

@Suite struct FrameTests {
  /// An event with every member, with a time that is not too old.
  static let example = #"""
    {"schema_version": "1.0", "event_id": "01J", "type": "handoff.initiated", "occurred_at": "2026-11-21T03:00:00.123456Z",
     "handoff_id": "ho_1", "task_id": "t-1", "conversation_id": "c-1", "parent_handoff_id": "ho_0",
     "from_agent": "researcher", "to_agent": "coder", "attempt": 1, "hop": 2,
     "kind": "warm", "pattern": "direct", "reason": "specialization", "group_id": "fan-7", "receiver_count": 3,
     "envelope": {"version": "2.0", "previous": "ho_0", "bytes": 5120, "raw_bytes": 9000, "strategy": "priority_trimming",
       "tokens": {"budget": 4000, "used": 3247, "trimmed": 0}, "memory_refs": {"requested": 20, "resolved": 19, "missing": ["ms-4823"]},
       "sections": ["task_context", "constraints"],
       "checksum": "sha256:00", "constraints_hash": "c0", "confidence": 0.9, "deadline": 1795230000, "expires_at": "2026-11-21T05:00:00+01:00", "priority": "high"},
     "error": {"class": "retryable", "type": "timeout", "message": "late \"again\"", "attempted": "a call", "hint": "check types.ts"},
     "trace_id": "0af7", "span_id": "b7ad", "attributes": {"any": "json"}}
    """#

  @Test func `an event with every member becomes a frame with every fact, and its body as it was sent`()
    throws
  {
    let batch = try Sample.decode(Self.example)
    let frame = try #require(batch.readBack.first)
    #expect(frame.type == .initiated)
    #expect(frame.text == Self.example)
    #expect(frame.occurredAt.text == "2026-11-21T03:00:00.123456Z")
    #expect(frame.flags == [])
    let facts = (0..<frame.count).compactMap { frame.fact(at: $0) }
    let shown = facts.map { "\($0.id) \($0.form) \(String(decoding: frame.bytes[$0.range], as: UTF8.self))" }
    #expect(shown == Self.facts)
  }

  static let facts = [
    "eventID text 01J", "handoffID text ho_1", "taskID text t-1", "conversationID text c-1",
    "parentHandoffID text ho_0", "fromAgent text researcher", "toAgent text coder", "attempt number 1",
    "hop number 2", "kind text warm", "pattern text direct", "reason text specialization",
    "groupID text fan-7", "receiverCount number 3", "envelopeVersion text 2.0", "envelopePrevious text ho_0",
    "envelopeBytes number 5120", "envelopeRawBytes number 9000", "envelopeStrategy text priority_trimming",
    #"tokens json {"budget": 4000, "used": 3247, "trimmed": 0}"#, "tokensBudget number 4000",
    "tokensUsed number 3247", "tokensTrimmed number 0",
    #"memoryRefs json {"requested": 20, "resolved": 19, "missing": ["ms-4823"]}"#,
    "memoryRequested number 20", "memoryResolved number 19", #"memoryMissing json ["ms-4823"]"#,
    #"envelopeSections json ["task_context", "constraints"]"#, "envelopeChecksum text sha256:00",
    "envelopeConstraintsHash text c0", "envelopeConfidence number 0.9",
    "envelopeDeadline text 2026-11-21T03:00:00.000000Z", "envelopeExpiresAt text 2026-11-21T04:00:00.000000Z",
    "envelopePriority text high",
    #"error json {"class": "retryable", "type": "timeout", "message": "late \"again\"", "attempted": "a call", "hint": "check types.ts"}"#,
    "errorClass text retryable", "errorType text timeout", #"errorMessage text late "again""#,
    "errorAttempted text a call", "errorHint text check types.ts", "traceID text 0af7", "spanID text b7ad",
  ]

  @Test func `a name is known by what it says, however it is written`() throws {
    let escaped = try Self.example.replacing(#/([{,]\s*)"([a-z])/#) { match in
      let letter = try #require(match.2.unicodeScalars.first)
      return "\(match.1)\"\\u00\(String(letter.value, radix: 16))"
    }
    #expect(escaped.contains(#""\u0068andoff_id""#))
    let (plain, written) = (try Sample.decode(Self.example), try Sample.decode(escaped))
    let frames = [plain, written].compactMap(\.readBack.first)
    #expect(frames.count == 2 && Set(frames.map(\.contentHash)).count == 1)
    #expect(Set(frames.map(\.count)).count == 1)
  }

  @Test(arguments: [
    "handoff_ie", "handoff_i", "handoff_idd", "hops", "ho", "parent_handoff_ie", "xarent_handoff_id",
  ])
  func `a name that is almost a known one is a stranger`(name: String) throws {
    let batch = try Sample.decode(#"{"type":"handoff.failed","handoff_id":"h","\#(name)":1}"#)
    #expect(
      batch.readBack.first?.text == #"{"type":"handoff.failed","handoff_id":"h","attributes":{"\#(name)":1}}"#
    )
  }

  @Test func `a frame is the same bytes in every run`() throws {
    let batch = try Sample.decode(
      #"{"type":"handoff.failed","handoff_id":"h","event_id":"e","occurred_at":1795230000}"#)
    let bytes = batch.payload.frames.bytes
    #expect(bytes.count == 40 + 2 * 6 + 82)
    #expect(bytes[0..<8] == [130, 0, 0, 0, 9, 0, 0, 2])
    let hash = bytes[16..<32].map { String($0, radix: 16) }.joined(separator: " ")
    #expect(hash == Self.goldenHash)
  }

  /// Stored events are compared by it: it must not change from one version to the next.
  static let goldenHash = "55 ca e d2 b2 d d9 c8 7d 7a b 67 74 66 5e 8e"

  @Test(arguments: EventType.allCases)
  func `every event type is known`(_ type: EventType) throws {
    let body = """
      {"type":"\(type.name)","handoff_id":"h","agent":"a","task_id":"t","conversation_id":"c",\
      "from_agent":"x","to_agent":"y","occurred_at":"2026-11-21T03:00:00Z"}
      """
    let batch = try Sample.decode(body)
    #expect(batch.refusals.isEmpty)
    #expect(batch.readBack.map(\.type) == [type])
  }

  @Test func `null says as much as leaving out`() throws {
    let batch = try Sample.decode(
      #"{"type":"handoff.failed","handoff_id":"h","task_id":null,"attempt":null,"envelope":null,"error":null,"event_id":null,"occurred_at":null,"attributes":null}"#
    )
    let frame = try #require(batch.readBack.first)
    #expect(frame.flags == [.timeAssumed, .identityDerived])
    #expect((0..<frame.count).compactMap { frame.fact(at: $0)?.id } == [.handoffID, .eventID])
  }

  @Test func `escaped strings are facts in plain text`() throws {
    let batch = try Sample.decode(
      #"{"type":"handoff\u002efailed","handoff_id":"h\/\u00e4\ud83d\ude00","reason":"\"\\\b\f\n\r\t","kind":"plain"}"#
    )
    let frame = try #require(batch.readBack.first)
    #expect(frame.text(.handoffID) == "h/ä😀")
    #expect(frame.text(.reason) == "\"\\\u{8}\u{c}\n\r\t")
    #expect(frame.text(.kind) == "plain")
  }

  @Test(arguments: [
    ("1.0", "1"), ("1e0", "1"), ("10e-1", "1"), ("-0", "0"), ("0.0", "0"), ("2000000000", "2000000000"),
  ])
  func `whole numbers are facts in plain digits, however they are spelled`(_ sent: String, _ fact: String)
    throws
  {
    let batch = try Sample.decode(Sample.event("e", "\"attempt\":\(sent)"))
    let frame = try #require(batch.readBack.first)
    #expect(frame.text(.attempt) == fact)
    #expect(frame.attempt == UInt32(fact))
  }

  @Test(arguments: ["1.0", "1", "1.7", "1.0.3", "1.12"])
  func `higher minor versions are taken`(_ version: String) throws {
    #expect(try Sample.decode(Sample.event("e", "\"schema_version\":\"\(version)\"")).accepted == 1)
  }

  @Test(arguments: ["1", "1.0", "1.5", "1e0"])
  func `a version may be a number`(_ version: String) throws {
    #expect(try Sample.decode(Sample.event("e", "\"schema_version\":\(version)")).accepted == 1)
  }

  @Test(arguments: [
    (#""2026-11-21T03:00:00Z""#, "2026-11-21T03:00:00.000000Z"),
    (#""2026-11-21T04:30:00.5+01:30""#, "2026-11-21T03:00:00.500000Z"),
    (#""2026-11-20t22:00:00.123456789-05:00""#, "2026-11-21T03:00:00.123456Z"),
    (#""2026-11-21 03:00:00z""#, "2026-11-21T03:00:00.000000Z"),
    (#""2026-11-21T02:59:60Z""#, "2026-11-21T03:00:00.000000Z"),
    ("1795230000", "2026-11-21T03:00:00.000000Z"),
    ("1795230000.25", "2026-11-21T03:00:00.250000Z"),
    ("1.79523e9", "2026-11-21T03:00:00.000000Z"),
    ("1795230000123", "2026-11-21T03:00:00.123000Z"),
    ("1795230000123.4567", "2026-11-21T03:00:00.123456Z"),
  ])
  func `times are read in every form there is`(_ sent: String, _ read: String) throws {
    let batch = try Sample.decode(#"{"type":"handoff.failed","handoff_id":"h","occurred_at":\#(sent)}"#)
    #expect(batch.refusals.isEmpty)
    #expect(batch.readBack.first?.occurredAt.text == read)
  }

  @Test func `an event older than five minutes is late, and one without time never`() throws {
    let batch = try Sample.decode(
      """
      {"type":"handoff.failed","handoff_id":"a","occurred_at":"2026-11-21T02:55:59Z"}
      {"type":"handoff.failed","handoff_id":"b","occurred_at":"2026-11-21T02:56:00Z"}
      {"type":"handoff.failed","handoff_id":"c"}
      """, as: Sample.lines)
    #expect(batch.readBack.map { $0.flags.contains(.late) } == [true, false, false])
    #expect(batch.readBack.last?.occurredAt == Sample.now)
  }
}
