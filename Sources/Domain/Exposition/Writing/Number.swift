// Numbers as Go, and so Prometheus, writes them: the shortest digits that read back the same, with an
// exponent from a million up and below a ten-thousandth. Nearly all values of a page are whole numbers,
// which are written digit by digit; the rest take the standard library's shortest digits.

extension [UInt8] {
  /// Appends a count in plain digits: `1000000`.
  mutating func append(digits value: UInt64) {
    if value < 10 { return append(UInt8(truncatingIfNeeded: value) &+ UInt8(ascii: "0")) }
    let (digits, first) = Digits.reversed(value)
    for position in first..<digits.count { append(digits[position]) }
  }

  /// Appends a value as the text format has it: `1e+06`, `0.25`, `3`, `NaN`, `+Inf`.
  mutating func append(number value: Double) {
    if let whole = Digits.whole(value), whole < 1_000_000 { return append(digits: whole) }
    guard value.isFinite else { return append(notFinite: value) }
    if value < 0 || (value == 0 && value.sign == .minus) { append(UInt8(ascii: "-")) }
    append(Digits(value.magnitude))
  }

  /// Appends a value as OpenMetrics has it, with a point or an exponent always: `3.0`.
  mutating func append(openMetrics value: Double) {
    guard value.isFinite else { return append(notFinite: value) }
    let start = count
    append(number: value == 0 ? 0 : value)
    let isPlain = !self[start...].contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }
    if isPlain { append(contentsOf: ".0".utf8) }
  }

  private mutating func append(notFinite value: Double) {
    append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf").utf8)
  }

  private mutating func append(_ digits: Digits) {
    if digits.exponent < -4 || digits.exponent >= 6 {
      appendScientific(digits)
    } else {
      appendPlain(digits)
    }
  }

  private mutating func appendScientific(_ digits: Digits) {
    append(digits.values[0])
    if digits.count > 1 { append(UInt8(ascii: ".")) }
    for position in 1..<Swift.max(1, digits.count) { append(digits.values[position]) }
    append(UInt8(ascii: "e"))
    append(digits.exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    if digits.exponent.magnitude < 10 { append(UInt8(ascii: "0")) }
    append(digits: UInt64(digits.exponent.magnitude))
  }

  private mutating func appendPlain(_ digits: Digits) {
    let zero = UInt8(ascii: "0")
    if digits.exponent < 0 {
      append(contentsOf: "0.".utf8)
      for _ in 0..<(-digits.exponent - 1) { append(zero) }
    }
    for position in 0..<Swift.max(digits.count, digits.exponent + 1) {
      if position > 0, position == digits.exponent + 1 { append(UInt8(ascii: ".")) }
      append(position < digits.count ? digits.values[position] : zero)
    }
  }
}
