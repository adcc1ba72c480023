import Alerts
import Analytics
import Bytes
import Hashing
import Model

/// The moment at which all stories begin.
let storyStart: Int64 = 1_790_000_000_000_000

/// So many seconds into the story.
func at(_ seconds: Double) -> Timestamp {
  Timestamp(microseconds: storyStart + Int64((seconds * 1e6).rounded()))
}

/// Something an event tells.
struct Fact {
  var entries: [(FactID, FactForm, String)]

  private init(_ entries: (FactID, FactForm, String)...) { self.entries = entries }

  static func from(_ name: String) -> Self { Self((.fromAgent, .text, name)) }
  static func to(_ name: String) -> Self { Self((.toAgent, .text, name)) }
  static func agent(_ name: String) -> Self { Self((.agent, .text, name)) }
  static func task(_ id: String) -> Self { Self((.taskID, .text, id)) }
  static func hop(_ hop: Int) -> Self { Self((.hop, .number, "\(hop)")) }
  static func reason(_ word: String) -> Self { Self((.reason, .text, word)) }
  static func kind(_ word: String) -> Self { Self((.kind, .text, word)) }
  static func attempt(_ number: Int) -> Self { Self((.attempt, .number, "\(number)")) }
  static func references(_ requested: Int, _ resolved: Int) -> Self {
    Self(
      (.memoryRefs, .json, "{}"), (.memoryRequested, .number, "\(requested)"),
      (.memoryResolved, .number, "\(resolved)"))
  }
  static func tokens(_ budget: Int, used: Int) -> Self {
    Self(
      (.tokens, .json, "{}"), (.tokensBudget, .number, "\(budget)"), (.tokensUsed, .number, "\(used)"),
      (.tokensTrimmed, .number, "0"))
  }
  static func error(_ type: String, _ message: String = "no answer", hint: String = "try later") -> Self {
    Self(
      (.error, .json, "{}"), (.errorClass, .text, "retryable"), (.errorType, .text, type),
      (.errorMessage, .text, message), (.errorHint, .text, hint))
  }
  static func constraints(_ hashes: [String]) -> Self {
    Self((.envelopeConstraintHashes, .json, "[\(hashes.map { "\"\($0)\"" }.joined(separator: ","))]"))
  }
  static func deadline(_ text: String) -> Self { Self((.envelopeDeadline, .text, text)) }
  static func rollback(_ json: String) -> Self { Self((.rollback, .json, json)) }
  static func escalation(_ depth: Int) -> Self { Self((.escalation, .json, "{\"depth\": \(depth)}")) }
}

/// Analytics, an evaluator, and somebody who tells events.
struct Stage {
  var analytics: Analytics
  var evaluator: Evaluator
  var own = OwnFigures()
  private(set) var now = 0.0
  private(set) var transitions: [Transition] = []
  /// The events told so far.
  private(set) var frames: [EventFrame] = []
  private var writer = FrameWriter()
  private var told = 0

  init(_ rules: RuleSet = .builtIn) {
    analytics = Analytics(rules.windows(in: AnalyticsSettings()))
    evaluator = Evaluator(rules)
  }

  /// Tells an event `seconds` into the story.
  mutating func tell(
    _ type: EventType, _ handoff: String? = nil, at seconds: Double? = nil, _ facts: Fact...,
    body: String = "{}"
  ) {
    tell(type, handoff, at: seconds, facts: facts, body: body)
  }

  /// Tells an event of those facts.
  mutating func tell(
    _ type: EventType, _ handoff: String?, at seconds: Double?, facts: [Fact], body: String = "{}"
  ) {
    now = max(now, seconds ?? now)
    told += 1
    writer.reset()
    if let handoff { writer.note(.handoffID, .text, value: Array(handoff.utf8)) }
    writer.note(.eventID, .text, value: Array("event-\(told)".utf8))
    for (id, form, value) in facts.flatMap(\.entries) { writer.note(id, form, value: Array(value.utf8)) }
    var output = ByteWriter()
    writer.write(
      type: type, flags: [], source: .events, occurredAt: at(now),
      contentHash: Hash128(low: UInt64(told), high: 1), body: Array(body.utf8)[...], into: &output)
    guard let frame = EventFrame(output.bytes, at: 0) else { return }
    frames.append(frame)
    analytics.step(frame, receivedAt: at(now))
  }

  /// Judges at a moment; gives what changed.
  @discardableResult
  mutating func judge(at seconds: Double? = nil) -> [Transition] {
    now = max(now, seconds ?? now)
    analytics.advance(to: at(now))
    let changes = evaluator.evaluate(
      analytics.snapshot(at: at(now)), analytics.takeOccurrences(), own: own)
    transitions += changes
    return changes
  }

  /// Judges each second until a moment.
  mutating func pass(until seconds: Double) {
    while now + 1 <= seconds { judge(at: now + 1) }
    if now < seconds { judge(at: seconds) }
  }

  /// The names of the alerts that fire now.
  var firing: Set<String> { Set(evaluator.alerts.filter { $0.state == .firing }.map(\.name)) }

  /// What became of an alert, in order.
  func story(of name: String) -> [Alert.State] {
    transitions.filter { $0.alert.name == name }.map(\.alert.state)
  }
}

extension Stage {
  /// Handoffs from `a` that are acknowledged after `latency`; those of one call begin at once.
  mutating func deliver(_ count: Int, to: String = "b", after latency: Double = 0.1, _ facts: Fact...) {
    let start = now
    let names = (0..<count).map { "h\(told)-\($0)" }
    for name in names { tell(.initiated, name, at: start, .from("a"), .to(to)) }
    for name in names {
      tell(.acknowledged, name, at: start + latency)
      for fact in facts { tell(.prepared, name, at: start + latency, fact) }
    }
  }

  /// Handoffs that are exhausted.
  mutating func fail(_ count: Int, to: String = "b") {
    for number in 0..<count {
      let name = "f\(told)-\(number)"
      tell(.initiated, name, .from("a"), .to(to))
      tell(.failed, name, .error("timeout"))
    }
  }

  /// Handoffs of which so many references are requested and found.
  mutating func refer(_ count: Int, requested: Int, resolved: Int) {
    for number in 0..<count {
      tell(.initiated, "r\(told)-\(number)", .from("a"), .to("b"), .references(requested, resolved))
    }
  }

  /// Handoffs that use so many tokens of ten thousand.
  mutating func spend(_ count: Int, used: Int) {
    for number in 0..<count {
      tell(.initiated, "t\(told)-\(number)", .from("a"), .to("b"), .tokens(10_000, used: used))
    }
  }
}
