/// The counters of several agents, added up.
public struct AgentTotals: Sendable {
  private var plain = InlineArray<14, UInt64>(repeating: 0)
  private var started = InlineArray<8, UInt64>(repeating: 0)
  private var finished = InlineArray<8, UInt64>(repeating: 0)
  private var failures = InlineArray<9, UInt64>(repeating: 0)

  init() {}

  /// A counter without further labels.
  public subscript(counter: AgentCounter) -> UInt64 { plain[counter.rawValue] }
  /// Handoffs initiated, by pattern.
  public subscript(started pattern: HandoffPattern) -> UInt64 { started[Int(pattern.rawValue)] }
  /// Handoffs finished, by outcome.
  public subscript(finished outcome: Outcome) -> UInt64 { finished[Int(outcome.rawValue)] }
  /// Handoffs exhausted, by the reason of their last error.
  public subscript(failures reason: FailureReason) -> UInt64 { failures[Int(reason.rawValue)] }

  mutating func add(_ counters: AgentCounters) {
    for counter in AgentCounter.allCases { plain[counter.rawValue] &+= counters[counter] }
    for pattern in HandoffPattern.allCases { started[Int(pattern.rawValue)] &+= counters[started: pattern] }
    for outcome in Outcome.allCases { finished[Int(outcome.rawValue)] &+= counters[finished: outcome] }
    for reason in FailureReason.allCases { failures[Int(reason.rawValue)] &+= counters[failures: reason] }
  }
}
