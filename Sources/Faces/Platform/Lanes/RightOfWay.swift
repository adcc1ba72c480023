import Synchronization

/// Who is on the way to an answer goes first; what may come a moment later gives way.
///
/// A low priority alone does not do it: it takes every gap between two requests, and with them the caches,
/// the bandwidth of the memory, and the start of the next request.
public final class RightOfWay: Sendable {
  private let holders = Atomic(0)
  private let waiting = Atomic(0)
  /// How often nobody had it any more while somebody gave way.
  private let gate = Gate(0)

  /// Nobody has it yet.
  public init() {}

  /// Runs `body` while others give way.
  public func hold<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    holders.add(1, ordering: .sequentiallyConsistent)
    defer { leave() }
    return try body()
  }

  private func leave() {
    let remaining = holders.subtract(1, ordering: .sequentiallyConsistent).newValue
    guard remaining == 0, waiting.load(ordering: .sequentiallyConsistent) > 0 else { return }
    // Who gives way either has yet to look, or waits already: between the two it has the lock.
    gate.withLock { $0 &+= 1 }
    gate.broadcast()
  }

  /// Waits until nobody has the right of way, at most until `deadline`.
  public func giveWay(until deadline: MonotonicInstant) {
    guard isHeld else { return }
    waiting.add(1, ordering: .sequentiallyConsistent)
    defer { waiting.subtract(1, ordering: .sequentiallyConsistent) }
    _ = gate.wait(until: deadline) { _ in isHeld ? nil : () }
  }

  private var isHeld: Bool { holders.load(ordering: .sequentiallyConsistent) > 0 }
}
