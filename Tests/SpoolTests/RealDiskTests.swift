import Platform
import Testing

@testable import Spool

/// The spool with its lanes on this machine's disk.
struct RealDiskTests {
  private static let small = SpoolLimits(capacityBytes: 64 << 20, segmentBytes: 256 << 10)

  private func withScratch(_ body: (String) throws -> Void) throws {
    let scratch = try Directory.temporary(prefix: "spool-tests")
    defer { try? Directory.removeTree(scratch) }
    try body(scratch)
  }

  private func open(_ directory: String, _ limits: SpoolLimits = Self.small) throws -> Spool {
    try Spool.open(directory: directory, limits: limits, log: .silent)
  }

  @Test func `many lanes append, one drains, and every record comes once and in order`() throws {
    try withScratch { scratch in
      let spool = try open(scratch + "/spool")
      let acknowledged = Gate<[UInt64: UInt64]>([:])
      let lanes = try (0..<4).map { lane in
        try Lane(name: "append-\(lane)") {
          for index in 0..<1_000 {
            let number = UInt64(lane * 1_000 + index + 1)
            spool.append(kind: 1, payload: Payload.make(number, length: index % 300), events: 2) { result in
              if case .success(let sequence) = result { acknowledged.withLock { $0[sequence] = number } }
              acknowledged.signal()
            }
          }
        }
      }
      var seen: [UInt64: UInt64] = [:]
      var next: UInt64 = 1
      let deadline = SystemTime().now() + .seconds(60)
      while seen.count < 4_000, SystemTime().now() < deadline {
        let records = spool.read(from: next, maxBytes: 100_000, waitUntil: SystemTime().now() + .seconds(1))
        for record in records {
          #expect(record.sequence >= next)
          next = record.sequence + 1
          seen[record.sequence] = Payload.number(record.payload)
        }
        spool.release(below: next)
      }
      for lane in lanes { lane.join() }
      let done = acknowledged.wait(until: deadline) { $0.count == 4_000 ? $0 : nil }
      #expect(done == seen)
      #expect(Set(seen.values) == Set((1...4_000).map { UInt64($0) }))
      let status = spool.status()
      #expect(status.events == 0 && status.counts.events == 8_000 && status.counts.records == 4_000)
      #expect(status.counts.syncs <= 4_000)
      spool.close()
      let again = try open(scratch + "/spool")
      #expect(again.identity == spool.identity)
      #expect(again.status().nextSequence == next)
      again.close()
    }
  }

  @Test func `a reader wakes when a record becomes durable, and when the spool is closed`() throws {
    try withScratch { scratch in
      let spool = try open(scratch + "/spool")
      let read = Gate<[[SpoolRecord]]>([])
      let lane = try Lane(name: "reader") {
        for next in [UInt64(1), 2] {
          let records = spool.read(from: next, maxBytes: 100, waitUntil: .distantFuture)
          read.withLock { $0.append(records) }
          read.signal()
        }
      }
      spool.append(kind: 7, payload: [1, 2, 3], events: 0) { _ in }
      let first = read.wait(until: SystemTime().now() + .seconds(30)) { $0.first }
      #expect(first?.map(\.payload) == [[1, 2, 3]])
      spool.close()
      lane.join()
      #expect(read.withLock { $0.last } == [])
    }
  }

  @Test func `a second spool on the same directory is refused and told by whom`() throws {
    try withScratch { scratch in
      let spool = try open(scratch + "/spool")
      let error = #expect(throws: SpoolError.self) { try open(scratch + "/spool") }
      #expect(error?.code == .locked)
      #expect(error?.description.contains("spool locked by pid \(Identity.pid)") == true)
      spool.close()
      try open(scratch + "/spool").close()
    }
  }

