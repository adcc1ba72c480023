import Platform

/// The requests that wait for the disk, and how many there are between their head and their end.
final class BareList: Sendable {
  /// `@unchecked Sendable` because it is touched under the gate only, and what it points to belongs to the list.
  @safe private struct State: @unchecked Sendable {
    var first: UnsafeMutablePointer<BareRequest>?
    var requests = 0
    var isFinishing = false
  }

  private let gate = Gate(State())

  func began() { gate.withLock { $0.requests += 1 } }

  func ended() {
    let isLast = gate.withLock {
      $0.requests -= 1
      return $0.isFinishing && $0.requests == 0
    }
    if isLast { gate.signal() }
  }

  func push(_ request: UnsafeMutablePointer<BareRequest>) {
    let wasEmpty = gate.withLock {
      let wasEmpty = unsafe $0.first == nil
      unsafe request.pointee.next = $0.first
      unsafe $0.first = request
      return wasEmpty
    }
    if wasEmpty { gate.signal() }
  }

  func finish() {
    gate.withLock { $0.isFinishing = true }
    gate.signal()
  }

  /// All that wait, as a list; nil when there will be no more.
  func take() -> UnsafeMutablePointer<BareRequest>? {
    let taken = unsafe gate.wait(until: nil) { state -> UnsafeMutablePointer<BareRequest>?? in
      guard let first = unsafe state.first else {
        return unsafe state.isFinishing && state.requests == 0 ? .some(nil) : .none
      }
      unsafe state.first = nil
      return unsafe .some(first)
    }
    return unsafe taken ?? nil
  }
}
