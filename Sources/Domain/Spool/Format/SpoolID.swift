/// The identity of a spool: 128 random bits, made with it and found in every one of its segments.
///
/// The position in the database belongs to an identity, and every record's checksum covers it, so that
/// bytes of another spool are never taken for records of this one.
public struct SpoolID: Hashable, Sendable, CustomStringConvertible {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// Joins two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads 32 hexadecimal digits; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
    // Signs and capitals are not ours.
    if description != text { return nil }
  }

  /// 32 hexadecimal digits.
  public var description: String { high.hexadecimal + low.hexadecimal }

  /// What record checksums start from.
  var seed: UInt64 { (high &* 0x9E37_79B9_7F4A_7C15) ^ low }
}

extension UInt64 {
  /// 16 digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
