// A body that is made while it is sent. Whoever makes it writes pieces from a lane of its own and waits while the client
// is behind; the library's thread takes what there is, and suspends the connection while there is nothing. So a body of
// any length holds a bounded number of bytes, and no thread of the library ever waits.
//
//     maker ── write ──► pieces (at most `capacity` bytes and one piece) ── take ──► library's thread
//                 waits while full                                     suspends while empty
//
// The connection is resumed exactly once for each suspension: by whoever sets `isSuspended` back.
public import Platform

/// The body of an answer, written piece by piece.
public final class BodyStream: Sendable {
  /// How far the maker is.
  private enum Progress: Sendable {
    case going
    /// All was written.
    case finished
    /// What was written is not all there should have been.
    case failed
  }

  /// What the library's thread finds.
  enum Taking: Equatable, Sendable {
    case bytes(Int)
    case nothingYet
    case end
    case failure
  }

  private struct State: Sendable {
    var pieces: [[UInt8]] = []
    /// The first piece not taken whole, and how much of it is taken.
    var next = 0
    var taken = 0
    var bytes = 0
    var progress = Progress.going
    /// Nobody takes anything any more.
    var isClosed = false
    var isSuspended = false
    /// Lets the connection go on.
    var resume: (@Sendable () -> Void)?

    /// The call that a suspended connection waits for, once.
    mutating func wake() -> (@Sendable () -> Void)? {
      guard isSuspended else { return nil }
      isSuspended = false
      return resume
    }
  }

  private let gate = Gate(State())
  private let capacity: Int

  /// A body of which at most about `capacity` bytes wait to be sent.
  public init(capacity: Int = 1 << 20) {
    self.capacity = capacity
  }

  /// Adds a piece; waits while the client is behind.
  ///
  /// False when the client has gone, or has not caught up by `deadline`: nothing more need be made.
  public func write(_ piece: [UInt8], until deadline: MonotonicInstant) -> Bool {
    guard !piece.isEmpty else { return !gate.withLock { $0.isClosed } }
    let outcome: (isTaken: Bool, wake: (@Sendable () -> Void)?)? = gate.wait(until: deadline) {
      [capacity] state in
      if state.isClosed || state.progress != .going { return (false, nil) }
      guard state.bytes < capacity else { return nil }
      state.pieces.append(piece)
      state.bytes += piece.count
      return (true, state.wake())
    }
    outcome?.wake?()
    return outcome?.isTaken ?? false
  }

  /// Nothing more will come: what was written is all.
  public func finish() { end(.finished) }

  /// Nothing more will come, and there should have been more: the connection is cut, so that the client can tell.
  public func fail() { end(.failed) }

  private func end(_ progress: Progress) {
    let wake = gate.withLock { state in
      if state.progress == .going { state.progress = progress }
      return state.wake()
    }
    wake?()
  }
}

// The library's thread, or the server's.
extension BodyStream {
  /// Says how the connection is let go on.
  func attach(_ resume: @escaping @Sendable () -> Void) {
    gate.withLock { $0.resume = resume }
  }

  /// Moves what there is, and fits, to `room`.
  func take(into room: UnsafeMutableRawBufferPointer) -> Taking {
    let taking = gate.withLock { state -> Taking in
      if state.progress == .failed || state.isClosed { return .failure }
      guard state.bytes > 0 else { return state.progress == .finished ? .end : .nothingYet }
      return .bytes(unsafe Self.move(&state, room))
    }
    if case .bytes = taking { gate.signal() }
    return taking
  }

  private static func move(_ state: inout State, _ room: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < room.count, state.next < state.pieces.count {
      let piece = state.pieces[state.next]
      let count = min(piece.count - state.taken, room.count - filled)
      unsafe piece.withUnsafeBytes { bytes in
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[state.taken..<(state.taken + count)])
        unsafe UnsafeMutableRawBufferPointer(rebasing: room[filled..<(filled + count)]).copyMemory(from: part)
      }
      filled += count
      state.taken += count
      if state.taken == piece.count {
        state.pieces[state.next] = []
        (state.next, state.taken) = (state.next + 1, 0)
      }
    }
    if state.next == state.pieces.count { (state.pieces, state.next) = ([], 0) }
    if state.next > 64 {
      state.pieces.removeFirst(state.next)
      state.next = 0
    }
    state.bytes -= filled
    return filled
  }

  /// The connection is suspended; whether it must be resumed at once, because something has come meanwhile.
  func suspended() -> Bool {
    gate.withLock { state in
      if state.bytes > 0 || state.progress != .going || state.isClosed { return true }
      state.isSuspended = true
      return false
    }
  }

  /// Nobody will take any more; a suspended connection is resumed, to find the failure.
  func close() {
    let wake = gate.withLock { state in
      state.isClosed = true
      (state.pieces, state.next, state.taken, state.bytes) = ([], 0, 0, 0)
      let wake = state.wake()
      state.resume = nil
      return wake
    }
    gate.broadcast()
    wake?()
  }
}
