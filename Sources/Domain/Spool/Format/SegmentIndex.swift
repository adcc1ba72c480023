import Platform

/// Where records are in a segment, to within 64 KiB or 5 s; small, because all of a spool's are in memory.
struct SegmentIndex: Hashable {
  /// A record, and what comes before it in its segment.
  struct Mark: Hashable {
    var sequence: UInt64
    var offset: Int
    /// Events in the records before.
    var events: Int
    var received: WallTime
  }

  private static let bytesApart = 65_536
  private static let timeApart: Int64 = 5_000_000

  private(set) var marks: [Mark] = []
  /// Events in all records.
  private(set) var events = 0

  /// Notes a record behind all others.
  mutating func add(_ head: RecordHead, at offset: Int) {
    let mark = Mark(sequence: head.sequence, offset: offset, events: events, received: head.received)
    if let last = marks.last {
      let age = head.received.microseconds.subtractingReportingOverflow(last.received.microseconds)
      let isNear =
        offset - last.offset < Self.bytesApart && !age.overflow && age.partialValue < Self.timeApart
      if !isNear { marks.append(mark) }
    } else {
      marks.append(mark)
    }
    events += head.events
  }

  /// The last mark at or before `sequence`, nil before the first.
  func mark(notAfter sequence: UInt64) -> Mark? {
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : marks[low - 1]
  }
}
