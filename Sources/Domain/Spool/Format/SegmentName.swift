/// The name of a segment's file: when it was made relative to others, and the spool it belongs to.
///
/// The identity is in the header too; here it outlives a damaged one.
struct SegmentName: Hashable, Comparable, CustomStringConvertible {
  /// Counts the segments of a directory; a later one has a higher number.
  let ordinal: UInt64
  let identity: SpoolID

  init(ordinal: UInt64, identity: SpoolID) {
    self.ordinal = ordinal
    self.identity = identity
  }

  /// Reads a file name; nil for what is not a segment's.
  init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, name.hasSuffix(".seg"), parts[0].utf8.count == 16,
      parts[0].utf8.allSatisfy(\.isLowercaseHexadecimal), let ordinal = UInt64(parts[0], radix: 16),
      let identity = SpoolID(parts[1].dropLast(4))
    else { return nil }
    self.init(ordinal: ordinal, identity: identity)
  }

  var description: String { "\(ordinal.hexadecimal)-\(identity).seg" }

  static func < (left: Self, right: Self) -> Bool {
    (left.ordinal, left.identity.high, left.identity.low)
      < (right.ordinal, right.identity.high, right.identity.low)
  }
}
