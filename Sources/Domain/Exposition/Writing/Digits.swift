/// The shortest decimal digits that name one number, as ASCII, and where the point stands.
struct Digits {
  /// The digits; the first is not a zero, unless it is the only one.
  private(set) var values = InlineArray<24, UInt8>(repeating: UInt8(ascii: "0"))
  /// How many of the values count.
  private(set) var count = 0
  /// The power of ten of the first digit.
  private(set) var exponent = 0

  /// The digits of a number that is finite and not negative.
  init(_ value: Double) {
    if let whole = Self.whole(value) {
      self.init(whole: whole)
    } else {
      self.init(described: value.description)
    }
    while count > 1, values[count - 1] == UInt8(ascii: "0") { count -= 1 }
  }

  /// Below 2^53 neighbours are at most 1 apart, so that a whole number's own digits are the shortest.
  private init(whole value: UInt64) {
    let (digits, first) = Self.reversed(value)
    for position in first..<digits.count { append(digits[position]) }
    exponent = count - 1
  }

  /// Reads what the standard library writes: `1234.5`, `0.0025`, `1.5e-07`.
  private init(described text: String) {
    var power = 0
    var pointAt: Int?
    var leadingZeros = 0
    var index = text.utf8.startIndex
    while index < text.utf8.endIndex {
      switch text.utf8[index] {
      case UInt8(ascii: "e"):
        power = Int(text[text.utf8.index(after: index)...]) ?? 0
        index = text.utf8.endIndex
        continue
      case UInt8(ascii: "."): pointAt = count + leadingZeros
      case UInt8(ascii: "0") where count == 0: leadingZeros += 1
      case let digit: append(digit)
      }
      index = text.utf8.index(after: index)
    }
    exponent = (pointAt ?? count + leadingZeros) - leadingZeros - 1 + power
  }

  private mutating func append(_ digit: UInt8) {
    guard count < values.count else { return }
    values[count] = digit
    count += 1
  }

  /// The value as a whole number, where it is one that a `Double` holds exactly, and not minus zero.
  static func whole(_ value: Double) -> UInt64? {
    guard value >= 0, value < 0x1p53, value.sign == .plus else { return nil }
    let whole = UInt64(value)
    return Double(whole) == value ? whole : nil
  }

  /// The digits of a whole number, set to the right, and where they begin.
  static func reversed(_ value: UInt64) -> (digits: InlineArray<20, UInt8>, first: Int) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = digits.count
    var rest = value
    repeat {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      first -= 1
      digits[first] = UInt8(truncatingIfNeeded: remainder) &+ UInt8(ascii: "0")
      rest = quotient
    } while rest > 0
    return (digits, first)
  }
}
