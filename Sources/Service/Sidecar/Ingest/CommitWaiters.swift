// With `--ack postgres` an answer waits until the position in PostgreSQL has passed its record.
// The record is in the spool by then, so giving up waiting loses nothing: a client that asks again
// is told of a duplicate.
import Configuration
import Platform

/// Requests whose answer waits for the commit of their record.
final class CommitWaiters: Sendable {
  /// How a wait ended.
  enum Outcome: Sendable {
    case committed
    case timedOut
  }

  fileprivate struct Waiter {
    var sequence: UInt64
    var deadline: MonotonicInstant
    var finish: @Sendable (Outcome) -> Void
  }

  fileprivate struct State {
    /// In the order of their sequences, as they come from the commit lane in that order.
    var waiters: [Waiter] = []
    var committedBelow: UInt64 = 0
  }

  private let state = Guarded(State())

  /// Calls `finish` once: when `sequence` is committed, or at the deadline.
  func wait(
    for sequence: UInt64, until deadline: MonotonicInstant, finish: @escaping @Sendable (Outcome) -> Void
  ) {
    let isCommitted = state.withLock { state in
      if sequence < state.committedBelow { return true }
      state.waiters.append(Waiter(sequence: sequence, deadline: deadline, finish: finish))
      return false
    }
    if isCommitted { finish(.committed) }
  }

  /// Everything below `sequence` is committed.
  func committed(below sequence: UInt64) {
    let done = state.withLock { state in
      state.committedBelow = max(state.committedBelow, sequence)
      return state.remove { $0.sequence < sequence }
    }
    for waiter in done { waiter.finish(.committed) }
  }

  /// Ends the waits whose deadline has come.
  func expire(at now: MonotonicInstant) {
    let late = state.withLock { $0.remove { $0.deadline <= now } }
    for waiter in late { waiter.finish(.timedOut) }
  }

  /// Ends all waits, as the process goes.
  func expireAll() {
    let all = state.withLock { $0.remove { _ in true } }
    for waiter in all { waiter.finish(.timedOut) }
  }
}

extension CommitWaiters.State {
  fileprivate mutating func remove(where isDone: (CommitWaiters.Waiter) -> Bool) -> [CommitWaiters.Waiter] {
    let done = waiters.filter(isDone)
    if !done.isEmpty { waiters.removeAll(where: isDone) }
    return done
  }
}

extension Settings {
  /// How long an answer waits for the commit: so long that another attempt can follow one that got stuck, and less than
  /// the 30 s after which clients hang up and the server answers by itself.
  var commitPatience: Duration { min(databaseTimeout * 2, .seconds(25)) }
}
