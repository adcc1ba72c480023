import Platform
import Testing

@testable import Spool

/// A hundred thousand random lives of a spool.
///
/// `HANDOFFD_SPOOL_SEED` repeats one, `HANDOFFD_SPOOL_SCHEDULES` changes how many there are. A failure
/// names its seed. `HANDOFFD_SPOOL_BASE` is where the seeds begin.
struct ModelTests {
  private static let lanes = 2

  @Test(arguments: 0..<lanes)
  func `what was acknowledged survives whatever the disk does, as long as its bytes do`(lane: Int) throws {
    if let seed = Environment.value("HANDOFFD_SPOOL_SEED").flatMap({ UInt64($0) }) {
      if lane == 0 { _ = try Self.live(seed, isTraced: true) }
      return
    }
    let count = Environment.value("HANDOFFD_SPOOL_SCHEDULES").flatMap { Int($0) } ?? 100_000
    // The same lives in every run, so that a failure is the change's; another base explores others.
    let base = Environment.value("HANDOFFD_SPOOL_BASE").flatMap { UInt64($0) } ?? 1
    print("spool schedules: \(count / Self.lanes), seeds from \(base)")
    var tally = Schedule.Tally()
    let first = base &+ UInt64(lane * (count / Self.lanes))
    for index in 0..<(count / Self.lanes) { tally.add(try Self.live(first &+ UInt64(index))) }
    print("spool schedules: \(tally)")
    // Without these the test would prove nothing.
    if count >= 1_000 {
      #expect(tally.acknowledged > count && tally.refused > 0 && tally.lost > 0)
      #expect(tally.crashes > 0 && tally.kills > 0 && tally.flips > 0 && tally.deletions > 0)
      #expect(tally.syncFailures > 0 && tally.renewals > 0 && tally.tornBytes > 0)
    }
  }

  private static func live(_ seed: UInt64, isTraced: Bool = false) throws -> Schedule.Tally {
    var schedule = try Schedule(seed: seed, isTraced: isTraced)
    try schedule.run(steps: 24)
    return schedule.tally
  }
}

extension SystemRandomNumberGenerator {
  func seed() -> UInt64 {
    var random = self
    return random.next() >> 16
  }
}
