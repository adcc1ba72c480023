import Catalogue
import Exposition
import Model
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
      .retentionRemoved: RetentionKind.allCases.map {
        Sample(retention.removed[$0] ?? 0, [Label("what", $0.rawValue)])
      },
      .retentionLastRun: [Sample(retention.lastRun.map { Double($0.microseconds) / 1e6 } ?? 0)],
    ]
  }

  private func lag(_ oldest: WallTime?, _ now: WallTime) -> Double {
    guard let oldest else { return 0 }
    return max(0, Double(now.microseconds - oldest.microseconds) / 1e6)
  }
}
