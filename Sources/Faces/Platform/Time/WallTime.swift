/// A point in calendar time, UTC.
public struct WallTime: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var microseconds: Int64

  /// Wraps a count of microseconds.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Orders by time.
  public static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }

  /// RFC 3339 in UTC with microseconds, such as `2026-11-21T03:00:00.123456Z`.
  public var description: String {
    let (day, time) = Self.split(microseconds, by: 86_400_000_000)
    let date = Self.civil(daysSince1970: day)
    let (second, micros) = Self.split(time, by: 1_000_000)
    func two(_ number: Int64) -> String { Self.padded(number, 2) }
    return "\(Self.padded(date.year, 4))-\(two(date.month))-\(two(date.day))"
      + "T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)).\(Self.padded(micros, 6))Z"
  }

  /// Quotient and remainder, the latter never negative.
  private static func split(_ value: Int64, by unit: Int64) -> (Int64, Int64) {
    let remainder = value % unit
    return remainder < 0 ? (value / unit - 1, remainder + unit) : (value / unit, remainder)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The proleptic Gregorian date; years are counted from March, so that the leap day comes last.
  private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = split(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}
