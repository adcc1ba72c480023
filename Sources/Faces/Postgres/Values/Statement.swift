/// A statement with the values that go with it.
public struct Statement: Sendable {
  /// Its text, in which the values are `$1`, `$2` and so on.
  public var sql: String
  /// The values.
  public var parameters: [Parameter]

  /// A statement, and what goes with it.
  public init(_ sql: String, _ parameters: [Parameter] = []) {
    self.sql = sql
    self.parameters = parameters
  }
}
