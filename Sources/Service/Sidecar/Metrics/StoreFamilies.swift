import Exposition
import Platform
import Store

extension StoreStatus {
  /// The store, as /metrics shows it.
  func families(oldestUndrained: WallTime?, now: WallTime) -> [Family] {
    [
      Family(
        "handoffd_store_up", .gauge, "Whether the database answered when it was last spoken to.",
        [Sample(isUp ? 1 : 0)]),
      Family("handoffd_store_events", .counter, "Events committed for the first time.", [Sample(events)]),
      Family(
        "handoffd_store_duplicates", .counter, "Events found stored already when they were to be committed.",
        [Sample(duplicates)]),
      Family(
        "handoffd_store_conflicts", .counter,
        "Events refused at the commit, because their identity was stored with other content.",
        [Sample(conflicts)]),
      Family(
        "handoffd_store_quarantined", .counter,
        "Events and records that PostgreSQL would not take, set aside.",
        [Sample(quarantined)]),
      Family(
        "handoffd_store_errors", .counter, "Failures, by what was being done.",
        StoreOperation.allCases.map { Sample(errors[$0] ?? 0, [Label("operation", $0.rawValue)]) }),
      Family(
        "handoffd_store_commit_duration_seconds", .histogram,
        "How long a batch took, from BEGIN to the answer to COMMIT.",
        [Sample(commitBuckets)]),
      Family(
        "handoffd_store_lag_seconds", .gauge, "Age of the oldest event that is not yet committed.",
        [Sample(lag(oldestUndrained, now))]),
    ]
  }

  private func lag(_ oldest: WallTime?, _ now: WallTime) -> Double {
    guard let oldest else { return 0 }
    return max(0, Double(now.microseconds - oldest.microseconds) / 1e6)
  }

  private var commitBuckets: Buckets {
    var buckets = Buckets(bounds: DurationHistogram.bounds)
    buckets.counts = commits.counts
    buckets.sum = commits.sum
    return buckets
  }
}
