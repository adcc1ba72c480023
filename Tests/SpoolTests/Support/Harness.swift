import Platform

@testable import Spool

/// A spool without threads: the lanes' work is done when told, so that everything is repeatable.
struct Harness {
  let disk: SimulatedDisk
  let time: ManualTime
  var core: SpoolCore
  var committer: Committer
  var upkeeper: Upkeeper

  init(
    disk: SimulatedDisk, limits: SpoolLimits, time: ManualTime, seed: UInt64, log: Log = .silent
  ) throws(SpoolError) {
    self.disk = disk
    self.time = time
    let random = Guarded(SplitMix64(seed: seed))
    core = try SpoolCore.open("/spool", disk, limits, time, log) { random.withLock { $0.next() } }
    committer = Committer(core: core)
    upkeeper = Upkeeper(core: core)
  }

  var status: SpoolStatus { core.gate.withLock { $0.status } }

  func append(_ payload: [UInt8], events: Int = 1, _ completion: @escaping Completion = { _ in }) {
    core.append(
      Pending(
        kind: 1, payload: payload, hash: Payload.hash(payload), events: events, received: time.wall(),
        completion: completion))
  }

  /// Does all the work there is.
  mutating func settle() {
    var before = ""
    // The lanes wait for each other; two rounds without news are the end.
    for _ in 0..<8 {
      committer.drain()
      upkeeper.drain()
      let after = core.gate.withLock { "\($0.queue.footprint) \($0.table.room) \($0.counts.syncs)" }
      if after == before { return }
      before = after
    }
  }

  func read(from sequence: UInt64, maxBytes: Int = 1 << 20) -> [SpoolRecord] {
    core.read(from: sequence, maxBytes: maxBytes, until: .distantPast)
  }

  /// Everything from `sequence` on.
  func readAll(from sequence: UInt64 = 1) -> [SpoolRecord] {
    var all: [SpoolRecord] = []
    var next = sequence
    while true {
      let records = read(from: next, maxBytes: 300)
      guard let last = records.last else { return all }
      all += records
      next = last.sequence + 1
    }
  }

  mutating func close() {
    core.close()
    settle()
  }
}
