import Bytes
import Platform

/// What the commit lane runs: it takes groups, writes and syncs them, and answers.
struct Committer {
  let core: SpoolCore
  /// Heads and small payloads, which go to the disk together.
  private var buffer = ByteWriter(capacity: flushed + copied)
  private let round = Round()
  private var current: (name: SegmentName, file: any DiskFile)?
  /// From this size on, a payload is written from where it is: to copy it costs more than a call.
  private static let copied = 16 << 10
  /// From this size on, what was gathered is written.
  private static let flushed = 1 << 20

  init(core: SpoolCore) {
    self.core = core
  }

  /// Runs until the spool is closed and everything is answered.
  mutating func run() {
    while turn(core.gate.wait(on: SpoolCore.Waiting.commit) { $0.nextCommit(core) }) {}
  }

  /// Does all there is to do now, and returns without waiting.
  mutating func drain() {
    while case .over(let action) = core.gate.withLock({ $0.nextCommit(core) }) {
      if !turn(action) { return }
    }
  }

  /// Does one thing, and what follows from it; false when it was the last.
  private mutating func turn(_ action: SpoolMachine.CommitAction) -> Bool {
    var action = action
    while true {
      switch action {
      case .wait: return true
      case .stop:
        core.gate.signal(SpoolCore.Waiting.upkeep)
        return false
      case .answer(let answers):
        round.run { for answer in answers { answer.completion(answer.result) } }
        return true
      case .commit(let group): action = commit(group)
      }
    }
  }

  private mutating func commit(_ group: CommitGroup) -> SpoolMachine.CommitAction {
    let start = core.time.now()
    let event: SpoolMachine.CommitEvent
    do throws(SystemError) {
      try write(group)
      event = .committed(core.time.now() - start)
    } catch {
      event = .failed(error)
    }
    let now = core.time.now()
    let (action, notices, needsUpkeep) = core.gate.withLock { machine in
      (machine.step(event, now: now), machine.takeNotices(), machine.needsUpkeep)
    }
    if case .committed = event { core.gate.broadcast(SpoolCore.Waiting.reader) }
    if needsUpkeep { core.gate.signal(SpoolCore.Waiting.upkeep) }
    core.report(notices)
    return action
  }

  private mutating func write(_ group: CommitGroup) throws(SystemError) {
    let file = try file(of: group.segment)
    var offset = group.offset
    for (index, record) in group.records.enumerated() {
      let head = group.head(index)
      if record.payload.count < Self.copied {
        head.append(to: &buffer, payload: record.payload, hash: record.hash, identity: group.identity)
        if buffer.count >= Self.flushed { try flush(to: file, &offset) }
      } else {
        head.append(to: &buffer, hash: record.hash, identity: group.identity)
        try flush(to: file, &offset)
        try file.write(record.payload, at: offset)
        offset += record.payload.count
        RecordHead.fill(&buffer, behind: record.payload.count)
      }
    }
    try flush(to: file, &offset)
    try file.sync()
    // Somebody may have removed it by hand; then it is as good as a disk that failed.
    if try !file.isNamed() { throw SystemError(call: "find", subject: "\(group.segment)", errno: 2) }
  }

  /// Writes what was gathered.
  private mutating func flush(to file: any DiskFile, _ offset: inout Int) throws(SystemError) {
    if buffer.count == 0 { return }
    defer { buffer.removeAll() }
    try file.write(buffer.bytes, at: offset)
    offset += buffer.count
  }

  private mutating func file(of name: SegmentName) throws(SystemError) -> any DiskFile {
    if let current, current.name == name { return current.file }
    guard let file = core.files.take(name) else {
      throw SystemError(call: "find", subject: "\(name)", errno: 2)
    }
    current = (name, file)
    return file
  }
}

extension SpoolMachine {
  /// What the commit lane does next, if anything.
  mutating func nextCommit(_ core: SpoolCore) -> Gate<SpoolMachine>.Pause<CommitAction> {
    let action = step(.ready as CommitEvent, now: core.time.now())
    guard case .wait = action else { return .over(action) }
    if wanted > 0 { core.gate.signal(SpoolCore.Waiting.upkeep) }
    return .pause(nil)
  }

  /// Whether the upkeep lane should look now.
  var needsUpkeep: Bool {
    needsSegment || table.trimmable != nil
  }
}
