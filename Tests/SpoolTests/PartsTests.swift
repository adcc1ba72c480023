import Platform
import Testing

@testable import Spool

/// The small parts.
struct PartsTests {
  @Test func `a name is read as it is written, and nothing else is`() {
    let name = SegmentName(ordinal: 31, identity: SpoolID(high: .max, low: 10))
    #expect(name.description == "000000000000001f-ffffffffffffffff000000000000000a.seg")
    #expect(SegmentName(name.description) == name)
    for wrong in [
      "", ".seg", "000000000000001F-ffffffffffffffff000000000000000a.seg",
      "000000000000001f-ffffffffffffffff000000000000000a.tmp",
      "+00000000000001f-ffffffffffffffff000000000000000a.seg",
      "000000000000001f_ffffffffffffffff000000000000000a.seg", "1f-ffffffffffffffff000000000000000a.seg",
      "ééééé00000001f-ffffffffffffffff000000000000000a.seg",
    ] { #expect(SegmentName(wrong) == nil, "\(wrong)") }
  }

  @Test func `an identity is 32 digits`() {
    let identity = SpoolID(high: 0xABC, low: 1)
    #expect(SpoolID(identity.description) == identity)
    #expect(SpoolID("") == nil)
    #expect(SpoolID("0000000000000ABC0000000000000001") == nil)
    #expect(SpoolID("-000000000000abc0000000000000001") == nil)
  }

  @Test func `the drain's speed says when to come back`() {
    let time = ManualTime()
    var meter = DrainMeter(seed: 1)
    // Nothing drains: as late as possible, spread.
    let never = (0..<50).map { _ in meter.retryAfter(1_000, now: time.now()) }
    #expect(never.allSatisfy { $0 >= .seconds(48) && $0 <= .seconds(60) })
    #expect(Set(never).count > 10)
    for _ in 0..<20 {
      meter.drained(1_000, now: time.now())
      time.advance(by: .milliseconds(100))
    }
    let soon = (0..<50).map { _ in meter.retryAfter(100_000, now: time.now()) }
    #expect(soon.allSatisfy { $0 >= .seconds(7) && $0 <= .seconds(14) })
    #expect(meter.retryAfter(0, now: time.now()) <= .seconds(1.2))
    time.advance(by: .seconds(6))
    #expect(meter.retryAfter(100_000, now: time.now()) >= .seconds(48))
  }

  @Test func `an index stays small and finds every record`() {
    var index = SegmentIndex()
    var offsets: [Int] = []
    var offset = 64
    for sequence in 1...5_000 {
      let head = RecordHead(
        length: 500, sequence: UInt64(sequence), group: 1, received: WallTime(microseconds: 0), events: 2,
        kind: 1, skipped: 0)
      index.add(head, at: offset)
      offsets.append(offset)
      offset += RecordHead.footprint(500)
    }
    #expect(index.marks.count < 50 && index.events == 10_000)
    for sequence in [1, 2, 100, 4_999, 5_000] {
      let mark = index.mark(notAfter: UInt64(sequence))
      #expect(
        (mark?.offset).map { offsets[sequence - 1] - $0 < 66_000 && $0 <= offsets[sequence - 1] } == true)
      #expect(mark.map { $0.events == Int($0.sequence - 1) * 2 } == true)
    }
    #expect(index.mark(notAfter: 0) == nil)
  }

  @Test func `a gap is news once`() {
    var gaps = GapList()
    #expect(gaps.note(SpoolGap(first: 5, last: 9, cause: .missing)) != nil)
    #expect(gaps.note(SpoolGap(first: 5, last: 9, cause: .damaged)) == nil)
    #expect(
      gaps.note(SpoolGap(first: 7, last: 12, cause: .missing))
        == SpoolGap(first: 10, last: 12, cause: .missing))
    #expect(
      gaps.note(SpoolGap(first: 1, last: 6, cause: .missing)) == SpoolGap(first: 1, last: 4, cause: .missing))
    #expect(gaps.note(SpoolGap(first: 2, last: 11, cause: .missing)) == nil)
    #expect(gaps.count == 3 && gaps.sequences == 12)
  }

  @Test func `durations are counted where they belong`() {
    var histogram = DurationHistogram()
    histogram.observe(.microseconds(100))
    histogram.observe(.milliseconds(3))
    histogram.observe(.seconds(60))
    #expect(histogram.counts.first == 1 && histogram.counts.last == 1 && histogram.counts[5] == 1)
    #expect(abs(histogram.sum - 60.003_1) < 1e-9)
  }
}
