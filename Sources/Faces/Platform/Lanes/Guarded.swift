import Glibc

/// A value behind a lock.
///
/// Use it as one uses `Mutex` of the standard library, which on Linux lets the kernel hand a contended
/// lock over: the thread sanitizer does not see that, and reports races that are none. This one is a
/// mutex of the C library, which the sanitizer knows.
///
/// `@unchecked Sendable` because the value is touched only with the lock held.
@safe
public final class Guarded<Value: ~Copyable>: @unchecked Sendable {
  private let value: UnsafeMutablePointer<Value>
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// Puts `value` behind a lock.
  public init(_ value: consuming sending Value) {
    unsafe self.value = .allocate(capacity: 1)
    unsafe mutex = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe value.deinitialize(count: 1)
    unsafe mutex.deallocate()
    unsafe value.deallocate()
  }

  /// Runs `body` with the lock held.
  public func withLock<Result: ~Copyable, Failure>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try unsafe body(&value.pointee)
  }
  /// The same, or nil at once where somebody else holds the lock.
  public func withLockIfAvailable<Result, Failure>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result? {
    guard unsafe pthread_mutex_trylock(mutex) == 0 else { return nil }
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try unsafe body(&value.pointee)
  }
}
