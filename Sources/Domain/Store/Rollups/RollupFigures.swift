import Analytics

/// What is counted, in the order of the columns.
enum RollupCount: Int, CaseIterable, Sendable {
  case started, delivered, failed, rejected, cancelled, expired, parked, rerouted, timeout
  case completed, workFailed, diverted
  case latency, duration, requested, resolved, used, budget

  /// The column.
  var column: String {
    switch self {
    case .workFailed: "work_failed"
    case .latency: "ack_latency_us"
    case .duration: "duration_us"
    case .requested: "refs_requested"
    case .resolved: "refs_resolved"
    case .used: "tokens_used"
    case .budget: "tokens_budget"
    default: "\(self)"
    }
  }

  /// The count of an outcome.
  init(_ outcome: Outcome) {
    switch outcome {
    case .delivered: self = .delivered
    case .failed: self = .failed
    case .rejected: self = .rejected
    case .cancelled: self = .cancelled
    case .expired: self = .expired
    case .parked: self = .parked
    case .rerouted: self = .rerouted
    case .timeout: self = .timeout
    }
  }
}

/// What is observed, in the order of the columns.
enum RollupMeasure: Int, CaseIterable, Sendable {
  case latency, duration, completeness, utilization

  /// The column.
  var column: String {
    switch self {
    case .latency: "ack_latency"
    case .duration: "duration"
    case .completeness: "completeness"
    case .utilization: "token_utilization"
    }
  }
}

/// Counts and sketches that are added up, and taken back where a record is corrected.
///
/// Sums wrap around rather than stop: what was added is taken back exactly.
struct RollupFigures: Equatable, Sendable {
  private(set) var counts = [Int64](repeating: 0, count: RollupCount.allCases.count)
  private(set) var sketches = [RollupSketch](repeating: RollupSketch(), count: RollupMeasure.allCases.count)

  /// Nothing.
  init() {}

  /// What was read.
  init(counts: [Int64], sketches: [RollupSketch]) {
    self.counts = counts
    self.sketches = sketches
  }

  subscript(count: RollupCount) -> Int64 {
    get { counts[count.rawValue] }
    set { counts[count.rawValue] = newValue }
  }

  subscript(measure: RollupMeasure) -> RollupSketch { sketches[measure.rawValue] }

  /// Whether it changes nothing.
  var isZero: Bool { counts.allSatisfy { $0 == 0 } && sketches.allSatisfy(\.entries.isEmpty) }

  mutating func add(_ other: Self) {
    for place in counts.indices { counts[place] &+= other.counts[place] }
    for place in sketches.indices { sketches[place].add(other.sketches[place]) }
  }
}
