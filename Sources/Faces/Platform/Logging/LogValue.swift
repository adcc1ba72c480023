/// A value in a log line.
public enum LogValue: Sendable, Hashable {
  /// Text, which may come from anywhere: it is escaped and cut when written.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// Any number.
  case number(Double)
  /// Yes or no.
  case flag(Bool)

  /// How something describes itself.
  public static func of(_ value: some CustomStringConvertible) -> LogValue {
    .text(value.description)
  }

  /// A count.
  public static func count(_ value: some BinaryInteger) -> LogValue {
    .integer(Int64(clamping: value))
  }

  /// A time span, in seconds.
  public static func seconds(_ value: Duration) -> LogValue {
    .number(value.inSeconds)
  }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// Text written in the source.
  public init(stringLiteral value: String) { self = .text(value) }
}

extension LogValue: ExpressibleByIntegerLiteral {
  /// A number written in the source.
  public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension LogValue: ExpressibleByFloatLiteral {
  /// A number written in the source.
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension LogValue: ExpressibleByBooleanLiteral {
  /// Yes or no written in the source.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}