  @Test func `directory and files are private, and made so when they are not`() throws {
    try withScratch { scratch in
      let directory = scratch + "/spool"
      try open(directory).close()
      #expect(try FileStatus.of(directory)?.mode == 0o700)
      for name in try Directory.list(directory) {
        #expect(try FileStatus.of("\(directory)/\(name)")?.mode == 0o600, "\(name)")
      }
      try Directory.setMode(directory, 0o777)
      let names = try Directory.list(directory)
      for name in names { try Directory.setMode("\(directory)/\(name)", 0o666) }
      try Directory.create(directory + "/quarantine", mode: 0o755)
      let damaged = directory + "/quarantine/1-1-64.damaged"
      _ = try FileDescriptor.open(damaged, [.write, .create], mode: 0o644)
      let notes = directory + "/notes.txt"
      _ = try FileDescriptor.open(notes, [.write, .create], mode: 0o644)
      let lines = Gate<[String]>([])
      let log = Log { line in lines.withLock { $0.append(line) } }
      try Spool.open(directory: directory, limits: Self.small, log: log).close()
      #expect(try FileStatus.of(directory)?.mode == 0o700)
      for path in try Directory.list(directory).map({ "\(directory)/\($0)" }) + [damaged] {
        guard let status = try FileStatus.of(path), status.kind == .file else { continue }
        #expect(status.mode == (path == notes ? 0o644 : 0o600), "\(path)")
      }
      let told = lines.withLock { $0.filter { $0.contains("permissions of") } }
      #expect(told.count == 4)
      #expect(told.contains { $0.contains(".seg were 666, now 600; and of \(names.count - 1) more") })
      #expect(told.contains { $0.contains("64.damaged were 644, now 600") })
    }
  }

  @Test func `a symbolic link is refused, for the directory and for a segment`() throws {
    try withScratch { scratch in
      try Directory.create(scratch + "/real")
      let link = Command("/bin/ln", ["-s", scratch + "/real", scratch + "/spool"])
      #expect(try link.run(until: SystemTime().now() + .seconds(20)).code == 0)
      let error = #expect(throws: SpoolError.self) { try open(scratch + "/spool") }
      #expect(error?.code == .untrusted)
      let name = SegmentName(ordinal: 1, identity: SpoolID(high: 1, low: 1))
      let other = Command("/bin/ln", ["-s", "/etc/passwd", "\(scratch)/real/\(name)"])
      #expect(try other.run(until: SystemTime().now() + .seconds(20)).code == 0)
      let second = #expect(throws: SpoolError.self) { try open(scratch + "/real") }
      #expect(second?.code == .untrusted && second?.description.contains("symbolic link") == true)
    }
  }

  @Test(.enabled(if: Identity.isRoot, "only root can give a file to somebody else"))
  func `another user's directory or segment is refused`() throws {
    try withScratch { scratch in
      let directory = scratch + "/spool"
      try open(directory).close()
      let name = try #require(try Directory.list(directory).first { $0.hasSuffix(".seg") })
      try Directory.setOwner("\(directory)/\(name)", user: 65_534, group: 65_534)
      let error = #expect(throws: SpoolError.self) { try open(directory) }
      #expect(error?.code == .untrusted)
      try Directory.setOwner(directory, user: 65_534, group: 65_534)
      let second = #expect(throws: SpoolError.self) { try open(directory) }
      #expect(second?.description.contains("belongs to user 65534") == true)
    }
  }

  @Test(.enabled(if: !Identity.isRoot, "nothing is forbidden to root"))
  func `a directory that cannot be written is refused with its path and the reason`() throws {
    try withScratch { scratch in
      try Directory.create(scratch + "/closed", mode: 0o500)
      let error = #expect(throws: SpoolError.self) { try open(scratch + "/closed/spool") }
      #expect(error?.code == .unusable)
      #expect(error?.description.contains("Permission denied") == true)
      #expect(error?.description.contains(scratch + "/closed") == true)
    }
  }

  @Test func `a closed spool leaves no reserved space behind`() throws {
    try withScratch { scratch in
      let directory = scratch + "/spool"
      let spool = try open(directory)
      let gate = Gate(0)
      spool.append(kind: 1, payload: [1], events: 1) { _ in
        gate.withLock { $0 += 1 }
        gate.signal()
      }
      _ = gate.wait(until: SystemTime().now() + .seconds(30)) { $0 == 1 ? true : nil }
      spool.close()
      let used = try Directory.list(directory).filter { $0.hasSuffix(".seg") }
        .map { try FileStatus.of("\(directory)/\($0)")?.size ?? 0 }
      #expect(used.contains(128), "\(used)")
    }
  }
}
