import Platform
import Synchronization

/// How many requests are between their head and the last byte of their answer, and whether more may come.
final class RequestCount: Sendable {
  /// Twice the count, and one more once it is closed.
  private let word = Atomic<Int>(0)
  private let isWatched = Atomic<Bool>(false)
  private let gate = Gate(true)

  /// Requests now.
  var count: Int { word.load(ordering: .relaxed) >> 1 }

  /// Counts one in, unless closed.
  func enter() -> Bool {
    if word.add(2, ordering: .sequentiallyConsistent).oldValue & 1 == 0 { return true }
    leave()
    return false
  }

  /// Counts one out.
  func leave() {
    word.subtract(2, ordering: .sequentiallyConsistent)
    guard isWatched.load(ordering: .sequentiallyConsistent) else { return }
    gate.withLock { _ in }
    gate.broadcast()
  }

  /// Waits until there is none, then lets no more in; whether that was so before `deadline`.
  func closeWhenEmpty(deadline: MonotonicInstant) -> Bool {
    isWatched.store(true, ordering: .sequentiallyConsistent)
    let isEmpty: Bool? = gate.wait(until: deadline) { [self] _ in closeIfEmpty() ? true : nil }
    return isEmpty ?? false
  }

  /// Lets no more in.
  func close() { word.bitwiseOr(1, ordering: .sequentiallyConsistent) }

  private func closeIfEmpty() -> Bool {
    let (exchanged, original) = word.compareExchange(
      expected: 0, desired: 1, ordering: .sequentiallyConsistent)
    return exchanged || original == 1
  }
}
