import Platform
import Testing

@testable import Spool

/// A spool on a simulated disk with segments of a few records, for one broken state at a time.
struct Fixture {
  let disk = SimulatedDisk()
  let time = ManualTime()
  var limits: SpoolLimits
  var harness: Harness
  let answers = Schedule.Box<[Result<UInt64, SpoolRefusal>]>([])

  /// Room for five records of 64 bytes in a segment.
  init(limits: SpoolLimits = Fixture.small) throws {
    self.limits = limits
    harness = try Harness(disk: disk, limits: limits, time: time, seed: 1)
  }

  static let small = SpoolLimits(capacityBytes: 40_000, segmentBytes: 664, groupBytes: 300)

  /// Appends `count` records of 64 bytes and lets them become durable.
  mutating func append(_ count: Int, length: Int = 56) {
    for _ in 0..<count {
      let number = UInt64(answers.with { $0.count } + 1)
      harness.append(Payload.make(number, length: length)) { [answers] result in
        answers.with { $0.append(result) }
      }
      harness.settle()
    }
  }

  mutating func reopen() throws {
    disk.kill()
    harness = try Harness(disk: disk, limits: limits, time: time, seed: 2)
  }

  var acknowledged: [UInt64] {
    answers.with { $0.compactMap { try? $0.get() } }
  }

  var refusals: [SpoolRefusal] {
    answers.with { answers in
      answers.compactMap { if case .failure(let refusal) = $0 { refusal } else { nil } }
    }
  }

  var sequences: [UInt64] { harness.readAll().map(\.sequence) }

  /// The segment that has record `sequence`, and where.
  func place(of sequence: UInt64) throws -> (path: String, range: Range<Int>) {
    for path in disk.segments.reversed() {
      for (found, range) in Schedule.records(path, disk.content(path)) where found == sequence {
        return (path, range)
      }
    }
    throw Missing()
  }

  struct Missing: Error {}

  var quarantine: [String] {
    disk.state.withLock { $0.names.keys.filter { $0.hasPrefix("/spool/quarantine/") }.sorted() }
  }
}
