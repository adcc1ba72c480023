import Bytes

/// What is counted in windows: how often something happened.
public enum Tally: Int, CaseIterable, Sendable {
  /// Handoffs initiated, and those of them that are cold or carry nothing.
  case started, cold
  /// Handoffs delivered, exhausted (each once, when first known), rejected.
  case delivered, exhausted, rejected
  /// After delivery: the receiver finished the work, or failed at it.
  case completed, workFailed
  /// Delivery attempts, and those told to have failed.
  case attempts, attemptFailures
  /// Latencies of acknowledgement, and durations, that were observed.
  case acknowledgements, durations
  /// Handoffs that requested any references.
  case referenced
  /// Handoffs that named their envelope's sections, and the sections they named, of five.
  case sectioned, sections
  /// Handoffs with a token budget and its use, and those of which anything was trimmed.
  case budgeted, trimmed
  /// Handoffs with a hop depth, and the sum of these.
  case depths, depthSum
  /// Tasks that came to an end or to rest, and the sum of their handoffs.
  case tasks, taskHops
  /// Handoffs whose chain is known, for the context retained along it.
  case chained
  /// Edges travelled again in one task.
  case loops
  /// Escalations, results that did not pass, checksums that did not match.
  case escalations, validationFailures, checksumMismatches
  /// Handoffs rolled back, and those of them with a step that failed.
  case rollbacks, rollbackFailures
  /// Sends that a breaker refused.
  case skipped
  /// Handoffs that do not bind their receiver to all that bound their sender.
  case constraintsLost
  /// Handoffs that had not ended when their deadline was over.
  case deadlinesMissed
}

/// What is added up in windows.
public enum Amount: Int, CaseIterable, Sendable {
  /// Microseconds from sending to acknowledgement, and to the end.
  case acknowledgementTime, durationTime
  /// References.
  case requested, resolved
  /// Tokens, of handoffs with a budget; what was trimmed, of all.
  case tokensBudgeted, tokensUsed, tokensTrimmed
  /// Context retained after each handoff, in millionths.
  case retained
}

/// What windows know the highest of.
public enum Peak: Int, CaseIterable, Sendable {
  /// The hop depth of a handoff.
  case hops
  /// How often one edge was travelled in one task.
  case edgeTravels
  /// The depth of an escalation.
  case escalation
  /// Context lost along a chain, in millionths.
  case contextLost
}

/// One row of measures; vectors, so that adding a row is a dozen instructions.
struct Measures: Sendable {
  /// Tallies 0 to 15, and those from 16 on.
  private var low = SIMD16<UInt32>()
  private var high = SIMD16<UInt32>()
  private var amounts = SIMD8<Int64>()
  private var peaks = SIMD4<UInt32>()
  /// Whether nothing was ever added.
  private(set) var isEmpty = true

  /// The largest number that one event can bring; more is cut.
  private static let largest: Int64 = 1 << 40

  subscript(tally: Tally) -> UInt32 {
    tally.rawValue < 16 ? low[tally.rawValue] : high[tally.rawValue - 16]
  }

  subscript(amount: Amount) -> Int64 { amounts[amount.rawValue] }

  subscript(peak: Peak) -> UInt32 { peaks[peak.rawValue] }

  @inline(__always)
  mutating func count(_ tally: Tally, _ number: Int = 1) {
    isEmpty = false
    let number = UInt32(truncatingIfNeeded: min(max(0, number), 1 << 20))
    if tally.rawValue < 16 { low[tally.rawValue] &+= number } else { high[tally.rawValue - 16] &+= number }
  }

  @inline(__always)
  mutating func add(_ amount: Amount, _ number: Int64) {
    isEmpty = false
    amounts[amount.rawValue] &+= min(max(0, number), Self.largest)
  }

  @inline(__always)
  mutating func raise(_ peak: Peak, to number: Int) {
    isEmpty = false
    peaks[peak.rawValue] = max(peaks[peak.rawValue], UInt32(clamping: number))
  }

  @inline(__always)
  mutating func merge(_ other: borrowing Measures) {
    isEmpty = false
    low &+= other.low
    high &+= other.high
    amounts &+= other.amounts
    peaks = pointwiseMax(peaks, other.peaks)
  }
}

extension Measures {
  /// Writes everything, in the order in which it is declared.
  func write(into output: inout ByteWriter) {
    for tally in Tally.allCases { output.put(self[tally]) }
    for amount in Amount.allCases { output.put(self[amount]) }
    for peak in Peak.allCases { output.put(self[peak]) }
  }

  /// Reads what was written; nil where it is cut off.
  init?(_ input: inout ByteReader) {
    for tally in Tally.allCases {
      guard let number = input.integer(UInt32.self) else { return nil }
      if tally.rawValue < 16 { low[tally.rawValue] = number } else { high[tally.rawValue - 16] = number }
    }
    for amount in Amount.allCases {
      guard let number = input.integer(Int64.self) else { return nil }
      amounts[amount.rawValue] = number
    }
    for peak in Peak.allCases {
      guard let number = input.integer(UInt32.self) else { return nil }
      peaks[peak.rawValue] = number
    }
    isEmpty = false
  }
}
