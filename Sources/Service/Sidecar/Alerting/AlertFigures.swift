import Alerts
import Catalogue
import Delivery
import Exposition
import Model
import Platform

/// What is counted of rules and alerts.
struct AlertFigures: Sendable {
  /// Pending and firing alerts, by rule.
  var counts: [(rule: Rule, pending: Int, firing: Int)] = []
  private var evaluations: [String: UInt64] = [:]
  private var transitions: [String: UInt64] = [:]
  private var values: [String: Double] = [:]
  private var lastAt: Timestamp?

  mutating func noteEvaluation(of rules: RuleSet, values: [String: Double], at now: Timestamp) {
    for rule in rules.rules { evaluations[rule.name, default: 0] &+= 1 }
    self.values = values
    lastAt = now
  }

  mutating func note(_ transition: Transition) {
    transitions["\(transition.alert.severity.rawValue) \(transition.alert.state.rawValue)", default: 0] &+= 1
  }

  /// The samples of rules and alerts.
  var samples: [Metric: [Sample]] {
    var samples: [Metric: [Sample]] = [:]
    samples[.alerts] = counts.flatMap { rule, pending, firing in
      [("pending", pending), ("firing", firing)].map { state, count in
        Sample(
          count,
          [Label("rule", rule.name), Label("severity", rule.severity.rawValue), Label("state", state)])
      }
    }
    samples[.alertTransitions] = Severity.allCases.flatMap { severity in
      Alert.State.allCases.map { state in
        Sample(
          transitions["\(severity.rawValue) \(state.rawValue)"] ?? 0,
          [Label("severity", severity.rawValue), Label("state", state.rawValue)])
      }
    }
    samples[.ruleEvaluations] = evaluations.sorted { $0.key < $1.key }.map {
      Sample($0.value, [Label("rule", $0.key)])
    }
    samples[.ruleEvaluationFailures] = evaluations.keys.sorted().map { Sample(0, [Label("rule", $0)]) }
    samples[.ruleLastEvaluation] = lastAt.map { [Sample(Double($0.microseconds) / 1e6)] } ?? []
    samples[.ruleValue] = values.sorted { $0.key < $1.key }.map { Sample($0.value, [Label("rule", $0.key)]) }
    return samples
  }
}

/// What is counted of receivers; durations are gathered here from scrape to scrape.
final class ReceiverMetrics: Sendable {
  private let durations = Guarded<[String: Histogram]>([:])

  func samples(_ statuses: [ReceiverStatus]) -> [Metric: [Sample]] {
    let histograms = durations.withLock { all in
      for status in statuses {
        var histogram = all[status.name] ?? Histogram(bounds: BucketBounds.answer)
        for duration in status.durations { histogram.observe(duration / .seconds(1)) }
        all[status.name] = histogram
      }
      return all
    }
    func each(_ value: (ReceiverStatus) -> UInt64) -> [Sample] {
      statuses.map { Sample(value($0), [Label("receiver", $0.name)]) }
    }
    return [
      .notifications: each(\.delivered), .notificationAttempts: each(\.attempts),
      .notificationQueueLength: each { UInt64($0.queueLength) },
      .notificationsFailed: statuses.flatMap { status in
        FailureCause.allCases.map { cause in
          Sample(
            status.failed[cause] ?? 0, [Label("receiver", status.name), Label("reason", cause.rawValue)])
        }
      },
      .notificationDuration: statuses.compactMap { status in
        histograms[status.name].map { Sample($0, [Label("receiver", status.name)]) }
      },
    ]
  }
}
