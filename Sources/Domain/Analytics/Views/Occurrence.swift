public import Model

/// Something that happened just now and that somebody may want to be told of at once.
public struct Occurrence: Sendable {
  /// What happened.
  public enum Kind: Equatable, Sendable {
    /// A handoff was exhausted towards a target.
    case exhausted(Outcome, FailureReason)
    /// A receiver failed at its work.
    case workFailed
    /// A circuit entered a state.
    case circuit(CircuitState)
    /// A task travelled an edge again; the value says how often it now has.
    case loop
    /// A handoff is deeper than the limit; the value says how deep.
    case hopLimitExceeded
    /// A handoff was escalated; the value says how deep.
    case escalated
    /// A step of a rollback failed.
    case rollbackFailed
    /// What was received is not what was sent.
    case checksumMismatch
    /// A handoff does not bind its receiver to all that bound its sender.
    case constraintsLost
    /// A handoff had not ended when its deadline was over.
    case deadlineMissed
    /// A handoff became a dead letter.
    case parked
    /// An agent's health changed.
    case health(HealthStatus)
  }

  /// What happened.
  public let kind: Kind
  /// When, in the fold's time.
  public let at: Timestamp
  /// The handoff, if it was one's.
  public let handoffID: String?
  /// Its sender.
  public let fromAgent: String?
  /// Its target, or the agent in question.
  public let toAgent: String?
  /// How much, where the kind has a measure.
  public let value: Double
  /// The event behind it, if it was one.
  public let cause: Cause?
  /// What held of its handoff then, of the conditions by which handoffs are selected.
  public internal(set) var holding: [HandoffCondition] = []
}

/// What happened and was not fetched yet, up to a number.
struct OccurrenceLog: Sendable {
  private let most: Int
  private(set) var entries: [Occurrence] = []
  /// Those of which it is not said yet what holds of their handoffs: the event that brought them is being folded.
  private var open: [(entry: Int, slot: Int)] = []

  init(most: Int) {
    self.most = most
  }

  var isFull: Bool { entries.count >= most }

  mutating func append(_ occurrence: Occurrence) { entries.append(occurrence) }

  /// Appends what happened to the handoff of a slot, of which it will be said what holds.
  mutating func append(_ occurrence: Occurrence, openOf slot: Int) {
    open.append((entries.count, slot))
    entries.append(occurrence)
  }

  /// Whether anything happened to a handoff of which it is not said yet what holds of it.
  func isOpen(_ slot: Int) -> Bool { open.contains { $0.slot == slot } }

  /// Says what holds of a handoff.
  mutating func close(_ slot: Int, _ holding: [HandoffCondition]) {
    for (entry, at) in open where at == slot { entries[entry].holding = holding }
    open.removeAll { $0.slot == slot }
  }

  mutating func take() -> [Occurrence] {
    defer {
      entries = []
      open = []
    }
    return entries
  }
}

extension Analytics {
  /// Whether anything happened that was not fetched yet.
  public var hasOccurrences: Bool { !log.entries.isEmpty }

  /// What happened since this was last asked.
  public mutating func takeOccurrences() -> [Occurrence] { log.take() }

  /// Notes that something happened to a handoff.
  mutating func note(_ kind: Occurrence.Kind, _ slot: Int, target: AgentRef? = nil, value: Double = 1) {
    guard hasRoomToNote() else { return }
    let id = String(decoding: handoffs.texts[handoffs[slot].text], as: UTF8.self)
    let from = agents.name(of: handoffs[slot].from)
    let target = target ?? handoffs[slot].to
    let occurrence = Occurrence(
      kind: kind, at: Timestamp(microseconds: now), handoffID: id, fromAgent: from,
      toAgent: agents.name(of: target), value: value, cause: cause(target: target))
    if selections.isEmpty { log.append(occurrence) } else { log.append(occurrence, openOf: slot) }
  }

  /// Notes that something happened to an agent.
  mutating func note(_ kind: Occurrence.Kind, target: AgentRef) {
    guard hasRoomToNote() else { return }
    log.append(
      Occurrence(
        kind: kind, at: Timestamp(microseconds: now), handoffID: nil, fromAgent: nil,
        toAgent: agents.name(of: target), value: 1, cause: cause(target: target)))
  }

  private mutating func hasRoomToNote() -> Bool {
    if isLate { return false }
    if log.isFull { counters.overflow.count(.occurrence) }
    return !log.isFull
  }
}
