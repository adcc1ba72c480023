import Decoding
import Platform
import Spool
import Synchronization

/// What the ingest knows of events that are durable already, shared by all threads that decode.
final class IdentityMemory: Sendable {
  /// What an event is, as far as this sidecar knows; ordered by how much of it is new.
  enum Judgement: Int, Comparable, Sendable {
    case new
    case duplicate
    case conflict

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }
  func judge(_ frames: [DecodedFrame], at now: MonotonicInstant) -> [Judgement] { frames.map { _ in .new } }
  func remember(_ identities: [EventIdentity], at now: MonotonicInstant) {}
  init(rebuiltFrom: Spool, now: MonotonicInstant) {}
}
