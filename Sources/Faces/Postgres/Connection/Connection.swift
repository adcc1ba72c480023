// A connection to PostgreSQL, over libpq in its non-blocking mode.
//
// Every call takes a deadline on the monotonic clock and waits with poll(2), so that a server that is
// stopped, stuck or gone never holds a lane longer than it was told. A connection that missed a deadline
// or broke is dead for good: what it was doing may or may not have happened, and only a new connection
// can look. Nothing here outlives a transaction (no named statements, no SET but SET LOCAL, no session
// locks), so that PgBouncer in transaction mode makes no difference.
//
// A connection belongs to one lane at a time; it is not Sendable.
import CPostgres
import Platform

/// A connection to PostgreSQL.
@safe public final class Connection {
  /// Where it leads.
  public let address: DatabaseAddress
  let time: any TimeSource
  let log: Log
  private let interruption: Interruption?
  private var handle: OpaquePointer?
  private var causeOfDeath: PostgresError?

  /// Takes over a connection of libpq that is made.
  init(
    owning handle: OpaquePointer, _ address: DatabaseAddress, _ interruption: Interruption?,
    _ time: any TimeSource, _ log: Log
  ) {
    unsafe self.handle = handle
    self.address = address
    self.time = time
    self.log = log
    self.interruption = interruption
  }

  deinit { close() }

  /// Ends the connection; a transaction that is open is rolled back by the server.
  public func close() {
    unsafe PQfinish(handle)
    unsafe handle = nil
  }

  /// Whether it can still be used.
  public var isUsable: Bool { unsafe handle != nil && causeOfDeath == nil }

  /// The server's process, for tests and logs.
  public var backendPID: Int32 {
    guard let handle = unsafe handle else { return 0 }
    return unsafe PQbackendPID(handle)
  }

  /// The server's version as a number, such as 150020.
  public var serverVersion: Int {
    guard let handle = unsafe handle else { return 0 }
    return unsafe Int(PQserverVersion(handle))
  }

  /// A setting that the server reports of itself, such as `server_encoding`.
  public func serverSetting(_ name: String) -> String? {
    guard let handle = unsafe handle, let value = unsafe PQparameterStatus(handle, name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether a transaction is open, sound or failed.
  public var isInTransaction: Bool {
    guard let handle = unsafe handle else { return false }
    let state = unsafe PQtransactionStatus(handle)
    return state == PQTRANS_INTRANS || state == PQTRANS_INERROR
  }

  /// The handle, while the connection lives.
  func live(_ action: String) throws(PostgresError) -> OpaquePointer {
    if let causeOfDeath { throw causeOfDeath }
    guard let handle = unsafe handle else {
      throw PostgresError(.connection, action, "the connection is closed")
    }
    return unsafe handle
  }

  /// Notes that the connection is lost, and why.
  func die(_ error: PostgresError) -> PostgresError {
    if causeOfDeath == nil { causeOfDeath = error }
    return error
  }

  /// The loss of the connection, in libpq's words.
  func lost(_ action: String) -> PostgresError {
    guard let handle = unsafe handle else {
      return die(PostgresError(.connection, action, "the connection is closed"))
    }
    let words = unsafe String(cString: PQerrorMessage(handle)).trimmingNewlines
    return die(
      PostgresError(.connection, action, address.redacted(words.isEmpty ? "the connection was lost" : words))
    )
  }
}

// MARK: between statements

extension Connection {
  /// Whether the server, unasked, has something to say or has hung up; what it is, the next statement tells.
  ///
  /// Does not wait. A server that is stuck, or that the network has swallowed, gives no sign: it has to be asked.
  public var hasSign: Bool {
    guard isUsable, let handle = unsafe handle else { return false }
    return unsafe SocketWait.hasInput(PQsocket(handle))
  }
}

// MARK: waiting

extension Connection {
  /// Sends what libpq holds, and reads meanwhile, so that neither side waits for the other.
  func flush(_ action: String, until deadline: MonotonicInstant) throws(PostgresError) {
    let handle = try unsafe live(action)
    while true {
      switch unsafe PQflush(handle) {
      case 0: return
      case 1:
        let ready = try unsafe awaitSocket(handle, [.reading, .writing], action, deadline)
        if ready.contains(.reading), unsafe PQconsumeInput(handle) == 0 { throw lost(action) }
      default: throw lost(action)
      }
    }
  }

  /// The next result of what is under way; nil when there are no more.
  func nextResult(_ action: String, until deadline: MonotonicInstant) throws(PostgresError) -> OpaquePointer?
  {
    let handle = try unsafe live(action)
    while unsafe PQisBusy(handle) != 0 {
      _ = try unsafe awaitSocket(handle, [.reading], action, deadline)
      if unsafe PQconsumeInput(handle) == 0 { throw lost(action) }
    }
    return unsafe PQgetResult(handle)
  }

  /// Waits for the socket; a deadline that passes ends the connection.
  @discardableResult
  func awaitSocket(
    _ handle: OpaquePointer, _ interest: SocketWait.Interest, _ action: String, _ deadline: MonotonicInstant
  ) throws(PostgresError) -> SocketWait.Interest {
    let ready = unsafe SocketWait(time: time, interruption: interruption)(
      PQsocket(handle), interest, until: deadline)
    if !ready.isEmpty { return ready }
    let reason = interruption?.isRaised == true ? "told to stop" : "no answer in time"
    let error = PostgresError(.deadline, action, "\(reason); the connection is given up")
    throw die(error)
  }
}
