import Glibc

/// A state behind a lock, with a way to wait until it is as one wants it.
///
/// `@unchecked Sendable` because the state is touched only with the lock held.
@safe public final class Gate<State: Sendable>: @unchecked Sendable {
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// Puts `state` behind a lock.
  public init(_ state: State) {
    self.state = state
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    // Deadlines are monotonic, so setting the wall clock neither shortens nor lengthens a wait.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
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
    until deadline: MonotonicInstant?, _ ready: (inout State) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = ready(&state) { return result }
      if pause(until: deadline) == ETIMEDOUT { return ready(&state) }
    }
  }

  private func pause(until deadline: MonotonicInstant?) -> Int32 {
    guard let deadline, deadline != .distantFuture else {
      return unsafe pthread_cond_wait(condition, mutex)
    }
    var time = timespec(
      tv_sec: Int(deadline.nanoseconds / 1_000_000_000), tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
    return unsafe pthread_cond_timedwait(condition, mutex, &time)
  }

  /// Wakes one that waits.
  public func signal() {
    unsafe pthread_cond_signal(condition)
  }

  /// Wakes all that wait.
  public func broadcast() {
    unsafe pthread_cond_broadcast(condition)
  }
}
