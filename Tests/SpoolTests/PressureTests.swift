import Platform
import Testing

@testable import Spool

/// Room, and what is done when there is little.
struct PressureTests {
  private func isFull(_ refusal: SpoolRefusal) -> Bool {
    if case .full = refusal { true } else { false }
  }

  @Test func `the ladder warns, then slows, then refuses`() throws {
    var fixture = try Fixture()
    var seen: [SpoolStatus.Pressure] = [.none]
    while fixture.harness.status.pressure != .refuse {
      fixture.append(1)
      let pressure = fixture.harness.status.pressure
      if seen.last != pressure { seen.append(pressure) }
    }
    #expect(seen == [.none, .warn, .slow, .refuse])
    fixture.append(1)
    for refusal in fixture.refusals where !isFull(refusal) {
      guard case .slowDown(let after) = refusal else {
        Issue.record("\(refusal)")
        continue
      }
      #expect(after >= .seconds(1) && after <= .seconds(60))
    }
    #expect(fixture.refusals.last.map(isFull) == true)
    #expect(fixture.harness.status.diskBytes > 37_000 && fixture.harness.status.diskBytes <= 40_000)
    #expect(fixture.harness.status.counts.refused == fixture.refusals.count)
    fixture.harness.core.release(below: 100)
    #expect(fixture.harness.status.pressure != .refuse)
  }

  @Test func `the fuller the spool, the more are told to slow down`() throws {
    var fixture = try Fixture()
    while fixture.harness.status.pressure != .slow { fixture.append(1) }
    var wasRefused: [Bool] = []
    while fixture.harness.status.pressure == .slow {
      let before = fixture.refusals.count
      fixture.append(1)
      wasRefused.append(fixture.refusals.count > before)
    }
    let third = wasRefused.count / 3
    let shares = (0..<3).map { part in
      Double(wasRefused[(part * third)...].prefix(third).count { $0 }) / Double(third)
    }
    #expect(shares[0] < shares[1] && shares[1] < shares[2])
    #expect(shares[2] > 0.5)
  }

  @Test func `a spool over its limits from before says so`() throws {
    var fixture = try Fixture()
    while fixture.harness.status.pressure != .slow { fixture.append(1) }
    for (capacity, pressure) in [(39_000, SpoolStatus.Pressure.slow), (34_000, .refuse), (60_000, .none)] {
      fixture.limits.capacityBytes = capacity
      try fixture.reopen()
      #expect(fixture.harness.status.pressure == pressure)
      #expect(fixture.harness.status.capacityBytes == capacity)
    }
  }

  @Test func `what waits for a slow disk is bounded`() throws {
    var limits = Fixture.small
    limits.inFlightBytes = 2_000
    let fixture = try Fixture(limits: limits)
    var taken = 0
    for number in 1...20 {
      fixture.harness.append(Payload.make(UInt64(number), length: 56)) { [answers = fixture.answers] result in
        answers.with { $0.append(result) }
      }
      if fixture.refusals.isEmpty { taken = number }
    }
    #expect(fixture.refusals.count == 20 - taken)
    #expect(fixture.refusals.allSatisfy { $0 == .busy(retryAfter: .seconds(1)) })
    #expect(fixture.harness.status.inFlightBytes <= 2_000)
    var harness = fixture.harness
    harness.settle()
    #expect(fixture.acknowledged.count == taken)
    #expect(harness.status.inFlightBytes == 0)
  }

  @Test func `a record larger than a segment, and than what may wait, still gets through`() throws {
    var limits = Fixture.small
    limits.inFlightBytes = 2_000
    var fixture = try Fixture(limits: limits)
    fixture.append(1)
    fixture.append(1, length: 5_000)
    fixture.append(1)
    #expect(fixture.acknowledged == [1, 2, 3])
    #expect(fixture.harness.readAll().map(\.payload.count) == [64, 5_008, 64])
    try fixture.reopen()
    #expect(fixture.harness.readAll().map(\.payload.count) == [64, 5_008, 64])
  }

  @Test func `drained segments are kept for ten minutes or while they are among the last two`() throws {
    var fixture = try Fixture()
    fixture.append(20)
    let all = fixture.disk.segments.count
    fixture.harness.core.release(below: 21)
    fixture.harness.settle()
    #expect(fixture.disk.segments.count == all)
    #expect(fixture.harness.status.bytes == 0 && fixture.harness.status.events == 0)
    #expect(fixture.harness.status.oldest == nil)
    // A database that went back in time can be given them again.
    #expect(fixture.sequences == Array(1...20))
    fixture.time.advance(by: .seconds(601))
    fixture.harness.settle()
    #expect(fixture.harness.status.segments == 2)
    let first = fixture.harness.status.firstSequence
    #expect(fixture.harness.readAll(from: first).last?.sequence == 20)
    fixture.append(1)
    #expect(fixture.acknowledged.last == 21)
  }

