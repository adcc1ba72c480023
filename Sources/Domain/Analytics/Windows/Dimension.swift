/// By what handoffs are grouped in windows.
public enum Dimension: UInt8, CaseIterable, Sendable {
  case toAgent = 1
  case fromAgent
  case pair
  case reason
  case kind
  case pattern
  case strategy
}

/// One group within a dimension, as windows keep it: words by number, agents by reference.
struct GroupKey: Hashable, Sendable {
  /// The dimension in the upper 4 bits, then twice 30 bits.
  let raw: UInt64

  /// All of them together: no dimension has the number 0.
  static let all = Self(raw: 0)

  init(_ dimension: Dimension, _ first: UInt32, _ second: UInt32 = 0) {
    raw = UInt64(dimension.rawValue) << 60 | UInt64(first & 0x3fff_ffff) << 30 | UInt64(second & 0x3fff_ffff)
  }

  init(raw: UInt64) {
    self.raw = raw
  }

  var dimension: Dimension? { Dimension(rawValue: UInt8(truncatingIfNeeded: raw >> 60)) }
  var first: UInt32 { UInt32(truncatingIfNeeded: raw >> 30) & 0x3fff_ffff }
  var second: UInt32 { UInt32(truncatingIfNeeded: raw) & 0x3fff_ffff }
}
