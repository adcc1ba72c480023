import Glibc

/// A state behind a lock, with a way to wait until it is as one wants it.
///
/// `@unchecked Sendable` because the state is touched only with the lock held.
@safe public final class Gate<State: Sendable>: @unchecked Sendable {
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let conditions: UnsafeMutablePointer<pthread_cond_t>
  private let count: Int

  /// Puts `state` behind a lock.
  ///
  /// With several `conditions`, numbered from 0, some can wait for one thing and others for another.
  public init(_ state: State, conditions count: Int = 1) {
    self.state = state
    self.count = count
    unsafe mutex = .allocate(capacity: 1)
    unsafe conditions = .allocate(capacity: count)
    unsafe pthread_mutex_init(mutex, nil)
    // Deadlines are monotonic, so setting the wall clock neither shortens nor lengthens a wait.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    for index in 0..<count { unsafe pthread_cond_init(address(index), &attributes) }
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    for index in 0..<count { unsafe pthread_cond_destroy(address(index)) }
    unsafe pthread_mutex_destroy(mutex)
    unsafe conditions.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` with the lock held.
  public func withLock<Result, Failure>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Runs `ready` with the lock held, now and after every signal, until it gives a result.
  ///
  /// Nil when `deadline`, on the machine's monotonic clock, came first. No deadline: waits for ever.
  public func wait<Result>(
    on condition: Int = 0, until deadline: MonotonicInstant?, _ ready: (inout State) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = ready(&state) { return result }
      if pause(on: condition, until: deadline) == ETIMEDOUT { return ready(&state) }
    }
  }

  private func pause(on condition: Int, until deadline: MonotonicInstant?) -> Int32 {
    guard let deadline, deadline != .distantFuture else {
      return unsafe pthread_cond_wait(address(condition), mutex)
    }
    var time = timespec(
      tv_sec: Int(deadline.nanoseconds / 1_000_000_000), tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
    return unsafe pthread_cond_timedwait(address(condition), mutex, &time)
  }

  /// Pauses until somebody signals, or `pause` has passed (nil: for ever), or for no reason at all.
  ///
  /// `ready` gives a result, or how long to pause; it is asked again after every pause.
  public func wait<Result>(
    on condition: Int = 0, pausing ready: (inout State) -> Pause<Result>
  ) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      switch ready(&state) {
      case .over(let result): return result
      case .pause(let duration):
        _ = pause(on: condition, until: duration.map { SystemTime().now() + $0 })
      }
    }
  }

  /// What one that waits finds.
  public enum Pause<Result> {
    /// What it waited for.
    case over(Result)
    /// Nothing yet; to be looked at again after so much time, or when somebody signals.
    case pause(Duration?)
  }

  /// Wakes one that waits on `condition`.
  public func signal(_ condition: Int = 0) {
    unsafe pthread_cond_signal(address(condition))
  }

  /// Wakes all that wait on `condition`.
  public func broadcast(_ condition: Int = 0) {
    unsafe pthread_cond_broadcast(address(condition))
  }

  private func address(_ condition: Int) -> UnsafeMutablePointer<pthread_cond_t> {
    precondition(condition >= 0 && condition < count, "a gate has no such condition")
    return unsafe conditions + condition
  }
}
