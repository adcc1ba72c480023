import Glibc

/// Where the time comes from; handed in as an argument, so that tests can hold it in their hand.
public protocol TimeSource: Sendable {
  /// Now, for deadlines and ages.
  func now() -> MonotonicInstant
  /// Now, for records and people.
  func wall() -> WallTime
}

/// The machine's clocks.
public struct SystemTime: TimeSource {
  /// The machine's clocks.
  public init() {}

  /// `CLOCK_MONOTONIC`.
  public func now() -> MonotonicInstant {
    let time = Self.read(CLOCK_MONOTONIC)
    return MonotonicInstant(
      nanoseconds: UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec))
  }

  /// `CLOCK_REALTIME`.
  public func wall() -> WallTime {
    let time = Self.read(CLOCK_REALTIME)
    return WallTime(microseconds: Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec / 1_000))
  }

  private static func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return time
  }
}

/// A clock that moves only when told.
///
/// Waits in `Gate` follow the machine's clock, so an instant of this one, which starts near zero, is
/// there a deadline that has passed.
public final class ManualTime: TimeSource {
  private let state: Guarded<(monotonic: MonotonicInstant, wall: WallTime)>

  /// A clock that stands at `wall`.
  public init(wall: WallTime = WallTime(microseconds: 1_795_230_000_000_000)) {
    state = Guarded((MonotonicInstant(nanoseconds: 1_000_000_000), wall))
  }

  /// Where the monotonic clock stands.
  public func now() -> MonotonicInstant { state.withLock { $0.monotonic } }

  /// Where the wall clock stands.
  public func wall() -> WallTime { state.withLock { $0.wall } }

  /// Moves both clocks.
  public func advance(by amount: Duration) {
    state.withLock {
      $0.monotonic = $0.monotonic + amount
      $0.wall.microseconds &+= amount.clampedNanoseconds / 1_000
    }
  }

  /// Moves the wall clock alone, as an administrator or NTP does.
  public func setWall(_ wall: WallTime) {
    state.withLock { $0.wall = wall }
  }
}
