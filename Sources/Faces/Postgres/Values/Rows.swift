import CPostgres

/// The rows a statement gave; they live as long as this does.
///
/// `@unchecked Sendable` because nothing changes a result of libpq once it is there, and any thread may read it.
@safe public final class Rows: @unchecked Sendable {
  private let result: OpaquePointer
  private let action: String

  /// Takes over a result of libpq, which is cleared with this.
  init(owning result: OpaquePointer, action: String) {
    unsafe self.result = result
    self.action = action
  }

  deinit { unsafe PQclear(result) }

  /// The number of rows.
  public var count: Int { unsafe Int(PQntuples(result)) }

  /// The number of columns.
  public var columns: Int { unsafe Int(PQnfields(result)) }

  /// Whether there is no row.
  public var isEmpty: Bool { count == 0 }

  /// What the server says it did, such as `INSERT 0 3`.
  public var tag: String { unsafe String(cString: PQcmdStatus(result)) }

  /// The number of rows the statement touched, by the server's count.
  public var affected: Int {
    tag.split(separator: " ").last.flatMap { Int($0) } ?? 0
  }

  /// Whether a field is null; also where there is no such field.
  public func isNull(_ row: Int, _ column: Int) -> Bool {
    guard row >= 0, row < count, column >= 0, column < columns else { return true }
    return unsafe PQgetisnull(result, Int32(row), Int32(column)) == 1
  }

  /// The value of a field, nil for null.
  @inlinable
  public func optional<Value: BinaryDecodable>(
    _ row: Int, _ column: Int, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value? {
    guard let bytes = unsafe field(row, column) else { return nil }
    let sqlType = sqlType(of: column)
    guard let value = unsafe Value.decode(bytes, sqlType) else {
      throw unreadable(
        "column \(column) is of type \(sqlType.rawValue) and cannot be read as \(Value.self)")
    }
    return value
  }

  /// The value of a field that is not null.
  @inlinable
  public func value<Value: BinaryDecodable>(
    _ row: Int, _ column: Int, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    guard let value = try optional(row, column, as: type) else {
      throw unreadable("column \(column) of row \(row) is null or missing")
    }
    return value
  }

  /// Lends the bytes of a field as the server sent them; false for null.
  public func withBytes(_ row: Int, _ column: Int, _ body: (Span<UInt8>) -> Void) -> Bool {
    guard let bytes = unsafe field(row, column) else { return false }
    unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe body($0.span) }
    return true
  }

  /// The bytes of a field, nil for null.
  @usableFromInline
  func field(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    if isNull(row, column) { return nil }
    let size = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
    return unsafe UnsafeRawBufferPointer(
      start: PQgetvalue(result, Int32(row), Int32(column)), count: size)
  }

  @usableFromInline
  func sqlType(of column: Int) -> TypeID {
    unsafe TypeID(rawValue: PQftype(result, Int32(column)))
  }

  @usableFromInline
  func unreadable(_ reason: String) -> PostgresError { PostgresError(.decoding, action, reason) }
}

extension Rows {
  /// The value of the only field of the only row.
  public func single<Value: BinaryDecodable>(as type: Value.Type = Value.self) throws(PostgresError) -> Value
  {
    guard count == 1 else { throw PostgresError(.unexpectedAnswer, action, "\(count) rows came for one") }
    return try value(0, 0)
  }
}
