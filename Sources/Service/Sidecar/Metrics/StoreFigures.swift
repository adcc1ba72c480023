import Catalogue
import Exposition
import Platform
import Store

extension StoreStatus {
  /// The store, as /metrics shows it.
  func samples(oldestUndrained: WallTime?, now: WallTime) -> [Metric: [Sample]] {
    let commits = Histogram(bounds: DurationHistogram.bounds, counts: commits.counts, sum: commits.sum)
    return [
      .storeUp: [Sample(isUp ? 1 : 0)],
      .storeEvents: [Sample(events)],
      .storeDuplicates: [Sample(duplicates)],
      .storeConflicts: [Sample(conflicts)],
      .storeQuarantined: [Sample(quarantined)],
      .storeErrors: StoreOperation.allCases.map {
        Sample(errors[$0] ?? 0, [Label("operation", $0.rawValue)])
      },
      .storeCommitDuration: [Sample(commits)],
      .storeLag: [Sample(lag(oldestUndrained, now))],
    ]
  }

  private func lag(_ oldest: WallTime?, _ now: WallTime) -> Double {
    guard let oldest else { return 0 }
    return max(0, Double(now.microseconds - oldest.microseconds) / 1e6)
  }
}
