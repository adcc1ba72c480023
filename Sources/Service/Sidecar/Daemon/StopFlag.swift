import Synchronization

/// Whether the sidecar is on its way out.
final class StopFlag: Sendable {
  private let isRaisedNow = Atomic(false)

  var isRaised: Bool { isRaisedNow.load(ordering: .relaxed) }

  func raise() { isRaisedNow.store(true, ordering: .relaxed) }
}
