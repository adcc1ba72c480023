/// Goes through a segment's bytes from record to record, and finds the way again behind damage.
///
/// It trusts nothing: whatever the bytes are, it neither traps nor gives out a record whose checksum,
/// which covers the sequence and the spool's identity, does not match.
struct RecordWalk {
  let identity: SpoolID

  /// What is found at an offset.
  enum Step: Hashable {
    /// A whole record; the next one would begin at `end`.
    case record(RecordHead, payload: Range<Int>, end: Int)
    /// A record that may be whole once `count` bytes from the offset on are there.
    case incomplete(count: Int)
    /// No record: the end of what was written, or damage.
    case nothing
  }

  /// Looks at `offset`.
  ///
  /// With `more`, bytes follow that are not in `bytes`. A record must have a sequence above `last`.
  func step(
    _ bytes: [UInt8], at offset: Int, after last: UInt64, more: Bool = false
  ) -> Step {
    let left = bytes.count - offset
    if left < RecordHead.size { return more ? .incomplete(count: RecordHead.size) : .nothing }
    guard let head = RecordHead(bytes, at: offset), head.sequence > last else { return .nothing }
    let footprint = RecordHead.footprint(head.length)
    if left < footprint { return more ? .incomplete(count: footprint) : .nothing }
    guard RecordHead.verify(bytes, at: offset, length: head.length, identity: identity) else {
      return .nothing
    }
    let start = offset + RecordHead.size
    return .record(head, payload: start..<(start + head.length), end: offset + footprint)
  }

  /// Calls `body` with every valid record behind the header, and where its payload is.
  func forEach(in bytes: [UInt8], _ body: (RecordHead, Range<Int>) -> Void) {
    var offset = SegmentHeader.size
    var last: UInt64 = 0
    while offset < bytes.count {
      if case .record(let head, let payload, let end) = step(bytes, at: offset, after: last) {
        body(head, payload)
        last = head.sequence
        offset = end
      } else if let found = resume(bytes, behind: offset, after: last) {
        offset = found
      } else {
        return
      }
    }
  }

  /// The offset of the next record behind `offset`, where none was found.
  func resume(_ bytes: [UInt8], behind offset: Int, after last: UInt64) -> Int? {
    var candidate = offset + 8
    while candidate + RecordHead.size <= bytes.count {
      if bytes[candidate] == RecordHead.magic[0],
        case .record = step(bytes, at: candidate, after: last)
      {
        return candidate
      }
      candidate += 8
    }
    return nil
  }
}
