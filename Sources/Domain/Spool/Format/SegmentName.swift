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
    let text = name.utf8
    guard text.count == 53, name.hasSuffix(".seg"), let ordinal = UInt64(name.prefix(16), radix: 16),
      let identity = SpoolID(name.dropFirst(17).prefix(32))
    else { return nil }
    self.init(ordinal: ordinal, identity: identity)
    // Signs, capitals and other separators are not ours.
    if description != name { return nil }
  }

  var description: String { "\(ordinal.hexadecimal)-\(identity).seg" }

  static func < (left: Self, right: Self) -> Bool {
    (left.ordinal, left.identity.high, left.identity.low)
      < (right.ordinal, right.identity.high, right.identity.low)
  }
}
