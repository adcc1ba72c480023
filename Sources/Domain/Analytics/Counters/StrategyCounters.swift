/// What envelopes bring, that is counted by how they are packed.
public enum StrategyCounter: Int, CaseIterable, Sendable {
  case referencesRequested, referencesResolved
  /// Of envelopes that tell both alone, so that the one by the other is the share that was used.
  case tokensUsed, tokensBudgeted
}

/// Sums over all envelopes, by how they were packed: what tells one strategy's worth from another's.
public struct StrategyCounters: Sendable {
  private var sums = InlineArray<20, UInt64>(repeating: 0)

  /// A sum over the envelopes that were packed in a way.
  public subscript(counter: StrategyCounter, strategy: EnvelopeStrategy) -> UInt64 {
    sums[Self.at(counter, strategy)]
  }

  private static func at(_ counter: StrategyCounter, _ strategy: EnvelopeStrategy) -> Int {
    counter.rawValue * EnvelopeStrategy.allCases.count + Int(strategy.rawValue)
  }

  mutating func add(_ number: Int64, to counter: StrategyCounter, of strategy: EnvelopeStrategy) {
    sums[Self.at(counter, strategy)] &+= UInt64(clamping: number)
  }
}
