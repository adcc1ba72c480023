public import Platform

/// A few connections for short reading work of many lanes.
///
/// Connections are made when wanted, kept for the next, and given up after any failure or when they have
/// been idle for long (a server that was restarted is then found by a new connection, not by a failure).
///
/// `@unchecked Sendable` because a connection is touched only by the lane that took it out of `idle`.
public final class ConnectionPool: @unchecked Sendable {
  private struct Idle {
    var connection: Connection
    var since: MonotonicInstant
  }

  /// What is behind the lock.
  ///
  /// `@unchecked Sendable` because the connections in it are nobody's.
  private struct State: @unchecked Sendable {
    var idle: [Idle] = []
    var taken = 0
    var isClosed = false
  }

  private static let longestIdle = Duration.seconds(30)
  private let address: DatabaseAddress
  private let options: SessionOptions
  private let limit: Int
  private let time: any TimeSource
  private let log: Log
  private let gate = Gate(State())

  /// At most `limit` connections to `address`.
  public init(
    _ address: DatabaseAddress, _ options: SessionOptions, limit: Int, time: any TimeSource, log: Log
  ) {
    self.address = address
    self.options = options
    self.limit = max(1, limit)
    self.time = time
    self.log = log
  }

  /// Runs `body` with a connection, which nobody else has meanwhile.
  public func withConnection<Result>(
    until deadline: MonotonicInstant, _ body: (Connection) throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    let connection = try take(deadline)
    do throws(PostgresError) {
      let result = try body(connection)
      giveBack(connection)
      return result
    } catch {
      giveBack(connection.isInTransaction ? nil : connection)
      throw error
    }
  }

  /// Closes what is idle, and lets nobody in any more.
  public func close() {
    gate.withLock { state in
      state.isClosed = true
      state.idle.removeAll()
    }
    gate.broadcast()
  }

  private func take(_ deadline: MonotonicInstant) throws(PostgresError) -> Connection {
    let now = time.now()
    let action = "take a connection to \(address)"
    let found = gate.wait(until: deadline) { [limit] state -> Connection?? in
      if state.isClosed { return .some(nil) }
      state.idle.removeAll { now - $0.since > Self.longestIdle || !$0.connection.isUsable }
      if state.taken >= limit { return nil }
      state.taken += 1
      return .some(state.idle.popLast()?.connection)
    }
    guard let found else { throw PostgresError(.deadline, action, "all \(limit) are busy") }
    if let found { return found }
    if gate.withLock({ $0.isClosed }) { throw PostgresError(.connection, action, "the pool is closed") }
    do throws(PostgresError) {
      return try Connection.open(address, options, until: deadline, time: time, log: log)
    } catch {
      giveBack(nil)
      throw error
    }
  }

  private func giveBack(_ connection: Connection?) {
    let now = time.now()
    gate.withLock { state in
      state.taken -= 1
      if let connection, connection.isUsable, !state.isClosed {
        state.idle.append(Idle(connection: connection, since: now))
      }
    }
    gate.signal()
  }
}
