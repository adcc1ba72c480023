/// Measures the phases of one handoff, event by event.
///
/// It is told the events as they come; what comes too late to be measured is passed over. Phases that happen once are
/// measured once, whatever is told again. A few numbers, so that whoever watches many handoffs can keep one for each.
public struct PhaseClock: Sendable {
  /// One event, as far as phases go.
  public struct Event: Sendable {
    /// What happened.
    public var type: EventType
    /// When, in microseconds.
    public var at: Int64
    /// The phase that a step is; nil for other events, and for steps that take no time of their own.
    public var step: HandoffPhase?
    /// Whether a step only begins.
    public var isBeginning = false
    /// How long it took, as the event says itself, in microseconds.
    public var told: Int64?

    /// Whether a step of that status only begins.
    public static func begins(_ status: (some Sequence<UInt8>)?) -> Bool {
      guard let status else { return false }
      return ["started", "in_progress", "running", "pending", "needs_review", "requested"].contains {
        status.elementsEqual($0.utf8)
      }
    }

    /// What an event says took so long, in microseconds; nothing is said to take thirty years.
    public static func time(milliseconds: Double) -> Int64 { Int64(min(max(milliseconds, 0), 1e12) * 1000) }

    /// An event.
    public init(_ type: EventType, at: Int64, step: HandoffPhase? = nil, told: Int64? = nil) {
      self.type = type
      self.at = at
      self.step = step
      self.told = told
    }
  }

  /// A phase and how long it took, in microseconds.
  public typealias Measured = (phase: HandoffPhase, time: Int64)

  private static let never = Int64.min

  private var preparedAt = never
  private var sentAt = never
  private var takenAt = never
  private var failedAt = never
  /// When the last step ended, or what steps follow began.
  private var steppedAt = never
  private var measured: UInt16 = 0

  /// A clock that has not been told anything.
  public init() {}

  /// The phase that ends with an event, if one does.
  public mutating func note(_ event: Event) -> Measured? {
    switch event.type {
    case .prepared: return prepare(event.at)
    case .initiated: return send(event.at)
    case .replayed, .rerouted: begin(event.at)
    case .attemptFailed: return event.told.map { (.retryWait, $0) }
    case .acknowledged, .received: return take(event.at)
    case .resumed:
      let phase = once(.resumption, from: takenAt, to: event.at)
      if takenAt == Self.never { takenAt = event.at }
      return phase
    case .completed: return once(.work, from: takenAt, to: event.at)
    case .failed:
      failedAt = max(failedAt, event.at)
      return once(.work, from: takenAt, to: event.at)
    case .rolledBack: return once(.rollback, from: failedAt, to: event.at)
    case .validated: return event.told.map { (.validation, $0) }
    case .step: return step(event)
    default: break
    }
    return nil
  }

  private mutating func prepare(_ at: Int64) -> Measured? {
    if preparedAt == Self.never { preparedAt = at }
    if sentAt != Self.never, at <= sentAt { return once(.preparation, from: at, to: sentAt) }
    return nil
  }

  private mutating func send(_ at: Int64) -> Measured? {
    if sentAt == Self.never { sentAt = at }
    begin(at)
    return preparedAt <= at ? once(.preparation, from: preparedAt, to: at) : nil
  }

  private mutating func take(_ at: Int64) -> Measured? {
    if takenAt == Self.never { takenAt = at }
    let isHeldBack = sentAt != Self.never && preparedAt > sentAt
    return isHeldBack ? once(.buffering, from: preparedAt, to: at) : nil
  }

  private mutating func begin(_ at: Int64) { steppedAt = max(steppedAt, at) }

  /// A step lasts as long as it says, else since it began or the one before it ended.
  private mutating func step(_ event: Event) -> Measured? {
    guard let phase = event.step else { return nil }
    let before = steppedAt
    begin(event.at)
    if event.isBeginning { return nil }
    if let told = event.told { return (phase, told) }
    return before == Self.never || event.at < before ? nil : (phase, event.at &- before)
  }

  private mutating func once(_ phase: HandoffPhase, from start: Int64, to end: Int64) -> Measured? {
    let bit = UInt16(1) << UInt16(phase.rawValue)
    guard start != Self.never, end >= start, measured & bit == 0 else { return nil }
    measured |= bit
    return (phase, end &- start)
  }
}
