/// A counter of an agent's series that has no label but the agent.
public enum AgentCounter: Int, CaseIterable, Sendable {
  case sent
  case completed, workFailed
  case attempts, retries
  case rerouted, escalated, rolledBack
  case referencesRequested, referencesResolved
  case tokensUsed, tokensBudgeted, tokensTrimmed
  case skipped
}

/// What is observed by agent.
enum AgentDistribution {
  case acknowledgement, duration, missing, utilization
}

/// Everything that is counted by agent, for one agent or for all without series of their own.
public struct AgentCounters: Sendable {
  private var plain = InlineArray<14, UInt64>(repeating: 0)
  private var started = InlineArray<8, UInt64>(repeating: 0)
  private var finished = InlineArray<8, UInt64>(repeating: 0)
  private var failures = InlineArray<9, UInt64>(repeating: 0)
  private var errors = InlineArray<3, UInt64>(repeating: 0)
  private var transitions = InlineArray<3, UInt64>(repeating: 0)
  /// From sending to acknowledgement, in seconds.
  public private(set) var acknowledgement = Distribution(Bounds.acknowledgement)
  /// From sending to the end, in seconds.
  public private(set) var duration = Distribution(Bounds.duration)
  /// References missing of those requested.
  public private(set) var missing = Distribution(Bounds.missing)
  /// Tokens used of the budget.
  public private(set) var utilization = Distribution(Bounds.utilization)
  /// Grows with every change: equal revisions of one agent mean equal counters.
  public internal(set) var revision: UInt64 = 0

  init() {}

  /// A counter without further labels.
  public subscript(counter: AgentCounter) -> UInt64 { plain[counter.rawValue] }
  /// Handoffs initiated, by pattern.
  public subscript(started pattern: HandoffPattern) -> UInt64 { started[Int(pattern.rawValue)] }
  /// Handoffs finished, by outcome.
  public subscript(finished outcome: Outcome) -> UInt64 { finished[Int(outcome.rawValue)] }
  /// Handoffs exhausted, by the reason of their last error.
  public subscript(failures reason: FailureReason) -> UInt64 { failures[Int(reason.rawValue)] }
  /// Errors, by class.
  public subscript(errors errorClass: ErrorClass) -> UInt64 { errors[Int(errorClass.rawValue)] }
  /// Circuits that entered a state.
  public subscript(transitions state: CircuitState) -> UInt64 { transitions[Int(state.rawValue)] }

  /// Counts one observation; the bucket it fell into, if an exemplar would be news to that.
  mutating func observe(_ what: AgentDistribution, _ value: Double, at now: Int64) -> Int? {
    revision &+= 1
    switch what {
    case .acknowledgement: return Self.observe(value, in: &acknowledgement, at: now)
    case .duration: return Self.observe(value, in: &duration, at: now)
    case .missing: return Self.observe(value, in: &missing, at: now)
    case .utilization: return Self.observe(value, in: &utilization, at: now)
    }
  }

  private static func observe(_ value: Double, in distribution: inout Distribution, at now: Int64) -> Int? {
    let bucket = distribution.observe(value)
    return distribution.wantsExemplar(in: bucket, at: now) ? bucket : nil
  }

  mutating func keep(_ exemplar: Exemplar, of what: AgentDistribution, in bucket: Int) {
    switch what {
    case .acknowledgement: acknowledgement.keep(exemplar, in: bucket)
    case .duration: duration.keep(exemplar, in: bucket)
    case .missing: missing.keep(exemplar, in: bucket)
    case .utilization: utilization.keep(exemplar, in: bucket)
    }
  }

  mutating func count(_ counter: AgentCounter, _ number: Int64 = 1) {
    revision &+= 1
    plain[counter.rawValue] &+= UInt64(clamping: number)
  }

  mutating func countStarted(_ pattern: HandoffPattern) {
    revision &+= 1
    started[Int(pattern.rawValue)] &+= 1
  }

  mutating func countFinished(_ outcome: Outcome) {
    revision &+= 1
    finished[Int(outcome.rawValue)] &+= 1
  }

  mutating func countFailure(_ reason: FailureReason) {
    revision &+= 1
    failures[Int(reason.rawValue)] &+= 1
  }

  mutating func countError(_ errorClass: ErrorClass) {
    revision &+= 1
    errors[Int(errorClass.rawValue)] &+= 1
  }

  mutating func countTransition(to state: CircuitState) {
    revision &+= 1
    transitions[Int(state.rawValue)] &+= 1
  }
}
