import Hashing

/// From a hash to the slot of what has it: open addressing in one array, at most half full.
///
/// An entry holds 32 bits of the hash and the slot; whether the slot is the right one, its owner says.
/// Removal shifts what follows back, so that there are no graves and lookups stay short for ever.
struct HashIndex: Sendable {
  /// The bits of the hash in the upper half, the slot plus one in the lower; 0 is free.
  private var entries: [UInt64] = Array(repeating: 0, count: 64)
  private(set) var count = 0

  private var mask: Int { entries.count - 1 }

  @inline(__always)
  private static func tag(_ hash: Hash128) -> UInt64 { hash.low & 0xffff_ffff }

  @inline(__always)
  private static func slot(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry & 0xffff_ffff) - 1 }

  /// The slot of that hash for which `isIt` holds.
  @inline(__always)
  func find(_ hash: Hash128, _ isIt: (Int) -> Bool) -> Int? {
    let tag = Self.tag(hash)
    var at = Int(truncatingIfNeeded: tag) & mask
    while true {
      let entry = entries[at]
      if entry == 0 { return nil }
      if entry >> 32 == tag, isIt(Self.slot(entry)) { return Self.slot(entry) }
      at = (at + 1) & mask
    }
  }

  /// Adds a slot that is not in it yet.
  mutating func insert(_ hash: Hash128, _ slot: Int) {
    if (count + 1) * 2 > entries.count { grow() }
    put(Self.tag(hash) << 32 | UInt64(truncatingIfNeeded: slot + 1))
    count += 1
  }

  private mutating func put(_ entry: UInt64) {
    var at = Int(truncatingIfNeeded: entry >> 32) & mask
    while entries[at] != 0 { at = (at + 1) & mask }
    entries[at] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { put(entry) }
  }

  /// Takes a slot out, if it is there.
  mutating func remove(_ hash: Hash128, _ slot: Int) {
    let wanted = Self.tag(hash) << 32 | UInt64(truncatingIfNeeded: slot + 1)
    var at = Int(truncatingIfNeeded: Self.tag(hash)) & mask
    while entries[at] != wanted {
      if entries[at] == 0 { return }
      at = (at + 1) & mask
    }
    count -= 1
    closeGap(at)
  }

  /// Moves back each following entry that would not be found behind the gap.
  private mutating func closeGap(_ start: Int) {
    var gap = start
    var at = (gap + 1) & mask
    while entries[at] != 0 {
      let home = Int(truncatingIfNeeded: entries[at] >> 32) & mask
      if (at - home) & mask >= (at - gap) & mask {
        entries[gap] = entries[at]
        gap = at
      }
      at = (at + 1) & mask
    }
    entries[gap] = 0
  }
}
