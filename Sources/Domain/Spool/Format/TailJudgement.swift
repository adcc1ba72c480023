// Whether what cannot be read of the last group is left of a crash, or was whole once and is damaged.
//
// A byte of a segment is written at most once, over zeros that are on the disk before the first record is: a
// segment is made with its whole length, and after a failed write or sync it is not written to again. So what a
// crash leaves of a group is the group with zeros where something did not get there: whole sectors of them when
// the power went, or everything from some byte on when a write was cut short. A record that has no such hole had
// been written whole. If its checksum is wrong all the same, its bytes have changed since, and that is damage.
//
// Nothing on the disk says whether the last group had been acknowledged; that would take a second sync for each.
// It need not: a record that was torn was not acknowledged, and one that was not torn and cannot be read is to
// be told of.
//
// The rule errs on one side. What it calls damage was never torn; but a record passes for torn if what is damaged is
// its length, so that it leads into the zeros or beyond the end, or if it has a long run of zeros of its own. Either
// way its bytes are kept in the quarantine.
import Bytes

/// Looks at bytes of a segment that are no valid record.
struct TailJudgement {
  /// Disks tear at sectors, which are multiples of this.
  static let grain = 64
  /// In a segment that was made ahead, so many may have gone to the one before since its header was written.
  private static let ahead: UInt64 = 1 << 20

  let bytes: [UInt8]

  /// How many records, one behind the other from `offset` on, were written whole and are damaged now.
  ///
  /// `last`: the sequence before.
  func damagedRecords(from offset: Int, after last: UInt64) -> Int {
    var (offset, last, count) = (offset, last, 0)
    while let end = damagedRecord(at: offset, after: last) {
      count += 1
      last += 1
      offset = end
    }
    return count
  }

  /// Where the damaged record at `offset` ends; nil when it may have been torn, or never was a record.
  private func damagedRecord(at offset: Int, after last: UInt64) -> Int? {
    guard let length: UInt32 = bytes.integer(at: offset + 4),
      let sequence: UInt64 = bytes.integer(at: offset + 8),
      let skipped: UInt64 = bytes.integer(at: offset + 40)
    else { return nil }
    let isMarked = bytes[offset..<(offset + 4)].elementsEqual(RecordHead.magic)
    let follows = sequence &- skipped &- 1 &- last < Self.ahead
    let end = offset + RecordHead.size + Int(length)
    guard isMarked || follows, end <= bytes.count, isWhole(offset..<end) else { return nil }
    return offset + RecordHead.footprint(Int(length))
  }

  /// Whether all of it was written: there is no hole in it, and its end is there.
  private func isWhole(_ range: Range<Int>) -> Bool {
    !hasHole(range) && bytes[range.upperBound - 1] != 0
  }

  /// Whether something of it was not written, or had better be taken for that.
  ///
  /// What fills a record up is shorter than the least that two multiples of 8 can have between them.
  func hasHole(_ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, (start / Self.grain + 1) * Self.grain)
      if bytes[start..<end].allSatisfy({ $0 == 0 }) { return true }
      start = end
    }
    return false
  }
}
