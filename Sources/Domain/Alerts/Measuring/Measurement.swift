import Analytics

/// What a signal says of one group now.
struct Measurement {
  /// The value, or why there is none.
  enum Reading: Equatable {
    case value(Double)
    /// Nothing was measured.
    case none
    /// Neither good nor bad: what stands, stands.
    case between
  }

  var group: Group?
  var reading: Reading
  var handoffs: UInt64 = 0
  var failures: UInt64 = 0
  /// What last failed, where the signal is about an agent.
  var cause: Cause?
}

/// What a measurement means for an alert.
public enum Verdict: Equatable, Sendable {
  /// It is as it should not be.
  case bad(Double?)
  /// It is as it should be, or has no value and is taken so.
  case good(Double?)
  /// There is nothing to go by: what stands, stands.
  case unchanged
}

extension Rule {
  /// What a measurement means by this rule.
  func verdict(on measurement: Measurement) -> Verdict {
    switch measurement.reading {
    case .between: return .unchanged
    case .none: return withoutData
    case .value(let value):
      guard measurement.handoffs >= UInt64(leastHandoffs), measurement.failures >= UInt64(leastFailures)
      else {
        return withoutData
      }
      return bound.isCrossed(by: value) ? .bad(value) : .good(value)
    }
  }

  /// What it means that nothing can be said.
  var withoutData: Verdict {
    switch noData {
    case .keep: .unchanged
    case .resolve: .good(nil)
    case .alert: .bad(nil)
    }
  }
}
