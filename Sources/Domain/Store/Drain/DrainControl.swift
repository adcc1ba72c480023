import Model
import Platform

/// What the drain's lane and everybody else tell each other.
struct DrainControl: Sendable {
  var status = StoreStatus()
  /// When the lane is to end; nil while it is not.
  var stopBy: MonotonicInstant?
  var isFinished = false
}

extension DrainControl {
  /// Takes note of a batch.
  mutating func note(_ result: BatchResult, of batch: Batch, seconds: Double) {
    status.position = batch.end
    status.events &+= UInt64(result.stored)
    status.duplicates &+= UInt64(result.duplicates)
    status.conflicts &+= UInt64(result.conflicts)
    status.quarantined &+= UInt64(result.quarantined)
    status.rejections &+= UInt64(result.rejections)
    status.reread &+= UInt64(result.reread)
    status.missing &+= batch.firstFound &- min(batch.start, batch.firstFound)
    status.lastBatchEvents = batch.items.count
    status.commits.observe(seconds)
    if let seen = batch.seenUntil { status.horizon = max(status.horizon ?? seen, seen) }
    status.isUp = true
    status.fault = nil
  }
}
