import Platform
import Testing

@testable import Spool

/// States in which a crash, a disk or a hand can leave a spool.
struct DamageTests {
  @Test func `an empty directory is a new spool`() throws {
    let fixture = try Fixture()
    let status = fixture.harness.status
    #expect(status.nextSequence == 1 && status.events == 0 && status.oldest == nil)
    #expect(fixture.disk.segments.count == 1)
  }

  @Test func `a closed spool opens as it was`() throws {
    var fixture = try Fixture()
    fixture.append(12)
    let identity = fixture.harness.core.gate.withLock { $0.identity }
    fixture.harness.close()
    try fixture.reopen()
    #expect(fixture.harness.core.gate.withLock { $0.identity } == identity)
    #expect(fixture.sequences == Array(1...12))
    #expect(fixture.harness.status.counts.damages == 0)
    #expect(fixture.harness.status.events == 12)
    fixture.append(1)
    #expect(fixture.acknowledged.last == 13)
  }

  @Test func `reserved zeros behind the last record are no damage`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    try fixture.reopen()
    #expect(fixture.harness.status.counts.damages == 0)
    #expect(fixture.sequences == [1, 2])
  }

  @Test(arguments: [1, 8, 60, 100])
  func `a torn tail is copied to quarantine and cut`(length: Int) throws {
    var fixture = try Fixture()
    fixture.append(2)
    let (path, range) = try fixture.place(of: 2)
    var bytes = fixture.disk.content(path)
    bytes.replaceSubrange(
      range.upperBound..<(range.upperBound + length), with: [UInt8](repeating: 0xA5, count: length))
    fixture.disk.put(path, bytes)
    try fixture.reopen()
    let counts = fixture.harness.status.counts
    #expect(counts.tornBytes == length && counts.quarantinedBytes == length)
    #expect(counts.corruptRecords == 0 && counts.gaps == 0)
    #expect(fixture.sequences == [1, 2])
    let kept = fixture.disk.content(try #require(fixture.quarantine.first))
    #expect(kept.suffix(length) == ArraySlice([UInt8](repeating: 0xA5, count: length)))
    #expect(String(decoding: kept, as: UTF8.self).contains("reason: no valid record follows sequence 2"))
    fixture.harness.settle()
    try fixture.reopen()
    #expect(fixture.harness.status.counts.damages == 0)
    fixture.append(1)
    #expect(try #require(fixture.acknowledged.last) > 2)
  }

  @Test(arguments: [
    ("the magic", 0), ("the length", 4), ("the length, far up", 7), ("the sequence", 8), ("the group", 16),
    ("the time", 24), ("the count of events", 32), ("the kind", 36), ("the skipped", 40),
    ("the checksum", 48),
    ("the payload's first byte", 56), ("the payload's last byte", 119),
  ])
  func `a flipped bit costs one record, which is counted, and what follows is delivered`(
    part: String, offset: Int
  ) throws {
    for victim in [UInt64(2), 7, 11] {
      var fixture = try Fixture()
      fixture.append(12)
      let (path, range) = try fixture.place(of: victim)
      fixture.disk.flip(path, at: range.lowerBound + offset, bit: 5)
      // Met while reading, and after opening again.
      let rest = (1...12).filter { $0 != victim }
      #expect(fixture.sequences == rest, "\(part) of \(victim)")
      #expect(fixture.harness.status.counts.corruptRecords == 1)
      try fixture.reopen()
      #expect(fixture.sequences == rest, "\(part) of \(victim)")
      let status = fixture.harness.status
      #expect(status.counts.corruptRecords == 1 && status.counts.missingRecords == 1)
      #expect(status.gaps == [SpoolGap(first: victim, last: victim, cause: .damaged)])
      #expect(fixture.quarantine.count == 1)
    }
  }

  /// The twelfth has another before it in its segment, the eleventh has not.
  @Test(arguments: [11, 12], [0, 8, 16, 24, 32, 36, 40, 48, 56, 119])
  func `damage in the very last record is no torn tail`(last: Int, offset: Int) throws {
    var fixture = try Fixture()
    fixture.append(last)
    let (path, range) = try fixture.place(of: UInt64(last))
    fixture.disk.flip(path, at: range.lowerBound + offset, bit: 5)
    try fixture.reopen()
    let status = fixture.harness.status
    #expect(status.counts.corruptRecords == 1 && status.counts.tornBytes == 0)
    #expect(status.gaps == [SpoolGap(first: UInt64(last), last: UInt64(last), cause: .damaged)])
    #expect(fixture.quarantine.count == 1)
    fixture.append(1)
    #expect(fixture.sequences.count == last && fixture.sequences.dropLast() == Array(1..<UInt64(last))[...])
    #expect(fixture.harness.status.counts.missingRecords == 1)
    fixture.harness.settle()
    try fixture.reopen()
    #expect(fixture.harness.status.counts.corruptRecords == 0)
  }

  @Test(arguments: [0..<8, 64..<128, 100..<120, 119..<120])
  func `a last record with a hole in it is a torn tail`(hole: Range<Int>) throws {
    var fixture = try Fixture()
    fixture.append(12)
    let (path, range) = try fixture.place(of: 12)
    var bytes = fixture.disk.content(path)
    // Whole sectors, or everything from some byte on.
    let isEnd = hole.upperBound == 120
    let start = isEnd ? range.lowerBound + hole.lowerBound : (range.lowerBound + hole.lowerBound) / 64 * 64
    let holed = max(start, range.lowerBound)..<(isEnd ? range.upperBound : min(start + 64, range.upperBound))
    bytes.replaceSubrange(holed, with: [UInt8](repeating: 0, count: holed.count))
    fixture.disk.put(path, bytes)
    try fixture.reopen()
    let counts = fixture.harness.status.counts
    #expect(counts.corruptRecords == 0 && counts.gaps == 0)
    #expect(fixture.sequences == Array(1...11))
  }

  /// Three records that were written together; of the second a part is not as it was.
  @Test(arguments: [true, false])
  func `a hole between records of the last group is torn, a flipped bit is damage`(isHole: Bool) throws {
    let limits = SpoolLimits(capacityBytes: 40_000, segmentBytes: 1_200, groupBytes: 600)
    var fixture = try Fixture(limits: limits)
    fixture.append(1)
    for number in UInt64(2)...4 { fixture.harness.append(Payload.make(number, length: 120)) }
    fixture.harness.settle()
    let (path, range) = try fixture.place(of: 3)
    if isHole {
      var bytes = fixture.disk.content(path)
      let sector = (range.lowerBound / 64 + 1) * 64
      bytes.replaceSubrange(sector..<(sector + 64), with: [UInt8](repeating: 0, count: 64))
      fixture.disk.put(path, bytes)
    } else {
      fixture.disk.flip(path, at: range.lowerBound + 60, bit: 1)
    }
    for _ in 0..<2 {
      try fixture.reopen()
      #expect(fixture.sequences == [1, 2, 4])
      let counts = fixture.harness.status.counts
      #expect(counts.gaps == (isHole ? 0 : 1))
      if isHole { #expect(counts.corruptRecords == 0) }
    }
    #expect(fixture.quarantine.count == 1)
  }

  @Test(arguments: [0, 5, 8, 16, 30, 32, 40, 48, 63])
  func `a damaged header costs no record and no identity`(offset: Int) throws {
    var fixture = try Fixture()
    fixture.append(12)
    let identity = fixture.harness.core.gate.withLock { $0.identity }
    for path in fixture.disk.segments { fixture.disk.flip(path, at: offset, bit: 0) }
    try fixture.reopen()
    #expect(fixture.harness.core.gate.withLock { $0.identity } == identity)
    #expect(fixture.sequences == Array(1...12))
    #expect(fixture.harness.status.counts.damages >= 3)
    #expect(fixture.harness.status.counts.corruptRecords == 0)
  }

  @Test func `a segment of garbage is quarantined, and the others are delivered`() throws {
    var fixture = try Fixture()
    fixture.append(15)
    let (path, _) = try fixture.place(of: 7)
    let lost = fixture.harness.status.nextSequence
    let size = fixture.disk.content(path).count
    let gone = Schedule.records(path, fixture.disk.content(path)).map(\.0)
    fixture.disk.put(path, [UInt8](repeating: 0x5A, count: size))
    try fixture.reopen()
    #expect(fixture.sequences == (1..<lost).filter { !gone.contains($0) })
    #expect(fixture.harness.status.counts.corruptRecords == gone.count)
    #expect(fixture.harness.status.counts.quarantinedBytes == size)
  }

  @Test(arguments: [1, 7, 15])
  func `a segment removed by hand is a gap that is reported, and draining goes on`(victim: UInt64) throws {
    var fixture = try Fixture()
    fixture.append(15)
    let (path, _) = try fixture.place(of: victim)
    let gone = Schedule.records(path, fixture.disk.content(path)).map(\.0)
    fixture.disk.deleteByHand(path)
    try fixture.reopen()
    let rest = (1...15).filter { !gone.contains($0) }
    #expect(fixture.sequences == rest)
    // Behind the newest there may be nothing that knows; then only the position in the database does.
    if victim < 15 {
      #expect(fixture.harness.status.counts.missingRecords == gone.count)
      #expect(fixture.harness.status.counts.gaps == 1)
    }
    fixture.append(1)
    #expect(fixture.acknowledged.count == 16)
    #expect(fixture.sequences.count == rest.count + 1)
  }

  @Test(arguments: [0, 1, 63, 64])
  func `a file that was just begun is no segment yet`(length: Int) throws {
    var fixture = try Fixture()
    fixture.append(2)
    let identity = fixture.harness.core.gate.withLock { $0.identity }
    let name = SegmentName(ordinal: 99, identity: identity)
    fixture.disk.put("/spool/\(name)", [UInt8](repeating: 0, count: length))
    try fixture.reopen()
    #expect(fixture.sequences == [1, 2])
    fixture.append(1)
    #expect(fixture.acknowledged == [1, 2, 3])
    try fixture.reopen()
    #expect(fixture.sequences == [1, 2, 3])
  }

  @Test func `a segment of a newer version is refused in clear words and nothing is touched`() throws {
    var fixture = try Fixture()
    fixture.append(7)
    let path = try #require(fixture.disk.segments.first)
    var newer = SegmentHeader(
      identity: SpoolID(high: 1, low: 2), base: 1, start: 1, created: WallTime(microseconds: 0))
    newer.version = 2
    fixture.disk.put(path, newer.bytes + fixture.disk.content(path).dropFirst(64))
    let before = fixture.disk.segments.map { fixture.disk.content($0) }
    let error = #expect(throws: SpoolError.self) { try fixture.reopen() }
    #expect(error?.code == .newerFormat)
    #expect(error?.description.contains("spool format 2 is newer than 1") == true)
    #expect(fixture.disk.segments.map { fixture.disk.content($0) } == before)
  }

  @Test func `a file of somebody else is left alone`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    fixture.disk.put("/spool/notes.txt", [1, 2, 3])
    fixture.disk.put("/spool/+000000000000001-00000000000000000000000000000001.seg", [1, 2, 3])
    try fixture.reopen()
    #expect(fixture.sequences == [1, 2])
    #expect(fixture.disk.content("/spool/notes.txt") == [1, 2, 3])
    #expect(
      fixture.disk.content("/spool/+000000000000001-00000000000000000000000000000001.seg") == [1, 2, 3])
  }

  @Test func `a copy of a segment under another number changes nothing`() throws {
    var fixture = try Fixture()
    fixture.append(15)
    let (path, _) = try fixture.place(of: 2)
    let identity = fixture.harness.core.gate.withLock { $0.identity }
    fixture.disk.put("/spool/\(SegmentName(ordinal: 80, identity: identity))", fixture.disk.content(path))
    try fixture.reopen()
    #expect(fixture.sequences == Array(1...15))
    #expect(fixture.harness.status.counts.gaps == 0)
  }

  @Test func `what an older segment still has fills a hole in a newer one`() throws {
    var fixture = try Fixture()
    fixture.append(4)
    let (old, _) = try fixture.place(of: 4)
    let copy = fixture.disk.content(old)
    try fixture.reopen()
    // The last group was written again; its first copy is put back, as a crash can do.
    fixture.disk.put(old, copy)
    let (path, range) = try fixture.place(of: 4)
    #expect(path != old)
    fixture.disk.flip(path, at: range.lowerBound + 60, bit: 1)
    try fixture.reopen()
    #expect(fixture.sequences == Array(1...4))
  }

  @Test func `the last group is written again after a crash`() throws {
    var fixture = try Fixture()
    fixture.append(3)
    let (before, _) = try fixture.place(of: 3)
    try fixture.reopen()
    let (after, _) = try fixture.place(of: 3)
    #expect(before != after)
    #expect(fixture.sequences == [1, 2, 3])
    fixture.harness.settle()
    #expect(!Schedule.records(before, fixture.disk.content(before)).map(\.0).contains(3))
    #expect(fixture.harness.status.events == 3)
  }
}
