public import Model

/// What history is asked for.
public struct SeriesQuestion: Sendable {
  /// What series are told apart by.
  public enum Grouping: String, CaseIterable, Sendable {
    /// Who sent.
    case fromAgent = "from_agent"
    /// Who received.
    case toAgent = "to_agent"
    /// Both.
    case pair
  }

  /// The first moment, a whole number of steps since 1970.
  public var since: Timestamp
  /// The moment behind the last one, likewise.
  public var until: Timestamp
  /// How long a point is: whole minutes.
  public var step: Duration
  /// The moment of the question: what is still to come has no history.
  public var now: Timestamp
  /// Handoffs of this agent, sent or received.
  public var agent: String?
  /// Handoffs that this agent sent.
  public var fromAgent: String?
  /// Handoffs that this agent received.
  public var toAgent: String?
  /// What series are told apart by; nil for one of all.
  public var grouping: Grouping?
  /// What is observed of them; nil for counts alone.
  public var measure: SeriesMeasure?
  /// At most so many series, those with the most handoffs.
  public var limit = 10

  /// A question about all handoffs; the times are widened to whole steps.
  public init(since: Timestamp, until: Timestamp, step: Duration, now: Timestamp) {
    let length = max(1, step.inMicroseconds)
    self.since = Timestamp(microseconds: since.microseconds.roundedDown(to: length))
    self.until = Timestamp(microseconds: (until.microseconds &+ length &- 1).roundedDown(to: length))
    self.step = step
    self.now = now
  }

  /// How many points a series has.
  public var points: Int {
    Int(clamping: (until.microseconds &- since.microseconds) / max(1, step.inMicroseconds))
  }

  /// When a point begins.
  public func moment(of point: Int) -> Timestamp {
    Timestamp(microseconds: since.microseconds &+ Int64(point) &* step.inMicroseconds)
  }

  /// The longest rows that points can be made of.
  var span: RollupSpan {
    let minutes = step.inMicroseconds / Timestamp.microsecondsPerMinute
    return RollupSpan.allCases.last { minutes % Int64($0.rawValue) == 0 } ?? .minute
  }

  /// Whether pairs must be told apart.
  var wantsPairs: Bool { agent != nil || fromAgent != nil || toAgent != nil || grouping != nil }
}

/// What is observed of handoffs, and kept finely enough for percentiles.
public enum SeriesMeasure: Sendable {
  /// From the sending to the acknowledgement, in seconds.
  case acknowledgement
  /// From the first sending to the end, in seconds.
  case duration
  /// References resolved of those requested.
  case completeness
  /// Tokens used of the budget.
  case tokenUtilization

  var rolled: RollupMeasure {
    switch self {
    case .acknowledgement: .latency
    case .duration: .duration
    case .completeness: .completeness
    case .tokenUtilization: .utilization
    }
  }
}

extension Int64 {
  fileprivate func roundedDown(to length: Int64) -> Int64 {
    let rest = self % length
    return self - (rest < 0 ? rest + length : rest)
  }
}
