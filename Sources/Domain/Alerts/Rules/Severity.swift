/// How bad an alert is, from good to bad.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Worth knowing.
  case info
  /// Somebody should look in working hours.
  case warning
  /// Somebody is to be woken.
  case critical

  /// Orders from good to bad.
  public static func < (left: Self, right: Self) -> Bool { left.order < right.order }

  private var order: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .critical: 2
    }
  }
}
