/// What one window holds, of all handoffs or of one group.
public struct WindowValues: Sendable {
  private var tallies = InlineArray<30, UInt64>(repeating: 0)
  private var amounts = InlineArray<8, Int64>(repeating: 0)
  private var peaks = InlineArray<4, UInt32>(repeating: 0)
  /// Latencies of acknowledgement, in seconds.
  public internal(set) var acknowledgement = QuantileSketch()
  /// Durations, in seconds.
  public internal(set) var duration = QuantileSketch()
  var acknowledgementSpan = Extremes()
  var durationSpan = Extremes()

  /// A window that holds nothing.
  public init() {}

  /// How often it happened.
  public subscript(tally: Tally) -> UInt64 { tallies[tally.rawValue] }
  /// What it adds up to.
  public subscript(amount: Amount) -> Int64 { amounts[amount.rawValue] }
  /// The highest there was; 0 where there was none.
  public subscript(peak: Peak) -> Int { Int(peaks[peak.rawValue]) }

  mutating func add(_ measures: borrowing Measures) {
    for tally in Tally.allCases { tallies[tally.rawValue] &+= UInt64(measures[tally]) }
    for amount in Amount.allCases { amounts[amount.rawValue] &+= measures[amount] }
    for peak in Peak.allCases { peaks[peak.rawValue] = max(peaks[peak.rawValue], measures[peak]) }
  }
}

/// The least and the greatest of what was observed, in microseconds.
struct Extremes: Equatable, Sendable {
  private(set) var least = Int64.max
  private(set) var greatest = Int64.min

  mutating func observe(_ value: Int64) {
    least = min(least, value)
    greatest = max(greatest, value)
  }

  mutating func merge(_ other: Self) {
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  var seconds: (least: Double, greatest: Double)? {
    least <= greatest ? (Double(least) / 1e6, Double(greatest) / 1e6) : nil
  }
}
