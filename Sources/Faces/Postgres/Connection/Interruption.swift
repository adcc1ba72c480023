import Synchronization

/// A flag that ends waiting: raised by whoever wants a lane back that waits for PostgreSQL.
public final class Interruption: Sendable {
  private let flag = Atomic(false)

  /// A flag that is down.
  public init() {}

  /// Whether waiting is to end.
  public var isRaised: Bool { flag.load(ordering: .acquiring) }

  /// Ends waiting, within a tenth of a second; it stays raised.
  public func raise() { flag.store(true, ordering: .releasing) }
}
