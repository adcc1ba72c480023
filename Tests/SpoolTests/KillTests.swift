import Platform
import Testing

@testable import Spool

/// A writer that is killed in the middle, over and over.
struct KillTests {
  private static let variable = "HANDOFFD_SPOOL_WRITER"

  /// Not a test but the victim of the one below, which runs it in a process of its own.
  @Test(.enabled(if: Environment.value(variable) != nil, "a process of the kill test"))
  func `the victim`() throws {
    let directory = try #require(Environment.value(Self.variable))
    let spool = try Spool.open(
      directory: directory + "/spool", limits: SpoolLimits(capacityBytes: 256 << 20, segmentBytes: 128 << 10),
      log: .silent)
    let file = try FileDescriptor.open(directory + "/acknowledged", [.write, .create, .append])
    let base = UInt64(Identity.pid) << 32
    let waiting = Gate(0)
    for index in UInt64(0)... {
      _ = waiting.wait(until: nil) { $0 < 64 ? true : nil }
      waiting.withLock { $0 += 1 }
      let number = base + index
      spool.append(kind: 1, payload: Payload.make(number, length: Int(index % 2_000)), events: 1) { result in
        if case .success(let sequence) = result {
          try? file.write(all: Array("\(sequence) \(number)\n".utf8))
        }
        waiting.withLock { $0 -= 1 }
        waiting.signal()
      }
    }
  }

  @Test func `what a killed writer had acknowledged is there, each time`() throws {
    let scratch = try Directory.temporary(prefix: "spool-kill")
    defer { try? Directory.removeTree(scratch) }
    // As `swift test` calls it; this very program.
    let program = Command(
      "/proc/self/exe", ["--testing-library", "swift-testing", "--filter", "KillTests/.the victim"],
      environment: Environment.all().merging([Self.variable: scratch]) { $1 }, output: .discard,
      errors: .discard)
    var random = SystemRandomNumberGenerator()
    var total = 0
    for round in 0..<8 {
      let child = try ChildProcess.spawn(program)
      let goal = total + Int.random(in: 1...2_000, using: &random)
      let deadline = SystemTime().now() + .seconds(60)
      while try acknowledged(scratch).count < goal, SystemTime().now() < deadline, child.isRunning {
        _ = Gate(0).wait(until: SystemTime().now() + .milliseconds(5)) { _ -> Bool? in nil }
      }
      child.signal(.kill)
      #expect(child.wait(until: SystemTime().now() + .seconds(30)) == 137)
      let promised = try acknowledged(scratch)
      #expect(promised.count >= goal, "round \(round)")
      total = promised.count
      try check(scratch, promised)
    }
  }

  private func acknowledged(_ scratch: String) throws -> [UInt64: UInt64] {
    guard Directory.exists(scratch + "/acknowledged") else { return [:] }
    let bytes = try FileDescriptor.open(scratch + "/acknowledged", .read).readToEnd(limit: 64 << 20)
    // The last line may be cut: the writer was killed.
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    var known: [UInt64: UInt64] = [:]
    for line in lines.dropLast() {
      let numbers = line.split(separator: " ").compactMap { UInt64($0) }
      if numbers.count == 2 { known[numbers[0]] = numbers[1] }
    }
    return known
  }

  private func check(_ scratch: String, _ promised: [UInt64: UInt64]) throws {
    let spool = try Spool.open(directory: scratch + "/spool", log: .silent)
    defer { spool.close() }
    var found: [UInt64: UInt64] = [:]
    spool.forEachKept { record in
      found[record.sequence] = Payload.number(record.payload)
      return true
    }
    #expect(promised.allSatisfy { found[$0.key] == $0.value })
    #expect(Set(found.values).count == found.count)
    let counts = spool.status().counts
    #expect(counts.corruptRecords == 0 && counts.gaps == 0)
  }
}
