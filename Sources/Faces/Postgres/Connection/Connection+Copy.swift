import CPostgres
public import Platform

/// Where the rows of a COPY go to, a piece at a time; what the server has not taken is waited for, so
/// that memory stays bounded.
@safe public struct CopySink: ~Copyable {
  private let connection: Connection
  private let action: String
  private let deadline: MonotonicInstant
  private static let piece = 1 << 16

  fileprivate init(_ connection: Connection, _ action: String, _ deadline: MonotonicInstant) {
    self.connection = connection
    self.action = action
    self.deadline = deadline
  }

  /// Sends a part of a buffer: whole rows, or all of what it holds.
  public mutating func send(_ buffer: borrowing WireBuffer, _ range: Range<Int>? = nil) throws(PostgresError)
  {
    let range = (range ?? 0..<buffer.count).clamped(to: 0..<buffer.count)
    try unsafe buffer.withBytes(range) { bytes throws(PostgresError) in try unsafe send(raw: bytes) }
  }

  /// Sends bytes as they are.
  public mutating func send(bytes: [UInt8]) throws(PostgresError) {
    var failure: PostgresError?
    unsafe bytes.withUnsafeBytes { raw in
      do throws(PostgresError) { try unsafe send(raw: raw) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private mutating func send(raw bytes: UnsafeRawBufferPointer) throws(PostgresError) {
    let handle = try unsafe connection.live(action)
    var offset = 0
    while offset < bytes.count {
      let size = min(Self.piece, bytes.count - offset)
      guard let base = bytes.baseAddress else { return }
      let start = unsafe (base + offset).assumingMemoryBound(to: CChar.self)
      switch unsafe PQputCopyData(handle, start, Int32(size)) {
      case 1: offset += size
      case 0: break
      default: throw connection.lost(action)
      }
      try connection.flush(action, until: deadline)
    }
  }
}

extension Connection {
  /// Runs a `COPY … FROM STDIN (FORMAT binary)`, whose rows `body` sends, and gives the number of rows taken.
  @discardableResult
  public func copyIn(
    _ sql: String, until deadline: MonotonicInstant, _ body: (inout CopySink) throws(PostgresError) -> Void
  ) throws(PostgresError) -> Int {
    let action = Self.action(sql)
    try beginCopy(sql, PGRES_COPY_IN, action, deadline)
    let handle = try unsafe live(action)
    var sink = CopySink(self, action, deadline)
    do throws(PostgresError) {
      try sink.send(Self.header)
      try body(&sink)
      try sink.send(Self.trailer)
    } catch {
      if !isUsable { throw error }
      unsafe PQputCopyEnd(handle, "given up by the client")
      try flush(action, until: deadline)
      do throws(PostgresError) { try finish(action, until: deadline) } catch let refusal {
        // A server that refuses first is the cause; our giving up is only the echo.
        throw refusal.sqlState == .queryCanceled ? error : refusal
      }
      throw error
    }
    while unsafe PQputCopyEnd(handle, nil) == 0 { try flush(action, until: deadline) }
    try flush(action, until: deadline)
    return try onlyRows(action, until: deadline).affected
  }

  /// Runs a `COPY … FROM STDIN (FORMAT binary)` of whole rows that stand in a buffer.
  @discardableResult
  public func copyIn(
    _ sql: String, rows buffer: borrowing WireBuffer, _ range: Range<Int>? = nil,
    until deadline: MonotonicInstant
  ) throws(PostgresError) -> Int {
    try copyIn(sql, until: deadline) { sink throws(PostgresError) in try sink.send(buffer, range) }
  }

  /// Runs a `COPY … TO STDOUT`, in whatever format it names; `body` gets each row, header and trailer too.
  public func copyOut(
    _ sql: String, until deadline: MonotonicInstant, _ body: ([UInt8]) -> Void
  ) throws(PostgresError) {
    let action = Self.action(sql)
    try beginCopy(sql, PGRES_COPY_OUT, action, deadline)
    let handle = try unsafe live(action)
    while true {
      var piece: UnsafeMutablePointer<CChar>?
      let size = unsafe PQgetCopyData(handle, &piece, 1)
      if size == -1 { break }
      if size == -2 { throw lost(action) }
      if size == 0 {
        try unsafe awaitSocket(handle, [.reading], action, deadline)
        if unsafe PQconsumeInput(handle) == 0 { throw lost(action) }
        continue
      }
      unsafe body(Array(UnsafeRawBufferPointer(start: piece, count: Int(size))))
      unsafe PQfreemem(piece)
    }
    try finish(action, until: deadline)
  }

  private func beginCopy(
    _ sql: String, _ expected: ExecStatusType, _ action: String, _ deadline: MonotonicInstant
  ) throws(PostgresError) {
    let handle = try unsafe live(action)
    if unsafe PQsendQuery(handle, sql) != 1 { throw lost(action) }
    try flush(action, until: deadline)
    guard let result = try unsafe nextResult(action, until: deadline) else { throw lost(action) }
    let status = unsafe PQresultStatus(result)
    if status == expected {
      unsafe PQclear(result)
      return
    }
    let failure = unsafe Self.failure(result, action)
    unsafe PQclear(result)
    while let rest = try unsafe nextResult(action, until: deadline) { unsafe PQclear(rest) }
    throw settle(failure)
  }

  private static var header: WireBuffer {
    var buffer = WireBuffer()
    buffer.put(bytes: [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00])
    buffer.put(Int64(0))
    return buffer
  }

  private static var trailer: WireBuffer {
    var buffer = WireBuffer()
    buffer.put(Int16(-1))
    return buffer
  }
}
