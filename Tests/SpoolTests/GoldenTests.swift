import Platform
import Testing

@testable import Spool

/// Spools that released versions wrote must be readable for ever; one directory for each format.
///
/// `RECORD_GOLDEN=1` writes the present format's, which must not change any more once it is released.
struct GoldenTests {
  private static let home = #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Golden"

  /// What every golden spool holds: two segments that were closed, and one that a crash ended.
  private static func write(_ disk: SimulatedDisk) throws {
    var harness = try Harness(
      disk: disk, limits: SpoolLimits(capacityBytes: 80_000, segmentBytes: 1_024), time: ManualTime(), seed: 1
    )
    for number in UInt64(1)...20 {
      harness.append(Payload.make(number, length: Int(number) * 3), events: Int(number))
      harness.settle()
    }
  }

  private static func files(_ disk: SimulatedDisk) -> [(name: String, bytes: [UInt8])] {
    disk.segments.map { (String($0.dropFirst("/spool/".utf8.count)), disk.content($0)) }
  }

  private static func golden(_ format: Int) throws -> [(name: String, bytes: [UInt8])] {
    let directory = "\(home)/format-\(format)"
    return try Directory.list(directory).map { name in
      (name, try FileDescriptor.open("\(directory)/\(name)", .read).readToEnd(limit: 1 << 20))
    }
  }

  @Test func `format 1 is written byte for byte as it always was`() throws {
    let disk = SimulatedDisk()
    try Self.write(disk)
    let files = Self.files(disk)
    if Environment.value("RECORD_GOLDEN") != nil {
      try Directory.removeTree(Self.home + "/format-1")
      try Directory.create(Self.home + "/format-1", mode: 0o755)
      for (name, bytes) in files {
        try FileDescriptor.open("\(Self.home)/format-1/\(name)", [.write, .create], mode: 0o644)
          .write(all: bytes)
      }
    }
    let golden = try Self.golden(1)
    #expect(files.map(\.name) == golden.map(\.name))
    #expect(files.map(\.bytes) == golden.map(\.bytes))
  }

  @Test(.enabled(if: Environment.value("RECORD_GOLDEN") == nil, "just being written"), arguments: [1])
  func `a spool of every released format opens and has all its records`(format: Int) throws {
    let disk = SimulatedDisk()
    for (name, bytes) in try Self.golden(format) { disk.put("/spool/\(name)", bytes) }
    var harness = try Harness(disk: disk, limits: SpoolLimits(), time: ManualTime(), seed: 2)
    let records = harness.readAll()
    #expect(records.map(\.sequence) == Array(1...20))
    #expect(records.map(\.events) == Array(1...20))
    #expect(records.map { Payload.number($0.payload) } == (1...20).map { UInt64($0) })
    #expect(records.allSatisfy { $0.received == ManualTime().wall() && $0.kind == 1 })
    let counts = harness.status.counts
    #expect(counts.damages == 0 && counts.gaps == 0)
    let sequence = Schedule.Box<UInt64?>(nil)
    harness.append([1]) { result in sequence.with { $0 = try? result.get() } }
    harness.settle()
    #expect(sequence.with { $0 } == 21)
  }
}
