/// What handoffs of each kind come to, over all agents: a warm one, a delegated one and a broadcast are not to be
/// measured by one another.
public struct KindCounters: Sendable {
  private var finished = InlineArray<48, UInt64>(repeating: 0)
  private var results = InlineArray<12, UInt64>(repeating: 0)
  private var acknowledgements = Self.distributions(Bounds.kindAcknowledgement)
  private var waits = Self.distributions(Bounds.resultWait)

  private static func distributions(_ bounds: [Double]) -> [Distribution] {
    Array(repeating: Distribution(bounds), count: HandoffKind.allCases.count)
  }

  /// Handoffs finished, by outcome.
  public subscript(kind: HandoffKind, outcome: Outcome) -> UInt64 { finished[Self.at(kind, outcome)] }
  /// Handoffs delivered whose work came to its end, by what it came to.
  public subscript(kind: HandoffKind, result: WorkResult) -> UInt64 { results[Self.at(kind, result)] }
  /// From sending to acknowledgement, in seconds.
  public func acknowledgement(_ kind: HandoffKind) -> Distribution { acknowledgements[Int(kind.rawValue)] }
  /// From acknowledgement to the result, in seconds: what who delegates waits for.
  public func resultWait(_ kind: HandoffKind) -> Distribution { waits[Int(kind.rawValue)] }

  private static func at(_ kind: HandoffKind, _ outcome: Outcome) -> Int {
    Int(kind.rawValue) * Outcome.allCases.count + Int(outcome.rawValue)
  }

  private static func at(_ kind: HandoffKind, _ result: WorkResult) -> Int {
    Int(kind.rawValue) * WorkResult.allCases.count + result.rawValue
  }

  mutating func count(_ outcome: Outcome, of kind: HandoffKind) { finished[Self.at(kind, outcome)] &+= 1 }

  mutating func count(_ result: WorkResult, of kind: HandoffKind) { results[Self.at(kind, result)] &+= 1 }

  mutating func observeAcknowledgement(_ seconds: Double, of kind: HandoffKind) {
    acknowledgements[Int(kind.rawValue)].observe(seconds)
  }

  mutating func observeResultWait(_ seconds: Double, of kind: HandoffKind) {
    waits[Int(kind.rawValue)].observe(seconds)
  }
}
