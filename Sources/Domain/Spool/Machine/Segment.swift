import Platform

/// What is known of a segment's file without reading it.
struct Segment: Sendable, Hashable {
  let name: SegmentName
  /// What its records are verified against.
  let identity: SpoolID
  /// The lowest sequence read from here.
  var first: UInt64
  /// The sequence behind the last durable record.
  var next: UInt64
  /// The offset behind it.
  var end = SegmentHeader.size
  /// Bytes of disk.
  var size: Int
  var index = SegmentIndex()
  /// Nothing is appended any more.
  var isSealed = false
  /// Damage in it could not be copied, so that the file stays as it is.
  var isPinned = false
  /// When all of it was released.
  var releasedAt: MonotonicInstant?

  var isEmpty: Bool { first == next }
  /// Where the next record may go, and how much room there is.
  var room: Int { isSealed ? 0 : size - end }

  /// A place between two records of this segment, from which one may read on.
  struct Place: Sendable, Hashable {
    /// The sequence that is read next; there may be lower ones from the offset on.
    var sequence: UInt64
    var offset: Int
    /// Events in the records before the offset.
    var events: Int
  }

  /// The nearest known place at or before `sequence`.
  func place(of sequence: UInt64) -> Place {
    guard let mark = index.mark(notAfter: sequence) else {
      return Place(sequence: first, offset: SegmentHeader.size, events: 0)
    }
    return Place(sequence: mark.sequence, offset: mark.offset, events: mark.events)
  }

  /// Takes note of a group that is durable at the end.
  mutating func extend(by group: CommitGroup) {
    if isEmpty { first = group.first }
    for index in group.records.indices {
      let head = group.head(index)
      self.index.add(head, at: end)
      end += RecordHead.footprint(head.length)
    }
    next = group.next
  }
}
