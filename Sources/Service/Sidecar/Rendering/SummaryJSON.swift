import Analytics
import Bytes
import Model

/// What a time of handoffs comes to, from memory or from the database.
struct SummaryFigures: Sendable {
  /// How the answers, or the ends, of many handoffs lie.
  struct Spread: Sendable {
    var count: UInt64 = 0
    var total = 0.0
    var least: Double?
    var greatest: Double?
    var p50: Double?
    var p95: Double?
    var p99: Double?

    /// The average; nil of none.
    var average: Double? { count > 0 ? total / Double(count) : nil }
  }

  /// How many handoffs came to what.
  struct Outcomes: Sendable {
    var total: UInt64 = 0
    var delivered: UInt64 = 0
    var exhausted: UInt64 = 0
    var completed: UInt64 = 0
    var workFailed: UInt64 = 0

    private var concluded: UInt64 { delivered &+ exhausted }
    var failureRatio: Double? { concluded > 0 ? Double(exhausted) / Double(concluded) : nil }
    var successRate: Double? {
      concluded > 0 ? Double(delivered &- min(workFailed, delivered)) / Double(concluded) : nil
    }
  }

  /// What went to one agent, or was done in one way.
  struct Share: Sendable {
    var outcomes = Outcomes()
    var completeness: Double?
    var tokenUtilization: Double?
    var acknowledgement = Spread()
  }

  var outcomes = Outcomes()
  var acknowledgement = Spread()
  var duration = Spread()
  var completeness: Double?
  var tokenUtilization: Double?
  var meanHops: Double?
  var mostHops: Int?
  var validationErrors: UInt64 = 0
  /// By receiver, in the order of their names.
  var agents: [(name: String, share: Share)] = []
  var kinds: [(name: String, share: Share)] = []
  var strategies: [(name: String, share: Share)] = []
}

// MARK: from memory

extension SummaryFigures {
  /// What this sidecar's window of that length holds.
  init(_ snapshot: Snapshot, window: Duration) {
    let values = snapshot.window(window)
    outcomes = Outcomes(values)
    acknowledgement = Spread(
      values[.acknowledgementTime], values.acknowledgement, values.acknowledgementRange,
      values[.acknowledgements])
    duration = Spread(values[.durationTime], values.duration, values.durationRange, values[.durations])
    completeness = values.completeness
    tokenUtilization = values.tokenUtilization
    meanHops = values.hopDepth
    mostHops = values[.depths] > 0 ? values[.hops] : nil
    validationErrors = values[.validationFailures]
    agents = snapshot.windows(window, by: .toAgent).compactMap { group, values in
      guard case .toAgent(let name) = group else { return nil }
      return (name, Share(values))
    }.sorted { $0.name < $1.name }
    kinds = Self.shares(snapshot, window, by: .kind)
    strategies = Self.shares(snapshot, window, by: .strategy)
  }
}

extension SummaryFigures {
  /// By word of a closed list, in the order of the words.
  private static func shares(
    _ snapshot: Snapshot, _ window: Duration, by dimension: Dimension
  ) -> [(name: String, share: Share)] {
    snapshot.windows(window, by: dimension, withTimes: false).compactMap { group, values in
      switch group {
      case .kind(let kind): (kind.name, Share(values))
      case .strategy(let strategy): (strategy.name, Share(values))
      default: nil
      }
    }.sorted { $0.name < $1.name }
  }
}

extension SummaryFigures.Outcomes {
  fileprivate init(_ values: WindowValues) {
    total = values[.started]
    delivered = values[.delivered]
    exhausted = values[.exhausted]
    completed = values[.completed]
    workFailed = values[.workFailed]
  }
}

extension SummaryFigures.Share {
  fileprivate init(_ values: WindowValues) {
    outcomes = SummaryFigures.Outcomes(values)
    completeness = values.completeness
    tokenUtilization = values.tokenUtilization
    acknowledgement = SummaryFigures.Spread(
      values[.acknowledgementTime], values.acknowledgement, values.acknowledgementRange,
      values[.acknowledgements])
  }
}

extension SummaryFigures.Spread {
  fileprivate init(
    _ microseconds: Int64, _ sketch: QuantileSketch, _ range: (least: Double, greatest: Double)?,
    _ count: UInt64
  ) {
    self.count = count
    total = Double(microseconds) / 1e6
    least = range?.least
    greatest = range?.greatest
    // A bucket's value may lie beyond the least or the greatest that was in it.
    func quantile(_ share: Double) -> Double? {
      sketch.quantile(share).map { min(max($0, range?.least ?? $0), range?.greatest ?? $0) }
    }
    p50 = quantile(0.5)
    p95 = quantile(0.95)
    p99 = quantile(0.99)
  }
}

// MARK: as JSON

extension JSONWriter {
  /// A summary with the window and the scope that were asked for.
  mutating func summary(_ figures: SummaryFigures, window: String, scope: String, asOf: Timestamp?) {
    object {
      $0.member("window", window)
      $0.member("scope", scope)
      $0.key("handoffs")
      $0.object { $0.outcomes(figures.outcomes) }
      $0.spread("ack_latency_seconds", figures.acknowledgement)
      $0.spread("duration_seconds", figures.duration)
      $0.member("completeness", figures.completeness)
      $0.member("token_utilization", figures.tokenUtilization)
      $0.key("hops")
      $0.object {
        $0.member("mean", figures.meanHops)
        $0.member("max", figures.mostHops)
      }
      $0.member("validation_errors", figures.validationErrors)
      $0.key("agents")
      $0.object {
        for agent in figures.agents {
          $0.key(agent.name)
          $0.share(agent.share)
        }
      }
      $0.ways("kinds", figures.kinds)
      $0.ways("strategies", figures.strategies)
      $0.member("as_of", asOf)
    }
  }

  private mutating func outcomes(_ outcomes: SummaryFigures.Outcomes) {
    member("total", outcomes.total)
    member("delivered", outcomes.delivered)
    member("exhausted", outcomes.exhausted)
    member("completed", outcomes.completed)
    member("success_rate", outcomes.successRate)
    member("failure_ratio", outcomes.failureRatio)
  }

  private mutating func share(_ share: SummaryFigures.Share) {
    object {
      $0.outcomes(share.outcomes)
      $0.member("completeness", share.completeness)
      $0.member("token_utilization", share.tokenUtilization)
      $0.spread("ack_latency_seconds", share.acknowledgement)
    }
  }

  /// Shares by the way in which handoffs were made: of their times the average alone, for no quantiles are kept of them.
  private mutating func ways(_ name: String, _ shares: [(name: String, share: SummaryFigures.Share)]) {
    key(name)
    object {
      for (name, share) in shares {
        $0.key(name)
        $0.object {
          $0.outcomes(share.outcomes)
          $0.member("completeness", share.completeness)
          $0.member("token_utilization", share.tokenUtilization)
          $0.member("average_ack_latency_seconds", share.acknowledgement.average)
        }
      }
    }
  }

  private mutating func spread(_ name: String, _ spread: SummaryFigures.Spread) {
    key(name)
    object {
      $0.member("count", spread.count)
      $0.member("total", spread.total)
      $0.member("average", spread.average)
      $0.member("min", spread.least)
      $0.member("max", spread.greatest)
      $0.member("p50", spread.p50)
      $0.member("p95", spread.p95)
      $0.member("p99", spread.p99)
    }
  }
}
