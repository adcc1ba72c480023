// What only the events of a handoff tell together, and no record keeps: what its time went into, which version met which,
// what the receiver had to fetch, and which references were found after all.
public import Bytes
public import Model

/// The course of a handoff, read off its events.
public struct HandoffCourse: Sendable {
  /// A phase that came to its end.
  public struct Phase: Equatable, Sendable {
    /// Which.
    public let phase: HandoffPhase
    /// The name of the step that it is; nil where it is none.
    public let step: String?
    /// How long it took, in microseconds.
    public let time: Int64
    /// When it ended.
    public let endedAt: Timestamp
  }

  /// What an agent said of its state: never the state.
  public struct StateSnapshot: Equatable, Sendable {
    /// Whose.
    public let agent: String?
    /// What stays the same while it does.
    public let hash: String?
    /// How large it is.
    public let bytes: Int?
    /// From whom it was taken over.
    public let transferredFrom: String?
    /// When.
    public let at: Timestamp

    fileprivate init(_ told: JSONValue, at moment: Timestamp) {
      agent = told["agent"]?.text
      hash = told["state_hash"]?.text
      bytes = told["state_bytes"]?.integer
      transferredFrom = told["transferred_from"]?.text
      at = moment
    }
  }

  /// Who or what decided that it be made.
  public struct Decision: Equatable, Sendable {
    /// What decided: a rule, a model, a person.
    public private(set) var source: String?
    /// By which rule.
    public private(set) var rule: String?
    /// Who could have had it instead.
    public private(set) var alternative: String?

    fileprivate mutating func note(_ told: JSONValue) {
      source = told["decision_source"]?.text ?? source
      rule = told["rule_name"]?.text ?? rule
      alternative = told["alternative_agent"]?.text ?? alternative
    }
  }

  /// One event: when it happened, and what it said.
  public typealias Told = (at: Timestamp, body: JSONValue)

  /// The phases, in the order in which they ended.
  public private(set) var phases: [Phase] = []
  /// The version of the envelope's form that was sent.
  public private(set) var sentVersion: String?
  /// The one that the receiver works with.
  public private(set) var receivedVersion: String?
  /// The checksum of what was sent, and of what its receiver works with.
  public private(set) var checksums: (sent: String?, received: String?) = (nil, nil)
  /// How often the receiver had to fetch what it was not sent.
  public private(set) var fetches: [ContextFetch: Int] = [:]
  /// References that were missing once and then were not.
  public private(set) var recovered: [String] = []
  /// What agents said of their states.
  public private(set) var states: [StateSnapshot] = []
  /// Who or what decided that it be made; nil where nobody said.
  public private(set) var decision: Decision?
  /// Whether the receiver began without all it was to have; nil where nobody said what that is.
  public private(set) var isDegraded: Bool?

  /// What events in their order tell.
  public init(_ events: [Told]) {
    var clock = PhaseClock()
    var missing: [String] = []
    for event in events {
      guard let type = event.body["type"]?.text.flatMap({ EventType(name: $0) }) else { continue }
      note(type, event, &clock)
      noteVersion(type, event.body)
      noteChecksum(type, event.body)
      noteReferences(event.body, &missing)
      noteDecision(event.body)
    }
  }

  /// Whether what arrived is what was sent; nil where one of them is not known.
  public var isIntact: Bool? {
    guard let sent = checksums.sent, let received = checksums.received else { return nil }
    return sent == received
  }

  /// How long the sender waited between attempts, in all.
  public var retryWait: Int64 { phases.filter { $0.phase == .retryWait }.reduce(0) { $0 &+ $1.time } }

  private mutating func note(_ type: EventType, _ event: Told, _ clock: inout PhaseClock) {
    let step = event.body.at("step.name").text
    if type == .step, step == HandoffPhase.snapshot {
      states.append(StateSnapshot(event.body["attributes"] ?? .null, at: event.at))
    }
    if type == .step, let fetch = step.flatMap(ContextFetch.init(rawValue:)) {
      fetches[fetch, default: 0] += max(0, event.body.at("step.count").integer ?? 1)
      return
    }
    var seen = PhaseClock.Event(type, at: event.at.microseconds)
    switch type {
    case .attemptFailed: seen.told = Self.milliseconds(event.body.at("backoff_ms"))
    case .validated: seen.told = Self.milliseconds(event.body.at("validation.duration_ms"))
    case .step:
      seen.step = HandoffPhase(step: (step ?? "").utf8)
      seen.told = Self.milliseconds(event.body.at("step.duration_ms"))
      seen.isBeginning = PhaseClock.Event.begins(event.body.at("step.status").text?.utf8)
    default: break
    }
    guard let measured = clock.note(seen) else { return }
    phases.append(
      Phase(
        phase: measured.phase, step: type == .step ? step : nil, time: measured.time, endedAt: event.at))
  }

  private static func milliseconds(_ value: JSONValue) -> Int64? {
    value.number.map(PhaseClock.Event.time(milliseconds:))
  }

  private mutating func noteVersion(_ type: EventType, _ body: JSONValue) {
    let said = body.at("envelope.version")
    guard let version = said.text ?? said.number.map({ _ in String(decoding: said.bytes(), as: UTF8.self) })
    else { return }
    switch type.side {
    case .sender: sentVersion = version
    case .receiver: receivedVersion = version
    case nil: break
    }
  }

  private mutating func noteChecksum(_ type: EventType, _ body: JSONValue) {
    guard let checksum = body.at("envelope.checksum").text else { return }
    switch type.side {
    case .sender: checksums.sent = checksum
    case .receiver: checksums.received = checksum
    case nil: break
    }
  }

  private mutating func noteDecision(_ body: JSONValue) {
    guard let told = body["attributes"] else { return }
    var known = decision ?? Decision()
    known.note(told)
    if known != Decision() { decision = known }
  }

  private mutating func noteReferences(_ body: JSONValue, _ missing: inout [String]) {
    let references = body.at("envelope.memory_refs")
    guard let requested = references["requested"]?.number, let resolved = references["resolved"]?.number
    else { return noteGaps(body.at("attributes"), &missing) }
    if requested > 0, isDegraded == nil { isDegraded = resolved < requested }
    noteMissing(references["missing"], &missing)
  }

  /// Who says only that something is missing, not how much was asked for, has no completeness; it began without it all the same.
  private mutating func noteGaps(_ told: JSONValue, _ missing: inout [String]) {
    if case .boolean(let flag)? = told["degraded"], isDegraded == nil { isDegraded = flag }
    guard let gaps = told["missing_refs"], !gaps.isNull else { return }
    if isDegraded == nil { isDegraded = !gaps.elements.isEmpty }
    noteMissing(gaps, &missing)
  }

  private mutating func noteMissing(_ list: JSONValue?, _ missing: inout [String]) {
    let now = list?.elements.compactMap(\.text) ?? []
    recovered += missing.filter { !now.contains($0) && !recovered.contains($0) }
    missing = now
  }
}
