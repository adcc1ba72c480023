/// Reads the fixed-width digits of a timestamp; nil at the first byte that does not fit.
struct DigitScanner {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  mutating func digits(_ count: Int) -> Int64? {
    guard bytes.endIndex - position >= count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    position += count
    return value
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.endIndex, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func skipAny(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    skip(first) || skip(second) || skip(third)
  }

  /// An optional fraction of a second, in microseconds; further digits are cut off.
  mutating func fraction() -> Int64? {
    guard skip(46) else { return 0 }
    var value: Int64 = 0
    var count = 0
    while position < bytes.endIndex, bytes[position] >= 48, bytes[position] <= 57 {
      if count < 6 { value = value * 10 + Int64(bytes[position] - 48) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in 0..<max(0, 6 - count) { value *= 10 }
    return value
  }

  /// `Z` or `±hh:mm`, in seconds east of UTC.
  mutating func offset() -> Int64? {
    if skip(90) || skip(122) { return 0 }
    let sign: Int64
    if skip(43) { sign = 1 } else if skip(45) { sign = -1 } else { return nil }
    guard let hours = digits(2), skip(58), let minutes = digits(2), hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (hours * 3600 + minutes * 60)
  }
}
