import CPostgres
public import Platform

extension Connection {
  /// Runs one statement, whose rows come in binary form.
  ///
  /// `meanwhile` runs while the server works.
  @discardableResult
  public func execute(
    _ sql: String, _ parameters: [Parameter] = [], until deadline: MonotonicInstant,
    meanwhile: () -> Void = {}
  ) throws(PostgresError) -> Rows {
    let action = Self.action(sql)
    let statement = Statement(sql, parameters)
    try Self.check(statement, action)
    try start(statement, action)
    try flush(action, until: deadline)
    meanwhile()
    return try onlyRows(action, until: deadline)
  }

  /// Runs statements that take no parameters, in one round trip; what they give is dropped.
  public func run(_ sql: String, until deadline: MonotonicInstant) throws(PostgresError) {
    let action = Self.action(sql)
    let handle = try unsafe live(action)
    if unsafe PQsendQuery(handle, sql) != 1 { throw lost(action) }
    try flush(action, until: deadline)
    try finish(action, until: deadline)
  }

  /// Refuses what libpq would cut, or not take.
  static func check(_ statement: Statement, _ action: String) throws(PostgresError) {
    if statement.sql.utf8.contains(0) || statement.parameters.count > 256 {
      throw PostgresError(.unexpectedAnswer, action, "the statement cannot be sent")
    }
  }

  /// Hands a statement to libpq, which sends it when it is flushed.
  func start(_ statement: Statement, _ action: String) throws(PostgresError) {
    let handle = try unsafe live(action)
    let parameters = statement.parameters
    let sent = unsafe Self.withPointers(parameters) { pointers, lengths in
      let types = parameters.map { Oid($0.type.rawValue) }
      let formats = [Int32](repeating: 1, count: parameters.count)
      return unsafe PQsendQueryParams(
        handle, statement.sql, Int32(parameters.count), types, pointers, lengths, formats, 1)
    }
    if sent != 1 { throw lost(action) }
  }

  /// The pointers stay valid because `parameters` holds every array until `body` has returned, and libpq
  /// copies what they point to.
  static func withPointers<Result>(
    _ parameters: [Parameter],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>) -> Result
  ) -> Result {
    func step(_ index: Int, _ pointers: inout [UnsafePointer<CChar>?], _ lengths: inout [Int32]) -> Result {
      guard index < parameters.count else { return unsafe body(pointers, lengths) }
      guard let bytes = parameters[index].bytes else {
        unsafe pointers.append(nil)
        lengths.append(0)
        return unsafe step(index + 1, &pointers, &lengths)
      }
      lengths.append(Int32(clamping: bytes.count))
      return unsafe bytes.withUnsafeBytes {
        // An empty value is not null: it must have some address.
        unsafe pointers.append(($0.baseAddress ?? emptyValue).assumingMemoryBound(to: CChar.self))
        return unsafe step(index + 1, &pointers, &lengths)
      }
    }
    var pointers: [UnsafePointer<CChar>?] = unsafe []
    var lengths: [Int32] = []
    return unsafe step(0, &pointers, &lengths)
  }

  /// What running a statement is called, where it fails.
  static func action(_ sql: String) -> String { "run \(summary(sql))" }

  /// The first words of a statement; statements hold no data, because all data goes as parameters.
  static func summary(_ sql: String) -> String {
    let words = sql.split(maxSplits: 5, whereSeparator: \.isWhitespace).prefix(4)
    return words.joined(separator: " ")
  }
}

/// Where an empty value stands: an address that is never read.
private var emptyValue: UnsafeRawPointer { unsafe UnsafeRawPointer(("\0" as StaticString).utf8Start) }

// MARK: results

extension Connection {
  /// Takes every result of a statement; gives the rows, or the first error.
  func onlyRows(_ action: String, until deadline: MonotonicInstant) throws(PostgresError) -> Rows {
    var rows: Rows?
    var failure: PostgresError?
    while let result = try unsafe nextResult(action, until: deadline) {
      switch unsafe PQresultStatus(result) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
        rows = unsafe Rows(owning: result, action: action)
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        unsafe PQclear(result)
        throw die(PostgresError(.unexpectedAnswer, action, "the server began a COPY"))
      default:
        if failure == nil { failure = unsafe Self.failure(result, action) }
        unsafe PQclear(result)
      }
    }
    if let failure { throw settle(failure) }
    guard let rows else { throw lost(action) }
    return rows
  }

  /// Takes every result; throws the first error.
  func finish(_ action: String, until deadline: MonotonicInstant) throws(PostgresError) {
    _ = try onlyRows(action, until: deadline)
  }

  /// A refusal that ended the session means that the connection is lost.
  func settle(_ failure: PostgresError) -> PostgresError {
    guard let handle = try? unsafe live("") else { return failure }
    return unsafe PQstatus(handle) == CONNECTION_BAD ? die(failure) : failure
  }

  /// The error that a result stands for.
  static func failure(_ result: OpaquePointer, _ action: String) -> PostgresError {
    let words = unsafe errorField(result, .message)
    guard let state = unsafe errorField(result, .sqlState) else {
      // libpq itself made this result: the connection broke.
      let text = unsafe String(cString: PQresultErrorMessage(result)).trimmingNewlines
      return PostgresError(.connection, action, words ?? (text.isEmpty ? "the connection was lost" : text))
    }
    return unsafe PostgresError(
      .server(SQLState(state)), action, words ?? "", detail: errorField(result, .detail),
      hint: errorField(result, .hint))
  }
}

/// The parts of the server's complaint; in C these are macros of characters, which Swift does not see.
enum ErrorField: UInt8 {
  case sqlState = 67  // C
  case message = 77  // M
  case detail = 68  // D
  case hint = 72  // H
}

/// A part of the server's complaint.
func errorField(_ result: OpaquePointer, _ field: ErrorField) -> String? {
  guard let text = unsafe PQresultErrorField(result, Int32(field.rawValue)) else { return nil }
  return unsafe String(cString: text).trimmingNewlines
}
