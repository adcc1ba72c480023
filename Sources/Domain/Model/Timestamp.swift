/// A moment in UTC, in microseconds since 1970, as every record holds it.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var microseconds: Int64

  /// The moment that many microseconds after 1970.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// Orders moments by time.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// The first moment that can be written with a four-digit year.
  public static let earliest = Self(microseconds: -62_167_219_200_000_000)
  /// The last moment that can be written with a four-digit year.
  public static let latest = Self(microseconds: 253_402_300_799_999_999)

  static let microsecondsPerDay: Int64 = 86_400_000_000
}

extension Timestamp {
  /// Days since 1970 of the day, in UTC, that holds this moment.
  public var day: Int64 { microseconds.flooredQuotient(Self.microsecondsPerDay) }

  /// RFC 3339 in UTC with microseconds, such as `2026-11-21T03:00:00.123456Z`.
  public var text: String {
    let date = CivilDate(day: day)
    let time = microseconds &- day &* Self.microsecondsPerDay
    let seconds = time / 1_000_000
    var digits: [UInt8] = []
    digits.reserveCapacity(27)
    digits.append(decimal: date.year, width: 4)
    digits.append(45)
    digits.append(decimal: date.month, width: 2)
    digits.append(45)
    digits.append(decimal: date.day, width: 2)
    digits.append(84)
    digits.append(decimal: seconds / 3600, width: 2)
    digits.append(58)
    digits.append(decimal: seconds / 60 % 60, width: 2)
    digits.append(58)
    digits.append(decimal: seconds % 60, width: 2)
    digits.append(46)
    digits.append(decimal: time % 1_000_000, width: 6)
    digits.append(90)
    return String(decoding: digits, as: UTF8.self)
  }
}

extension Int64 {
  /// Division that rounds towards negative infinity.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension [UInt8] {
  fileprivate mutating func append(decimal value: Int64, width: Int) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(truncatingIfNeeded: 48 + value / divisor % 10))
      divisor /= 10
    }
  }
}
