/// The five characters by which PostgreSQL says what kind of thing went wrong.
public struct SQLState: Hashable, Sendable, CustomStringConvertible {
  /// The characters.
  public let code: String

  /// Wraps the characters.
  public init(_ code: String) {
    self.code = code
  }

  /// The characters.
  public var description: String { code }
}

extension SQLState {
  /// The connection was lost, or could not be made.
  public static let connectionFailure = SQLState("08006")
  /// A row with the same unique key is there.
  public static let uniqueViolation = SQLState("23505")
  /// A value breaks a check, or no partition takes the row.
  public static let checkViolation = SQLState("23514")
  /// The server, or the transaction, takes no writes.
  public static let readOnly = SQLState("25006")
  /// The role may not do that.
  public static let insufficientPrivilege = SQLState("42501")
  /// A table or view is missing.
  public static let undefinedTable = SQLState("42P01")
  /// Two transactions waited for each other.
  public static let deadlock = SQLState("40P01")
  /// The server cut a statement that took too long.
  public static let queryCanceled = SQLState("57014")
  /// A lock was not to be had in time.
  public static let lockNotAvailable = SQLState("55P03")
  /// The disk of the server is full.
  public static let diskFull = SQLState("53100")
}

extension SQLState {
  /// What is to be done about an error of this kind.
  public var faultClass: FaultClass {
    switch code {
    case "40001", "40P01": .collision
    case "25006": .wrongNode
    case "53100": .full
    case "23502", "23514", "21000": .poison
    case "42P05", "26000": .transient
    default: Self.byPrefix[String(code.prefix(2))] ?? .transient
    }
  }

  private static let byPrefix: [String: FaultClass] = [
    "22": .poison, "54": .poison,
    "28": .configuration, "3D": .configuration, "3F": .configuration, "42": .configuration,
    "0A": .configuration, "F0": .configuration,
  ]
}

/// What is to be done about an error.
public enum FaultClass: String, Sendable, CaseIterable {
  /// Passes by itself: connect again and try again, later and later.
  case transient
  /// Two transactions got in each other's way: try again at once.
  case collision
  /// The server takes no writes: another host, or later.
  case wrongNode = "wrong_node"
  /// The server has no room: try again, but not soon.
  case full
  /// A value in the data is at fault: find the row, set it aside.
  case poison
  /// Someone must change something: say so, and look again now and then.
  case configuration
}
