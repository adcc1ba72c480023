// Judging alerts: what a second's evaluation costs, for a hundred rules over a hundred agents with half an hour of
// traffic behind them. The rules are the shipped ones and variants of them: ratios, quantiles and counts by target,
// over windows from one minute to half an hour.
import Alerts
import Analytics
import Model
import Platform

extension Bench {
  /// The time of one evaluation, against what the issue of the alerts asks.
  func judge() -> [Row] {
    let handoffs = scaled(100_000)
    // Half an hour, whatever the scale.
    let stream = FoldingStream(handoffs: handoffs, spacing: 1_800_000_000 / Int64(handoffs / 500 + 4))
    let rules = Self.rules(100)
    var analytics = Analytics(rules.windows(in: AnalyticsSettings()))
    var evaluator = Evaluator(rules)
    var costs: [Double] = []
    var seconds: Int64 = 0
    for run in stream.runs(of: 500) {
      for event in run { analytics.step(event.frame, receivedAt: event.receivedAt) }
      guard let now = run.last?.receivedAt, now.microseconds / 1_000_000 > seconds else { continue }
      seconds = now.microseconds / 1_000_000
      let (snapshot, occurrences) = (analytics.snapshot(at: now), analytics.takeOccurrences())
      let start = time.now()
      _ = evaluator.evaluate(snapshot, occurrences)
      costs.append((time.now() - start).inSeconds * 1e3)
    }
    // The last quarter, when windows are full.
    let cost = Array(costs.suffix(max(1, costs.count / 4))).median
    return [
      Row(
        what:
          "judging \(rules.rules.count) rules over \(analytics.snapshot(at: Timestamp(microseconds: seconds)).agents.count) agents, median",
        measured: "\(Table.two(cost)) ms", yardstick: "10 ms", ratio: cost / 10, wanted: .atMost(1))
    ]
  }

  private static func rules(_ count: Int) -> RuleSet {
    let signals: [Alerts.Signal] = [
      .failureRatio, .latencyP99, .durationP95, .completenessRatio, .rejectionRatio, .attemptFailureRatio,
      .failureCount, .tokensUtilization, .circuitOpen, .failureConsecutive, .activeOverdue, .agentSilent,
    ]
    var set = RuleSet.builtIn
    var number = 0
    while set.rules.count < count {
      var rule = Rule("Variant\(number)", signals[number % signals.count])
      rule.grouping = number % 24 < 20 || !rule.signal.rawValue.contains("ratio") ? .toAgent : .fleet
      rule.window = .seconds([60, 300, 600, 900, 1800][number % 5])
      rule.bound = Bound(.above, 1e9)
      set.rules.append(rule)
      number += 1
    }
    return set
  }
}
