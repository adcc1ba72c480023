import Model

/// Times as clients write them.
enum Moments {
  /// From here on a number counts milliseconds: 10^11 seconds are the year 5138.
  private static let firstMilliseconds = 11

  /// The moment an RFC 3339 text names.
  static func read(_ text: Span<UInt8>) -> Timestamp? {
    guard text.count <= 64 else { return nil }
    return Timestamp(rfc3339: text)
  }

  /// The moment a number of seconds or milliseconds since 1970 names; what is finer than a microsecond is cut off.
  static func of(_ number: NumberToken) -> Timestamp? {
    guard number.significantDigits > 0 else { return Timestamp(microseconds: 0) }
    guard number.magnitude < 15 else { return nil }
    let isMilliseconds = number.magnitude >= firstMilliseconds
    var power = number.exponent + (isMilliseconds ? 3 : 6)
    var value = number.mantissa
    while power > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = product
      power -= 1
    }
    while power < 0, value > 0 {
      value /= 10
      power += 1
    }
    guard let amount = Int64(exactly: value) else { return nil }
    let moment = Timestamp(microseconds: number.isNegative ? -amount : amount)
    return moment >= .earliest && moment <= .latest ? moment : nil
  }
}
