import Platform
import Testing

@testable import Spool

/// What a spool does when the disk fails under it.
struct FailureTests {
  @Test func `a failed sync moves the group to the next segment, and the failed one is left for ever`() throws
  {
    var fixture = try Fixture()
    fixture.append(2)
    let (old, _) = try fixture.place(of: 2)
    fixture.disk.set { $0.failSyncs = 1 }
    fixture.append(1)
    #expect(fixture.acknowledged == [1, 2, 3])
    let (new, _) = try fixture.place(of: 3)
    #expect(new != old)
    #expect(Schedule.records(old, fixture.disk.content(old)).map(\.0) == [1, 2])
    #expect(fixture.sequences == [1, 2, 3])
    #expect(fixture.harness.status.counts.failures == 1)
    #expect(fixture.harness.status.pressure == .none)
    // What is acknowledged does not depend on the failed segment's cache.
    var dice = SplitMix64(seed: 5)
    fixture.disk.cutPower(&dice)
    fixture.harness = try Harness(disk: fixture.disk, limits: fixture.limits, time: fixture.time, seed: 3)
    #expect(fixture.sequences == [1, 2, 3])
  }

  @Test func `two failed syncs refuse the group, and the spool recovers by itself`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    // The segment, its successor, and the attempts to make another.
    fixture.disk.set { $0.failSyncs = 20 }
    fixture.append(1)
    guard case .broken(let reason)? = fixture.refusals.first else {
      Issue.record("\(fixture.refusals)")
      return
    }
    #expect(reason.contains("Input/output error"))
    #expect(fixture.harness.status.pressure == .broken)
    #expect(fixture.harness.status.brokenReason == reason)
    fixture.append(1)
    #expect(fixture.refusals.count == 2)
    #expect(fixture.sequences == [1, 2])

    fixture.disk.set { $0.failSyncs = 0 }
    fixture.time.advance(by: .seconds(130))
    fixture.harness.settle()
    #expect(fixture.harness.status.pressure == .none)
    fixture.append(1)
    let sequence = try #require(fixture.acknowledged.last)
    #expect(fixture.acknowledged.count == 3 && sequence > 3)
    #expect(fixture.sequences == [1, 2, sequence])
    // Sequences that were refused are no gap.
    #expect(fixture.harness.status.counts.gaps == 0)
    try fixture.reopen()
    #expect(fixture.sequences == [1, 2, sequence])
    #expect(fixture.harness.status.counts.gaps == 0)
  }

  @Test func `a full disk refuses, acknowledges nothing, and the spool goes on without a restart`() throws {
    var fixture = try Fixture()
    fixture.append(12)
    fixture.disk.fill()
    fixture.append(30)
    let taken = fixture.acknowledged.count
    #expect(taken < 42 && !fixture.refusals.isEmpty)
    for refusal in fixture.refusals {
      guard case .full(let after) = refusal else {
        Issue.record("\(refusal)")
        continue
      }
      #expect(after >= .seconds(1) && after <= .seconds(60))
    }
    #expect(fixture.harness.status.pressure == .refuse)
    #expect(fixture.sequences == (1...UInt64(taken)).map { $0 })
    // Draining makes room: released segments go at once, though they would be kept otherwise.
    fixture.harness.core.release(below: UInt64(taken) + 1)
    fixture.harness.settle()
    fixture.append(3)
    #expect(fixture.acknowledged.count == taken + 3)
    #expect(fixture.harness.status.pressure == .none)
  }

  @Test func `a write that stops half way leaves nothing behind`() throws {
    var fixture = try Fixture()
    fixture.append(1)
    fixture.disk.set { $0.failWrites = 1 }
    fixture.append(1)
    #expect(fixture.acknowledged == [1, 2])
    try fixture.reopen()
    #expect(fixture.sequences == [1, 2])
    #expect(fixture.harness.status.counts.damages == 0)
  }

  @Test func `a disk that is full when it is opened still drains`() throws {
    var fixture = try Fixture()
    fixture.append(12)
    fixture.disk.kill()
    fixture.disk.fill()
    try fixture.reopen()
    #expect(fixture.sequences == Array(1...12))
    fixture.append(1)
    #expect(fixture.refusals.count == 1)
    fixture.harness.core.release(below: 13)
    fixture.harness.settle()
    fixture.append(1)
    #expect(fixture.acknowledged.count == 13)
  }

  @Test func `a disk that fails to read for a moment costs no record`() throws {
    var fixture = try Fixture()
    fixture.append(12)
    fixture.disk.set { $0.failReads = 1 }
    #expect(fixture.harness.read(from: 1) == [])
    #expect(fixture.sequences == Array(1...12))
    #expect(fixture.harness.status.counts.gaps == 0)
  }

  @Test func `a disk that never reads a segment again costs its records, and those are counted`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    fixture.disk.set { $0.failReads = .max }
    for _ in 0..<12 { #expect(fixture.harness.read(from: 1) == []) }
    #expect(fixture.harness.status.counts.corruptRecords == 2)
    fixture.disk.set { $0.failReads = 0 }
    fixture.append(1)
    #expect(fixture.harness.read(from: 3).map(\.sequence) == [3])
  }

  @Test func `a segment removed while it is written to is given up`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    let (path, _) = try fixture.place(of: 2)
    fixture.disk.deleteByHand(path)
    fixture.append(2)
    #expect(fixture.acknowledged == [1, 2, 3, 4])
    #expect(try fixture.place(of: 3).path != path)
    try fixture.reopen()
    #expect(fixture.sequences == [3, 4])
  }

  @Test func `a damaged tail that cannot be copied is not cut`() throws {
    var fixture = try Fixture()
    fixture.append(2)
    let (path, range) = try fixture.place(of: 2)
    var bytes = fixture.disk.content(path)
    bytes[range.upperBound + 3] = 7
    fixture.disk.put(path, bytes)
    fixture.disk.kill()
    fixture.disk.fill()
    try fixture.reopen()
    fixture.disk.set { $0.capacity = .max }
    fixture.time.advance(by: .seconds(700))
    fixture.append(9)
    fixture.harness.core.release(below: .max)
    fixture.time.advance(by: .seconds(700))
    fixture.harness.settle()
    #expect(fixture.disk.content(path) == bytes)
  }
}
