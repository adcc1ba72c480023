import CPostgres
public import Platform

extension Connection {
  /// Connects to the first of the given hosts that will do; each gets a fair part of the time.
  public static func open(
    _ address: DatabaseAddress, _ options: SessionOptions, until deadline: MonotonicInstant,
    time: any TimeSource, log: Log
  ) throws(PostgresError) -> Connection {
    let hosts = address.hosts
    var failures: [PostgresError] = []
    for (index, host) in hosts.enumerated() {
      let share = (deadline - time.now()) / (hosts.count - index)
      do throws(PostgresError) {
        return try dial(host, options, time.now() + share, time, log)
      } catch {
        failures.append(error)
      }
    }
    throw merged(failures)
  }

  /// One error for several hosts: the one that is easiest to cure decides the class.
  private static func merged(_ failures: [PostgresError]) -> PostgresError {
    guard var first = failures.first(where: { $0.faultClass == .transient }) ?? failures.first else {
      return PostgresError(.connectionString, "connect", "no host is named")
    }
    if failures.count > 1 { first.message = failures.map(\.message).joined(separator: "; ") }
    return first
  }

  private static func dial(
    _ address: DatabaseAddress, _ options: SessionOptions, _ deadline: MonotonicInstant,
    _ time: any TimeSource,
    _ log: Log
  ) throws(PostgresError) -> Connection {
    let action = "connect to \(address)"
    let settings = options.settings(address).sorted { $0.key < $1.key }
    let started = unsafe withCStrings(settings.map(\.key)) { names in
      unsafe withCStrings(settings.map(\.value)) { values in unsafe PQconnectStartParams(names, values, 0) }
    }
    guard let handle = unsafe started else { throw PostgresError(.connection, action, "out of memory") }
    let connection = unsafe Connection(owning: handle, address, options.interruption, time, log)
    // With this the message of a refusal carries its SQLSTATE, which libpq gives in no other way.
    unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    try connection.finishDialling(action, deadline)
    unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    unsafe PQsetnonblocking(handle, 1)
    connection.routeNotices()
    return connection
  }

  private func finishDialling(_ action: String, _ deadline: MonotonicInstant) throws(PostgresError) {
    let handle = try unsafe live(action)
    var interest: SocketWait.Interest = .writing
    if unsafe PQstatus(handle) == CONNECTION_BAD { throw unsafe refused(action, handle) }
    while true {
      try unsafe awaitSocket(handle, interest, action, deadline)
      switch unsafe PQconnectPoll(handle) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: interest = .reading
      case PGRES_POLLING_WRITING: interest = .writing
      default: throw unsafe refused(action, handle)
      }
    }
  }

  private func refused(_ action: String, _ handle: OpaquePointer) -> PostgresError {
    let words = unsafe address.redacted(String(cString: PQerrorMessage(handle)))
    return die(Refusal(words).error(action))
  }

  /// Sends the server's notices to the log, for whoever debugs.
  private func routeNotices() {
    guard let handle = try? unsafe live("route notices") else { return }
    // Unretained: libpq calls back only within calls on this connection, which is alive then.
    let me = unsafe Unmanaged.passUnretained(log).toOpaque()
    unsafe PQsetNoticeReceiver(
      handle,
      { argument, result in
        guard let argument = unsafe argument, let result = unsafe result else { return }
        let log = unsafe Unmanaged<Log>.fromOpaque(argument).takeUnretainedValue()
        let words = unsafe errorField(result, .message) ?? ""
        log(.debug, "PostgreSQL says", ["notice": .text(words)])
      }, me)
  }
}

/// What libpq says when a connection is refused: with verbose messages `…FATAL:  28P01: words`.
struct Refusal {
  var state: SQLState?
  var words: String

  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
    words = lines.joined(separator: " ")
    for part in words.indices(ofSeparator: ":  ") {
      let code = words[part...].prefix(5)
      let rest = words[part...].dropFirst(5)
      guard code.utf8.count == 5, rest.hasPrefix(": "), code.utf8.allSatisfy(Self.isStateByte) else {
        continue
      }
      state = SQLState(String(code))
      words = String(words[..<part]) + rest.dropFirst(2)
      return
    }
  }

  func error(_ action: String) -> PostgresError {
    if let state { return PostgresError(.server(state), action, words) }
    // What libpq finds out by itself about a server that answers, and that time alone does not cure.
    if words.contains("session is read-only") || words.contains("server is in hot standby mode") {
      return PostgresError(.server(.readOnly), action, words)
    }
    return PostgresError(.connection, action, words)
  }

  private static func isStateByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte)
  }
}

extension String {
  /// Where text goes on behind each occurrence of `separator`.
  fileprivate func indices(ofSeparator separator: String) -> [Index] {
    indices.filter { self[$0...].hasPrefix(separator) }.map { index($0, offsetBy: separator.count) }
  }
}
