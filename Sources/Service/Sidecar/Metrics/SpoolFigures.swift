import Catalogue
import Exposition
import Platform
import Spool

extension SpoolStatus {
  /// The spool, as /metrics shows it.
  var samples: [Metric: [Sample]] {
    [
      .spoolBytes: [Sample(bytes)],
      .spoolEvents: [Sample(events)],
      .spoolOldest: [Sample(oldest.map { Double($0.microseconds) / 1e6 } ?? 0)],
      .spoolCapacity: [Sample(capacityBytes)],
      .spoolDisk: [Sample(diskBytes)],
      .spoolPressure: [Sample(pressure.rawValue)],
      .spoolSyncs: [Sample(counts.syncs)],
      .spoolSyncDuration: [Sample(Histogram(counts.syncDurations))],
      .spoolFailures: [Sample(counts.failures)],
      .spoolRefused: [Sample(counts.refused)],
      .spoolCorruptRecords: [Sample(counts.corruptRecords)],
      .spoolMissingRecords: [Sample(counts.missingRecords)],
    ]
  }
}

extension Histogram {
  fileprivate init(_ durations: DurationHistogram) {
    self.init(
      bounds: DurationHistogram.bounds, counts: durations.counts.map { UInt64(clamping: $0) },
      sum: durations.sum)
  }
}
