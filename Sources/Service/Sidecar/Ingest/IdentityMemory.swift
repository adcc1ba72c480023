import Decoding
import Model
import Platform
import Spool

/// What the ingest knows of events that are durable, shared by all threads that decode.
final class IdentityMemory: Sendable {
  private let identities = Guarded(RecentIdentities())

  /// A memory of what the spool still holds, drained or not, so that a restart forgets nothing of it.
  init(rebuiltFrom spool: Spool, time: any TimeSource) {
    let wall = time.wall()
    let moment = Self.moment(time.now())
    spool.forEachKept { record in
      let age = Duration.microseconds(max(0, wall.microseconds &- record.received.microseconds))
      if record.kind == 1, let batch = BatchPayload(record.payload) {
        remember(batch.frames.compactMap(EventIdentity.init(of:)), at: moment - age)
      }
      return true
    }
  }

  /// Takes out of a batch what is known already; the admission is to be confirmed or withdrawn.
  func admit(_ batch: inout DecodedBatch, at now: MonotonicInstant) -> RecentIdentities.Admission {
    identities.withLock { $0.admit(&batch, at: Self.moment(now)) }
  }

  /// The batch is durable.
  func confirm(_ admission: RecentIdentities.Admission) {
    identities.withLock { $0.confirm(admission) }
  }

  /// The batch was not taken.
  func withdraw(_ admission: RecentIdentities.Admission) {
    identities.withLock { $0.withdraw(admission) }
  }

  private func remember(_ known: [EventIdentity], at moment: Duration) {
    identities.withLock { memory in
      for identity in known { memory.remember(identity, at: moment) }
    }
  }

  private static func moment(_ now: MonotonicInstant) -> Duration {
    .nanoseconds(Int64(clamping: now.nanoseconds))
  }
}
