/// A JSON number, taken apart without rounding: `mantissa` × 10^`exponent`.
struct NumberToken {
  var start: Int
  var end: Int
  var isNegative = false
  /// The digits as a whole number, as far as 64 bits hold them.
  var mantissa: UInt64 = 0
  var exponent = 0
  /// Digits from the first that is not zero on.
  var significantDigits = 0
  /// How many of these `mantissa` holds.
  var heldDigits = 0
  /// Whether the digits that it does not hold are all zeros.
  var isExact = true
  /// Whether it is written with neither fraction nor exponent.
  var isInteger = true

  var range: Range<Int> { start..<end }

  /// The power of ten of the first digit that is not zero.
  var magnitude: Int { exponent + heldDigits - 1 }
}

extension NumberToken {
  /// The most digits taken: what PostgreSQL and every client can still hold.
  static let mostDigits = 1000
  /// The largest exponent taken, either way.
  static let largestExponent = 400

  /// The number at `start`, which ends at `end` if the text is JSON; nil where it is none.
  @inline(__always)
  init?(_ text: Span<UInt8>, from start: Int, to end: Int) {
    self.init(start: start, end: end)
    var position = start
    if text[position] == Byte.minus {
      isNegative = true
      position += 1
    }
    let first = position
    while position < end, Byte.isDigit(text[position]) {
      take(digit: text[position])
      position += 1
    }
    guard position > first, text[first] != Byte.zero || position == first + 1 else { return nil }
    if position < end, !takeRest(of: text, from: position) { return nil }
    exponent += significantDigits - heldDigits
  }

  @inline(__always)
  private mutating func take(digit: UInt8) {
    guard significantDigits > 0 || digit != Byte.zero else { return }
    significantDigits += 1
    if significantDigits < 20 {
      mantissa = mantissa &* 10 &+ UInt64(digit &- Byte.zero)
      heldDigits += 1
    } else {
      takeLate(digit: digit)
    }
  }

  /// Takes a digit that 64 bits may have no room for.
  private mutating func takeLate(digit: UInt8) {
    if heldDigits == significantDigits - 1 {
      let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit &- Byte.zero))
      if !overflow, !carry {
        mantissa = sum
        heldDigits += 1
        return
      }
    }
    if digit != Byte.zero { isExact = false }
  }

  /// Takes fraction and exponent.
  private mutating func takeRest(of text: Span<UInt8>, from start: Int) -> Bool {
    var position = start
    isInteger = false
    if text[position] == Byte.dot {
      position += 1
      let first = position
      while position < end, Byte.isDigit(text[position]) {
        take(digit: text[position])
        position += 1
      }
      guard position > first else { return false }
    }
    let fraction = max(0, position - start - 1)
    guard position == end || takeExponent(of: text, from: position) else { return false }
    exponent -= fraction
    return true
  }

  private mutating func takeExponent(of text: Span<UInt8>, from start: Int) -> Bool {
    guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
    var position = start + 1
    var isDownward = false
    if position < end, text[position] == Byte.plus || text[position] == Byte.minus {
      isDownward = text[position] == Byte.minus
      position += 1
    }
    guard position < end else { return false }
    var value = 0
    while position < end {
      guard Byte.isDigit(text[position]) else { return false }
      // Far beyond every limit, the rest makes no difference.
      if value < 1_000_000 { value = value * 10 + Int(text[position] - Byte.zero) }
      position += 1
    }
    exponent += isDownward ? -value : value
    return true
  }
}

extension NumberToken {
  /// Whether the number is one that all who read it later can hold: whole numbers within 64 bits,
  /// others within a double's range.
  var isInRange: Bool {
    if isInteger {
      return heldDigits == significantDigits && (!isNegative || mantissa <= 1 << 63)
    }
    guard end - start <= Self.mostDigits, abs(exponent) <= Self.largestExponent + Self.mostDigits else {
      return false
    }
    guard significantDigits > 0 else { return abs(exponent) <= Self.largestExponent }
    guard magnitude >= -Self.largestExponent else { return false }
    return magnitude < 308 || (magnitude == 308 && isBelowLargestDouble)
  }

  /// Of a number with 309 digits before the point: whether it is below 1.7976931348623157e308.
  private var isBelowLargestDouble: Bool {
    var leading = mantissa
    while leading > 99_999_999_999_999_999 { leading /= 10 }
    while leading > 0, leading < 10_000_000_000_000_000 { leading *= 10 }
    return leading <= 17_976_931_348_623_157
  }

  /// The amount without its sign, if it is a whole number; any above 10^18 counts as the largest there is.
  @inline(__always)
  var wholeNumber: Int64? {
    isInteger && heldDigits == significantDigits ? Int64(clamping: mantissa) : scaledNumber
  }

  private var scaledNumber: Int64? {
    guard isExact else { return exponent >= 0 ? Int64.max : nil }
    var value = mantissa
    var power = exponent
    while power < 0, value > 0, value % 10 == 0 {
      value /= 10
      power += 1
    }
    guard power >= 0 || value == 0 else { return nil }
    while power > 0, value > 0 {
      guard value < 100_000_000_000_000_000 else { return Int64.max }
      value *= 10
      power -= 1
    }
    return Int64(clamping: value)
  }
}
