import Store

/// What a series may be of.
enum SeriesMetric: String, CaseIterable, Sendable {
  case started, concluded, delivered, exhausted, completed
  case workFailed = "work_failed"
  case failed, rejected, cancelled, expired, parked, rerouted, timeout
  case successRate = "success_rate"
  case failureRatio = "failure_ratio"
  case acknowledgement = "ack_latency_seconds"
  case duration = "duration_seconds"
  case completeness
  case tokenUtilization = "token_utilization"

  /// The metric of a name; that of the family on /metrics is understood, too.
  init?(name: String) {
    let short = name.hasPrefix("handoff_") ? String(name.dropFirst("handoff_".count)) : name
    guard let metric = Self(rawValue: short) ?? (short == "failures" ? .exhausted : nil) else { return nil }
    self = metric
  }

  /// What is observed, and not only counted.
  var measure: SeriesMeasure? {
    switch self {
    case .acknowledgement: .acknowledgement
    case .duration: .duration
    case .completeness: .completeness
    case .tokenUtilization: .tokenUtilization
    default: nil
    }
  }

  /// What values are in.
  var unit: String {
    switch self {
    case .acknowledgement, .duration: "seconds"
    case .completeness, .tokenUtilization, .successRate, .failureRatio: "ratio"
    default: "handoffs"
    }
  }

  /// The value of a point; nil where there is none to say.
  func value(_ figures: SeriesFigures) -> Double? {
    switch self {
    case .successRate: figures.successRate
    case .failureRatio: figures.failureRatio
    case .acknowledgement: figures.average(.acknowledgement)
    case .duration: figures.average(.duration)
    case .completeness: figures.average(.completeness)
    case .tokenUtilization: figures.average(.tokenUtilization)
    default: Double(count(figures))
    }
  }

  private func count(_ figures: SeriesFigures) -> Int64 {
    switch self {
    case .started: figures.started
    case .concluded: figures.concluded
    case .delivered: figures.delivered
    case .exhausted: figures.exhausted
    case .completed: figures.completed
    case .workFailed: figures.workFailed
    case .failed: figures.failed
    case .rejected: figures.rejected
    case .cancelled: figures.cancelled
    case .expired: figures.expired
    case .parked: figures.parked
    case .rerouted: figures.rerouted
    case .timeout: figures.timeout
    default: 0
    }
  }
}
