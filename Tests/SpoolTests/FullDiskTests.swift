import Platform
import Testing

@testable import Spool

/// A disk that is really full.
struct FullDiskTests {
  /// A file system of 12 MiB in memory, or why there is none.
  private static func mount(_ directory: String) throws -> Bool {
    let command = Command("/bin/mount", ["-t", "tmpfs", "-o", "size=12m,mode=700", "spool-tests", directory])
    return try command.run(until: SystemTime().now() + .seconds(20)).code == 0
  }

  private static let canMount: Bool = {
    guard Identity.isRoot, let scratch = try? Directory.temporary(prefix: "spool-mount") else { return false }
    defer { try? Directory.removeTree(scratch) }
    guard (try? mount(scratch)) == true else { return false }
    _ = try? Command("/bin/umount", [scratch]).run(until: SystemTime().now() + .seconds(20))
    return true
  }()

  @Test(.enabled(if: canMount, "needs root and the right to mount a tmpfs"))
  func `a spool fills a small disk, refuses with a time to come back, and goes on once it drains`() throws {
    let scratch = try Directory.temporary(prefix: "spool-full")
    #expect(try Self.mount(scratch))
    defer {
      _ = try? Command("/bin/umount", ["-l", scratch]).run(until: SystemTime().now() + .seconds(20))
      try? Directory.removeTree(scratch)
    }
    let spool = try Spool.open(directory: scratch + "/spool", log: .silent)
    #expect(spool.status().capacityBytes <= 12 << 20)
    let before = try fill(spool)
    #expect(before > 50 && spool.status().pressure >= .warn)
    // Another process takes the rest.
    let rest = try Command("/bin/dd", ["if=/dev/zero", "of=\(scratch)/rest", "bs=64k"])
      .run(until: SystemTime().now() + .seconds(20))
    #expect(rest.code != 0)
    _ = try fill(spool)

    let records = readAll(spool)
    #expect(records.count >= before)
    spool.release(below: try #require(records.last).sequence + 1)
    try Directory.remove(scratch + "/rest")
    let deadline = SystemTime().now() + .seconds(30)
    var answer = append(spool)
    while SystemTime().now() < deadline {
      if case .success = answer { break }
      _ = Gate(0).wait(until: SystemTime().now() + .milliseconds(50)) { _ -> Bool? in nil }
      answer = append(spool)
    }
    #expect(throws: Never.self) { try answer.get() }
    spool.close()
  }

  /// Appends until it is refused; returns how many were taken.
  private func fill(_ spool: Spool) throws -> Int {
    for count in 0..<10_000 {
      switch append(spool) {
      case .success: continue
      case .failure(.full(let after)), .failure(.slowDown(let after)):
        #expect(after >= .seconds(1) && after <= .seconds(60))
        return count
      case .failure(let refusal):
        Issue.record("\(refusal)")
        return count
      }
    }
    return 10_000
  }

  private func append(_ spool: Spool) -> Result<UInt64, SpoolRefusal> {
    let answer = Gate<Result<UInt64, SpoolRefusal>?>(nil)
    spool.append(kind: 1, payload: Payload.make(1, length: 100_000), events: 1) { result in
      answer.withLock { $0 = result }
      answer.signal()
    }
    return answer.wait(until: nil, { $0 }) ?? .failure(.broken("no answer"))
  }

  private func readAll(_ spool: Spool) -> [SpoolRecord] {
    var all: [SpoolRecord] = []
    spool.forEachKept { record in
      all.append(record)
      return true
    }
    return all
  }
}
