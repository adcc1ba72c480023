import Exposition
import Platform
import Spool

extension SpoolStatus {
  /// The spool, as /metrics shows it.
  var families: [Family] {
    [
      Family(
        "handoffd_spool_bytes", .gauge, "Bytes of records that are not yet in PostgreSQL.", [Sample(bytes)]),
      Family("handoffd_spool_events", .gauge, "Events that are not yet in PostgreSQL.", [Sample(events)]),
      Family(
        "handoffd_spool_oldest_timestamp_seconds", .gauge,
        "When the oldest event that is not yet in PostgreSQL was received; 0 if there is none.",
        [Sample(oldest.map { Double($0.microseconds) / 1e6 } ?? 0)]),
      Family(
        "handoffd_spool_capacity_bytes", .gauge, "Bytes of disk that the spool may take.",
        [Sample(capacityBytes)]),
      Family("handoffd_spool_disk_bytes", .gauge, "Bytes of disk that the spool takes.", [Sample(diskBytes)]),
      Family(
        "handoffd_spool_pressure", .gauge,
        "How much the spool holds senders back: 0 not, 1 it warns, 2 it slows down, 3 it refuses, 4 it is broken.",
        [Sample(pressure.rawValue)]),
      Family("handoffd_spool_syncs", .counter, "Groups of records made durable.", [Sample(counts.syncs)]),
      Family(
        "handoffd_spool_sync_duration_seconds", .histogram, "How long it took to make a group durable.",
        [Sample(Buckets(counts.syncDurations))]),
      Family("handoffd_spool_failures", .counter, "Writes and syncs that failed.", [Sample(counts.failures)]),
      Family(
        "handoffd_spool_refused", .counter, "Requests refused for lack of room.", [Sample(counts.refused)]),
      Family(
        "handoffd_spool_corrupt_records", .counter,
        "Durable records found damaged, and moved to the quarantine.",
        [Sample(counts.corruptRecords)]),
      Family(
        "handoffd_spool_missing_records", .counter, "Records that can no longer be read, whatever the cause.",
        [Sample(counts.missingRecords)]),
    ]
  }
}

extension Buckets {
  fileprivate init(_ durations: DurationHistogram) {
    self.init(bounds: DurationHistogram.bounds)
    counts = durations.counts.map { UInt64(clamping: $0) }
    sum = durations.sum
  }
}
