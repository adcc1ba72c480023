public import Bytes

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
    let digits = utf8
    var bytes: [UInt8] = []
    bytes.append(digits.span)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same text, as its bytes.
  public var utf8: [27 of UInt8] {
    let date = CivilDate(day: day)
    let time = microseconds &- day &* Self.microsecondsPerDay
    let seconds = time / 1_000_000
    var digits = [27 of UInt8](repeating: 45)
    digits.put(decimal: date.year, width: 4, at: 0)
    digits.put(decimal: date.month, width: 2, at: 5)
    digits.put(decimal: date.day, width: 2, at: 8)
    digits[10] = 84
    digits.put(decimal: seconds / 3600, width: 2, at: 11)
    digits[13] = 58
    digits.put(decimal: seconds / 60 % 60, width: 2, at: 14)
    digits[16] = 58
    digits.put(decimal: seconds % 60, width: 2, at: 17)
    digits[19] = 46
    digits.put(decimal: time % 1_000_000, width: 6, at: 20)
    digits[26] = 90
    return digits
  }
}

extension Int64 {
  /// Division that rounds towards negative infinity.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension JSONWriter {
  /// A member that is a moment, null where it is unknown.
  public mutating func member(_ name: String, _ moment: Timestamp?) {
    key(name)
    guard let digits = moment?.utf8 else { return null() }
    text(utf8: digits.span)
  }
}

extension [27 of UInt8] {
  fileprivate mutating func put(decimal value: Int64, width: Int, at start: Int) {
    var rest = value
    for place in (start..<start + width).reversed() {
      self[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
  }
}
