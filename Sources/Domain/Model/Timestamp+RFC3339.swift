extension Timestamp {
  /// The moment an RFC 3339 text names, with any offset; nil if it is none.
  public init?(rfc3339 text: ArraySlice<UInt8>) {
    self.init(rfc3339: text.span)
  }

  /// The moment an RFC 3339 text names, with any offset; nil if it is none.
  public init?(rfc3339 text: Span<UInt8>) {
    // The date and the time to the second have fixed places.
    guard text.count >= 20, text[4] == 45, text[7] == 45, text[10] | 0x20 == 116 || text[10] == 32,
      text[13] == 58, text[16] == 58, let date = Self.date(text), let hour = Self.two(text, 11),
      let minute = Self.two(text, 14), let second = Self.two(text, 17), hour < 24, minute < 60, second <= 60
    else { return nil }
    var position = 19
    guard let fraction = Self.fraction(text, &position), let offset = Self.offset(text, position) else {
      return nil
    }
    // A leap second is the last microsecond's neighbour: it counts as the next second's start.
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
    microseconds = seconds * 1_000_000 + fraction
    guard self >= .earliest, self <= .latest else { return nil }
  }

  @inline(__always)
  private static func date(_ text: Span<UInt8>) -> CivilDate? {
    guard let century = two(text, 0), let year = two(text, 2), let month = two(text, 5),
      let day = two(text, 8)
    else { return nil }
    let date = CivilDate(year: century * 100 + year, month: month, day: day)
    return date.isValid ? date : nil
  }

  @inline(__always)
  private static func two(_ text: Span<UInt8>, _ position: Int) -> Int64? {
    let tens = text[position] &- 48
    let ones = text[position + 1] &- 48
    return tens <= 9 && ones <= 9 ? Int64(tens) * 10 + Int64(ones) : nil
  }

  /// An optional fraction of a second, in microseconds; further digits are cut off.
  private static func fraction(_ text: Span<UInt8>, _ position: inout Int) -> Int64? {
    guard position < text.count, text[position] == 46 else { return 0 }
    position += 1
    let start = position
    var value: Int64 = 0
    while position < text.count, text[position] &- 48 <= 9 {
      if position - start < 6 { value = value * 10 + Int64(text[position] &- 48) }
      position += 1
    }
    guard position > start else { return nil }
    for _ in 0..<max(0, 6 - (position - start)) { value *= 10 }
    return value
  }

  /// `Z` or `±hh:mm` at the end of the text, in seconds east of UTC.
  private static func offset(_ text: Span<UInt8>, _ position: Int) -> Int64? {
    if position == text.count - 1, text[position] | 0x20 == 122 { return 0 }
    guard position == text.count - 6, text[position] == 43 || text[position] == 45, text[position + 3] == 58,
      let hours = two(text, position + 1), let minutes = two(text, position + 4), hours < 24, minutes < 60
    else { return nil }
    return (text[position] == 43 ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}
