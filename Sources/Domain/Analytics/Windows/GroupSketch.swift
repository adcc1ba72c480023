/// The times observed in one slice of the grouped windows: a count for each row, time and place.
struct GroupSketch: Sendable {
  /// Which row, time and place in the upper 33 bits, the count in the lower 31; 0 is free.
  private var entries: [UInt64] = []
  private(set) var count = 0
  private var isPacked = false

  private static let most: UInt64 = 1 << 31 - 1

  /// Counts one observation.
  mutating func observe(_ what: UInt64) {
    if isPacked { unpack() }
    if (count + 1) * 2 > entries.count { grow() }
    let mask = entries.count - 1
    var at = Self.home(what) & mask
    while entries[at] != 0 {
      if entries[at] >> 31 == what {
        if entries[at] & Self.most < Self.most { entries[at] += 1 }
        return
      }
      at = (at + 1) & mask
    }
    entries[at] = what << 31 | 1
    count += 1
  }

  private static func home(_ what: UInt64) -> Int {
    Int(truncatingIfNeeded: (what &* 0x9e37_79b9_7f4a_7c15) >> 33)
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: 0, count: max(64, old.count * 2))
    let mask = entries.count - 1
    for entry in old where entry != 0 {
      var at = Self.home(entry >> 31) & mask
      while entries[at] != 0 { at = (at + 1) & mask }
      entries[at] = entry
    }
  }

  /// Leaves out what is free; it can still be observed into.
  mutating func pack() {
    guard !isPacked else { return }
    entries = entries.filter { $0 != 0 }
    isPacked = true
  }

  private mutating func unpack() {
    isPacked = false
    let packed = entries
    entries = Array(repeating: 0, count: 32)
    while entries.count < packed.count * 2 { entries += entries }
    let mask = entries.count - 1
    for entry in packed {
      var at = Self.home(entry >> 31) & mask
      while entries[at] != 0 { at = (at + 1) & mask }
      entries[at] = entry
    }
  }

  func forEach(_ visit: (UInt64, UInt64) -> Void) {
    for entry in entries where entry != 0 { visit(entry >> 31, entry & Self.most) }
  }
}
