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
    let second = Self.second(of: time.now())
    spool.forEachKept { record in
      let age = max(0, wall.microseconds &- record.received.microseconds) / 1_000_000
      if record.kind == 1, let batch = BatchPayload(record.payload) {
        remember(batch.frames.compactMap(EventIdentity.init(of:)), at: second - Int(age))
      }
      return true
    }
  }

  /// Takes out of a batch what is known already; the admission is to be confirmed or withdrawn.
  func admit(_ batch: inout DecodedBatch, at now: MonotonicInstant) -> RecentIdentities.Admission {
    identities.withLock { $0.admit(&batch, at: Self.second(of: now)) }
  }

  /// The batch is durable.
  func confirm(_ admission: RecentIdentities.Admission) {
    identities.withLock { $0.confirm(admission) }
  }

  /// The batch was not taken.
  func withdraw(_ admission: RecentIdentities.Admission) {
    identities.withLock { $0.withdraw(admission) }
  }

  private func remember(_ known: [EventIdentity], at second: Int) {
    identities.withLock { memory in
      for identity in known { memory.remember(identity, at: second) }
    }
  }

  private static func second(of now: MonotonicInstant) -> Int { Int(now.nanoseconds / 1_000_000_000) }
}
