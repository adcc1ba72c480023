public import Model

/// What the handoffs that were concluded in some time came to.
public struct SeriesFigures: Sendable {
  var rolled: RollupFigures

  /// Those of nothing.
  public init() { rolled = RollupFigures() }

  init(rolled: RollupFigures) { self.rolled = rolled }

  /// Sent for the first time.
  public var started: Int64 { rolled[.started] }
  /// Acknowledged or completed.
  public var delivered: Int64 { rolled[.delivered] }
  /// Failed before they were delivered.
  public var failed: Int64 { rolled[.failed] }
  /// Refused.
  public var rejected: Int64 { rolled[.rejected] }
  /// Withdrawn.
  public var cancelled: Int64 { rolled[.cancelled] }
  /// Whose deadline passed.
  public var expired: Int64 { rolled[.expired] }
  /// Put among the dead letters.
  public var parked: Int64 { rolled[.parked] }
  /// Given to somebody else, who did not take them either.
  public var rerouted: Int64 { rolled[.rerouted] }
  /// That nobody answered.
  public var timeout: Int64 { rolled[.timeout] }
  /// Of the delivered, those that stand completed.
  public var completed: Int64 { rolled[.completed] }
  /// Of the delivered, those that stand failed.
  public var workFailed: Int64 { rolled[.workFailed] }
  /// Given up towards a receiver, those included that were taken from it for another.
  public var exhausted: Int64 {
    [.failed, .expired, .parked, .rerouted, .timeout, .diverted].reduce(0) { $0 &+ rolled[$1] }
  }
  /// Delivered or exhausted.
  public var concluded: Int64 { delivered &+ exhausted }

  /// The share of those concluded that was exhausted; nil of none.
  public var failureRatio: Double? { concluded > 0 ? Double(exhausted) / Double(concluded) : nil }
  /// The share of those concluded that was delivered and did not fail at work; nil of none.
  public var successRate: Double? {
    concluded > 0 ? Double(delivered &- workFailed) / Double(concluded) : nil
  }

  /// How many were observed.
  public func count(_ measure: SeriesMeasure) -> Int64 { rolled[measure.rolled].count }

  /// All of them together, in seconds; nil of ratios, which do not add up.
  public func total(_ measure: SeriesMeasure) -> Double? {
    switch measure {
    case .acknowledgement: Double(rolled[.latency]) / 1e6
    case .duration: Double(rolled[.duration]) / 1e6
    case .completeness, .tokenUtilization: nil
    }
  }

  /// Their average; of ratios, that of all parts to all wholes; nil of none.
  public func average(_ measure: SeriesMeasure) -> Double? {
    let (part, whole): (Int64, Int64) =
      switch measure {
      case .acknowledgement: (rolled[.latency], count(measure) &* 1_000_000)
      case .duration: (rolled[.duration], count(measure) &* 1_000_000)
      case .completeness: (rolled[.resolved], rolled[.requested])
      case .tokenUtilization: (rolled[.used], rolled[.budget])
      }
    return whole > 0 ? Double(part) / Double(whole) : nil
  }

  /// The value that a share of them does not exceed, with an error below 1 %; nil of none.
  public func quantile(_ share: Double, _ measure: SeriesMeasure) -> Double? {
    rolled[measure.rolled].quantile(share)
  }
}

/// One series: whose it is, and what is known by point.
public struct Series: Sendable {
  /// Who sent, where that is told apart; empty where it is not known.
  public var fromAgent: String?
  /// Who received, likewise.
  public var toAgent: String?
  /// By point; those that are not here have nothing.
  public var points: [Int: SeriesFigures] = [:]
}

/// History.
public struct SeriesAnswer: Sendable {
  /// The question, with its times widened to whole steps.
  public var question: SeriesQuestion
  /// Those with the most handoffs first.
  public var series: [Series]
  /// Whether there are more series, or handoffs of pairs that are not told apart.
  public var isPartial: Bool
  /// Everything received here before this moment is in the answer.
  public var asOf: Timestamp?
}
