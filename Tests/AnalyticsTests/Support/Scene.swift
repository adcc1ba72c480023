import Analytics
import Bytes
import Hashing
import Model

/// Something an event tells.
struct Told {
  var facts: [(FactID, FactForm, String)]

  private init(_ facts: (FactID, FactForm, String)...) { self.facts = facts }

  static func from(_ name: String) -> Self { Self((.fromAgent, .text, name)) }
  static func to(_ name: String) -> Self { Self((.toAgent, .text, name)) }
  static func formerly(_ name: String) -> Self { Self((.originalToAgent, .text, name)) }
  static func agent(_ name: String) -> Self { Self((.agent, .text, name)) }
  static func task(_ id: String) -> Self { Self((.taskID, .text, id)) }
  static func parent(_ id: String) -> Self { Self((.parentHandoffID, .text, id)) }
  static func conversation(_ id: String) -> Self { Self((.conversationID, .text, id)) }
  static func hop(_ hop: Int) -> Self { Self((.hop, .number, "\(hop)")) }
  static func attempt(_ number: Int) -> Self { Self((.attempt, .number, "\(number)")) }
  static func group(_ id: String, of count: Int) -> Self {
    Self((.groupID, .text, id), (.receiverCount, .number, "\(count)"))
  }
  static func kind(_ word: String) -> Self { Self((.kind, .text, word)) }
  static func pattern(_ word: String) -> Self { Self((.pattern, .text, word)) }
  static func reason(_ word: String) -> Self { Self((.reason, .text, word)) }
  static func strategy(_ word: String) -> Self { Self((.envelopeStrategy, .text, word)) }
  static func version(_ word: String) -> Self { Self((.envelopeVersion, .text, word)) }
  static func checksum(_ word: String) -> Self { Self((.envelopeChecksum, .text, word)) }
  static func trace(_ id: String) -> Self { Self((.traceID, .text, id)) }
  static func bytes(_ count: Int) -> Self { Self((.envelopeBytes, .number, "\(count)")) }
  static func confidence(_ number: String) -> Self { Self((.envelopeConfidence, .number, number)) }
  static func deadline(_ text: String) -> Self { Self((.envelopeDeadline, .text, text)) }
  static func parkReason(_ word: String) -> Self { Self((.parkReason, .text, word)) }
  static func sections(_ names: String...) -> Self {
    Self((.envelopeSections, .json, "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]"))
  }
  static func constraints(_ hashes: String...) -> Self {
    Self((.envelopeConstraintHashes, .json, "[" + hashes.map { "\"\($0)\"" }.joined(separator: ", ") + "]"))
  }
  static func references(_ requested: Int, _ resolved: Int) -> Self {
    Self(
      (.memoryRefs, .json, "{}"), (.memoryRequested, .number, "\(requested)"),
      (.memoryResolved, .number, "\(resolved)"))
  }
  static func tokens(_ budget: Int, used: Int, trimmed: Int = 0) -> Self {
    Self(
      (.tokens, .json, "{}"), (.tokensBudget, .number, "\(budget)"), (.tokensUsed, .number, "\(used)"),
      (.tokensTrimmed, .number, "\(trimmed)"))
  }
  static func error(_ type: String, _ errorClass: String = "retryable") -> Self {
    Self((.error, .json, "{}"), (.errorClass, .text, errorClass), (.errorType, .text, type))
  }
  static func rollback(_ json: String) -> Self { Self((.rollback, .json, json)) }
  static func validation(_ json: String) -> Self { Self((.validation, .json, json)) }
  static func escalation(_ json: String) -> Self { Self((.escalation, .json, json)) }
}

/// One event, and when it was received.
struct Line {
  var frame: EventFrame
  var receivedAt: Timestamp
}

/// The moment at which all stories begin.
let storyStart: Int64 = 1_790_000_000_000_000

/// So many seconds into the story.
func at(_ seconds: Double) -> Timestamp {
  Timestamp(microseconds: storyStart + Int64((seconds * 1e6).rounded()))
}

/// Makes events.
struct Teller {
  private var writer = FrameWriter()
  private var told = 0
  /// Tells its events from those of another teller.
  var name = "event"

  mutating func event(
    _ type: EventType, _ handoff: String?, received: Double, occurred: Double? = nil, _ told: [Told] = [],
    body: String = "{}"
  ) -> Line? {
    self.told += 1
    writer.reset()
    if let handoff { writer.note(.handoffID, .text, value: Array(handoff.utf8)) }
    writer.note(.eventID, .text, value: Array("\(name)-\(self.told)".utf8))
    for (id, form, value) in told.flatMap(\.facts) { writer.note(id, form, value: Array(value.utf8)) }
    let occurredAt = at(occurred ?? received)
    let isLate = at(received).microseconds - occurredAt.microseconds > 300_000_000
    var output = ByteWriter()
    writer.write(
      type: type, flags: isLate ? .late : [], source: .events, occurredAt: occurredAt,
      contentHash: Hash128(low: UInt64(self.told), high: UInt64(name.utf8.count)),
      body: Array(body.utf8)[...], into: &output)
    return EventFrame(output.bytes, at: 0).map { Line(frame: $0, receivedAt: at(received)) }
  }
}

/// An analytics, and somebody who tells it events.
struct Scene {
  var analytics: Analytics
  var teller = Teller()
  private(set) var lines: [Line] = []
  private(set) var now = 0.0

  init(_ settings: AnalyticsSettings = AnalyticsSettings()) {
    analytics = Analytics(settings)
  }

  /// Tells an event `seconds` into the story.
  mutating func tell(
    _ type: EventType, _ handoff: String? = nil, at seconds: Double? = nil, occurred: Double? = nil,
    _ told: Told..., body: String = "{}"
  ) {
    tell(type, handoff, at: seconds, occurred: occurred, told, body: body)
  }

  private mutating func tell(
    _ type: EventType, _ handoff: String?, at seconds: Double?, occurred: Double? = nil, _ told: [Told],
    body: String = "{}"
  ) {
    now = seconds ?? now
    guard let line = teller.event(type, handoff, received: now, occurred: occurred, told, body: body) else {
      return
    }
    lines.append(line)
    analytics.step(line.frame, receivedAt: line.receivedAt)
  }

  mutating func wait(until seconds: Double) {
    now = seconds
    analytics.advance(to: at(seconds))
  }

  var snapshot: Snapshot { analytics.snapshot(at: at(now), active: 1000) }

  func agent(_ name: String) -> AgentView? { snapshot.agent(named: name) }

  func window(_ minutes: Double = 5) -> WindowValues { snapshot.window(.seconds(minutes * 60)) }

  /// The counters of an agent's series.
  func counters(_ name: String) -> AgentCounters? {
    let snapshot = snapshot
    return (0..<snapshot.seriesCount).first { snapshot.name(ofSeries: $0) == name }
      .map { snapshot.counters(ofSeries: $0) }
  }
}

extension Scene {
  /// A handoff from `a` to `b` that is acknowledged a second later.
  mutating func deliver(
    _ handoff: String, at seconds: Double, from: String = "a", to: String = "b", _ more: Told...
  ) {
    tell(.initiated, handoff, at: seconds, [.from(from), .to(to)] + more)
    tell(.acknowledged, handoff, at: seconds + 1)
  }

  /// A handoff from `a` to `b` that fails a second later.
  mutating func exhaust(_ handoff: String, at seconds: Double, from: String = "a", to: String = "b") {
    tell(.initiated, handoff, at: seconds, .from(from), .to(to))
    tell(.failed, handoff, at: seconds + 1, .error("timeout"))
  }
}
