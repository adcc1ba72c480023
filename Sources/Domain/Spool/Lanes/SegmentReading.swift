import Platform

/// One pass over a part of a segment, from the page cache in large pieces.
struct SegmentReading {
  /// Bytes that are no record although they should be.
  struct Damage {
    var offset: Int
    var bytes: [UInt8]
    var after: UInt64
  }

  let plan: SpoolCore.Plan
  let maxBytes: Int
  let file: any DiskFile
  /// Whether what the disk cannot read is damage; otherwise it is thrown, to be tried again.
  let isTolerant: Bool
  private(set) var records: [SpoolRecord] = []
  private(set) var damages: [Damage] = []
  private(set) var missing: [Range<UInt64>] = []
  /// The sequence to go on with.
  private(set) var next: UInt64
  /// Where that is in this segment, if it was got so far.
  private(set) var stopped: Segment.Place?
  private let walk: RecordWalk
  private var offset: Int
  private var events: Int
  private var last: UInt64 = 0
  private var taken = 0
  private static let least = 65_536

  init(plan: SpoolCore.Plan, maxBytes: Int, file: any DiskFile, isTolerant: Bool) {
    self.plan = plan
    self.maxBytes = maxBytes
    self.file = file
    self.isTolerant = isTolerant
    walk = RecordWalk(identity: plan.identity)
    next = plan.from
    offset = plan.place.offset
    events = plan.place.events
  }

  /// Reads until there is enough, or the end of the segment's durable part.
  mutating func run() throws(SystemError) {
    var wish = max(maxBytes, Self.least)
    while offset < plan.end, taken < maxBytes {
      let count = min(wish, plan.end - offset)
      let bytes = try content(count, at: offset)
      let needed = take(bytes, isAll: offset + count == plan.end || bytes.count < count)
      if let needed { wish = max(needed, Self.least) } else { break }
    }
    if offset >= plan.end { finish() }
    stopped = Segment.Place(sequence: next, offset: offset, events: events)
  }

  private func content(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    if !isTolerant { return try file.read(count: count, at: offset) }
    var isWhole = true
    return SegmentFiles.readTolerantly(file, count: count, at: offset, &isWhole)
  }

  /// Takes the records of `bytes`, which begin at `offset`; returns how many bytes to read next, nil at an end.
  private mutating func take(_ bytes: [UInt8], isAll: Bool) -> Int? {
    // The file may have been cut behind our back.
    if bytes.isEmpty { return stop() }
    let start = offset
    while offset - start < bytes.count, taken < maxBytes {
      switch walk.step(bytes, at: offset - start, after: last, more: !isAll) {
      case .record(let head, let payload, let end):
        // A newer segment has these.
        if head.sequence >= plan.next { return stop() }
        add(head, bytes, payload)
        offset = start + end
      case .incomplete(let count):
        // Enough for now, unless it is the first.
        return records.isEmpty ? count : nil
      case .nothing:
        return skipDamage()
      }
    }
    return Self.least
  }

  private mutating func add(_ head: RecordHead, _ bytes: [UInt8], _ payload: Range<Int>) {
    last = head.sequence
    events += head.events
    if head.sequence < next { return }
    if head.prior >= next { missing.append(next..<(head.prior + 1)) }
    next = head.sequence + 1
    taken += payload.count + RecordHead.size
    records.append(
      SpoolRecord(
        sequence: head.sequence, kind: head.kind, events: head.events, received: head.received,
        payload: Array(bytes[payload])))
  }

  /// Finds the next valid record behind bytes that are none.
  private mutating func skipDamage() -> Int? {
    var isWhole = true
    let rest = SegmentFiles.readTolerantly(file, count: plan.end - offset, at: offset, &isWhole)
    let length = walk.resume(rest, behind: 0, after: last) ?? rest.count
    damages.append(Damage(offset: offset, bytes: Array(rest[..<length]), after: last))
    offset = rest.isEmpty ? plan.end : offset + length
    return offset < plan.end ? Self.least : stop()
  }

  private mutating func stop() -> Int? {
    offset = plan.end
    return nil
  }

  /// The segment is over: what it should still have had is missing.
  private mutating func finish() {
    if next < plan.next { missing.append(next..<plan.next) }
    next = max(next, plan.next)
  }
}
