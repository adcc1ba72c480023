/// An IPv4 or IPv6 address without a zone.
public enum IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// Four bytes, the first one highest.
  case v4(UInt32)
  /// Sixteen bytes in two halves.
  case v6(high: UInt64, low: UInt64)

  /// Reads the usual forms; nil for anything else, leading zeros and zones included.
  public init?(_ text: some StringProtocol) {
    if let value = IPAddress.readV4(text) {
      self = .v4(value)
    } else if let groups = IPAddress.readV6(text) {
      self = .v6(high: IPAddress.half(groups.prefix(4)), low: IPAddress.half(groups.suffix(4)))
    } else {
      return nil
    }
  }

  /// Whether only this machine can reach it.
  public var isLoopback: Bool {
    switch self {
    case .v4(let value): value >> 24 == 127
    case .v6(let high, let low): high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
    }
  }

  /// The canonical form (RFC 5952).
  public var description: String {
    switch self {
    case .v4(let value): [24, 16, 8, 0].map { String(value >> $0 & 0xFF) }.joined(separator: ".")
    case .v6(let high, let low): IPAddress.show(high, low)
    }
  }

  private static func readV4(_ text: some StringProtocol) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let byte = UInt8(part),
        String(byte).count == part.count
      else {
        return nil
      }
      value = value << 8 | UInt32(byte)
    }
    return value
  }

  private static func readV6(_ text: some StringProtocol) -> [UInt16]? {
    let bytes = Array(text.utf8)
    guard bytes.count <= 45 else { return nil }
    let colons = bytes.indices.dropLast().filter { bytes[$0] == 0x3A && bytes[$0 + 1] == 0x3A }
    guard let gap = colons.first else {
      let groups = readGroups(bytes[...])
      return groups?.count == 8 ? groups : nil
    }
    guard colons.count == 1 else { return nil }
    guard let head = readGroups(bytes[..<gap], endsWithV4: false), let tail = readGroups(bytes[(gap + 2)...])
    else { return nil }
    guard head.count + tail.count <= 7 else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  /// Groups between single colons; the last may be an IPv4 address.
  private static func readGroups(_ bytes: ArraySlice<UInt8>, endsWithV4: Bool = true) -> [UInt16]? {
    guard !bytes.isEmpty else { return [] }
    let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
      if endsWithV4, index == parts.count - 1, let value = readV4(part) {
        groups += [UInt16(value >> 16), UInt16(value & 0xFFFF)]
      } else if (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
        let group = UInt16(part, radix: 16)
      {
        groups.append(group)
      } else {
        return nil
      }
    }
    return groups
  }

  private static func half(_ groups: ArraySlice<UInt16>) -> UInt64 {
    groups.reduce(0) { $0 << 16 | UInt64($1) }
  }

  private static func show(_ high: UInt64, _ low: UInt64) -> String {
    if high == 0, low >> 32 == 0xFFFF { return "::ffff:\(IPAddress.v4(UInt32(truncatingIfNeeded: low)))" }
    let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> $0 & 0xFFFF } }
    let hex = { (part: ArraySlice<UInt64>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    guard let gap = longestZeros(groups) else { return hex(groups[...]) }
    return hex(groups[..<gap.lowerBound]) + "::" + hex(groups[gap.upperBound...])
  }

  /// The first longest run of at least two zero groups.
  private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
    var best = 0..<1
    var start = 0
    for index in groups.indices {
      if groups[index] != 0 { start = index + 1 }
      if index + 1 - start > best.count { best = start..<(index + 1) }
    }
    return best.count > 1 ? best : nil
  }
}