  @Test func `a read goes on into the segments behind`() throws {
    var fixture = try Fixture()
    fixture.append(20)
    #expect(fixture.disk.segments.count > 3)
    #expect(fixture.harness.read(from: 1).map(\.sequence) == Array(1...20))
    #expect(fixture.harness.read(from: 3, maxBytes: 7 * 120).map(\.sequence) == Array(3...9))
  }

  @Test func `nothing above the released position is removed`() throws {
    var fixture = try Fixture()
    fixture.append(20)
    // A drainer releases where it stopped reading; elsewhere the count of events is only near.
    #expect(fixture.harness.read(from: 1, maxBytes: 5 * 120).last?.sequence == 5)
    #expect(fixture.harness.read(from: 6, maxBytes: 2 * 120).last?.sequence == 7)
    fixture.harness.core.release(below: 8)
    fixture.time.advance(by: .seconds(601))
    fixture.harness.settle()
    #expect(fixture.harness.status.firstSequence <= 8)
    #expect(fixture.harness.readAll(from: 8).map(\.sequence) == Array(8...20))
    #expect(fixture.harness.status.events == 13)
    fixture.harness.core.release(below: 3)
    #expect(fixture.harness.status.released == 8)
  }

  @Test func `what is kept only for safety makes room for what is new`() throws {
    var fixture = try Fixture()
    var next: UInt64 = 1
    for _ in 0..<60 {
      fixture.append(10)
      next += 10
      fixture.harness.core.release(below: next)
      fixture.harness.settle()
      #expect(fixture.harness.status.diskBytes <= 40_000)
    }
    #expect(fixture.refusals.isEmpty)
  }

  @Test func `reading from below what is kept steps over it and says so`() throws {
    var fixture = try Fixture()
    fixture.append(20)
    fixture.harness.core.release(below: 21)
    fixture.time.advance(by: .seconds(601))
    fixture.harness.settle()
    let first = fixture.harness.status.firstSequence
    #expect(fixture.sequences == Array(first...20))
    #expect(fixture.sequences == Array(first...20))
    #expect(fixture.harness.status.gaps == [SpoolGap(first: 1, last: first - 1, cause: .notKept)])
  }

  @Test func `events and age follow what is released, to the record`() throws {
    var fixture = try Fixture()
    for number in 1...10 {
      fixture.harness.append(Payload.make(UInt64(number), length: 20), events: number)
      fixture.harness.settle()
      fixture.time.advance(by: .seconds(10))
    }
    #expect(fixture.harness.status.events == 55)
    let start = fixture.harness.status.oldest
    let records = fixture.harness.read(from: 1, maxBytes: 250)
    #expect(records.map(\.events) == Array(1...records.count))
    fixture.harness.core.release(below: UInt64(records.count) + 1)
    #expect(fixture.harness.status.events == 55 - records.reduce(0) { $0 + $1.events })
    let oldest = try #require(fixture.harness.status.oldest)
    #expect(oldest.microseconds - (try #require(start)).microseconds == Int64(records.count) * 10_000_000)
  }

  @Test func `a new identity keeps records and sequences, and survives`() throws {
    var fixture = try Fixture()
    fixture.append(7)
    let identity = SpoolID(high: 7, low: 9)
    fixture.harness.core.renew(identity)
    fixture.append(2)
    #expect(fixture.acknowledged == Array(1...9))
    #expect(fixture.sequences == Array(1...9))
    try fixture.reopen()
    #expect(fixture.harness.core.gate.withLock { $0.identity } == identity)
    #expect(fixture.sequences == Array(1...9))
  }

  @Test func `closing answers all that was taken, and refuses the rest`() throws {
    var fixture = try Fixture()
    for number in 1...9 {
      fixture.harness.append(Payload.make(UInt64(number), length: 56)) { [answers = fixture.answers] result in
        answers.with { $0.append(result) }
      }
    }
    fixture.harness.close()
    #expect(fixture.acknowledged == Array(1...9))
    fixture.append(1)
    #expect(fixture.refusals == [.broken("the spool is closed")])
    // No reserved space is left behind.
    let (path, range) = try fixture.place(of: 9)
    #expect(fixture.disk.content(path).count == range.upperBound)
  }
}
