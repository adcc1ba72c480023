import Platform
import Synchronization

/// What the lanes and the callers of a spool share: the machine behind its lock, and the files.
final class SpoolCore: Wakeable {
  /// Who waits for what at the gate.
  enum Waiting {
    static let commit = 0
    static let upkeep = 1
    static let reader = 2
  }

  /// From this many bytes on, a record is written without waiting for others.
  private static let large = 16 << 10

  let gate: Gate<SpoolMachine>
  let files: SegmentFiles
  let quarantine: Quarantine
  let time: any TimeSource
  let log: Log
  /// How often reading failed since it last succeeded.
  let readFailures = Atomic(0)

  init(machine: SpoolMachine, files: SegmentFiles, time: any TimeSource, log: Log) {
    gate = Gate(machine, conditions: 3)
    self.files = files
    self.time = time
    self.log = log
    quarantine = Quarantine(disk: files.disk, spool: files.directory, limit: machine.limits.quarantineBytes)
  }

  /// Takes a record, or calls the completion at once with why not.
  func append(_ record: Pending) {
    let now = time.now()
    let (refusal, isFirst) = gate.withLock { machine in
      let wasEmpty = machine.queue.isEmpty
      return (machine.append(record, now: now), wasEmpty)
    }
    if let refusal { return record.completion(.failure(refusal)) }
    // Those that follow find the lane awake, or on its way to look again. It is not woken for one small record while
    // more may be at hand; to write a large one takes a while, so that it begins at once.
    if record.footprint >= Self.large { wake() } else if isFirst { Round.wake(self) }
  }

  /// Wakes the commit lane.
  func wake() { gate.signal(Waiting.commit) }

  func release(below sequence: UInt64) {
    let now = time.now()
    gate.withLock { machine in
      let before = machine.table.undrained().bytes
      machine.table.release(below: sequence, now: now)
      machine.isFull = false
      machine.drain.drained(max(0, before - machine.table.undrained().bytes), now: now)
    }
    gate.signal(Waiting.upkeep)
  }

  func close() {
    gate.withLock { $0.isClosing = true }
    gate.broadcast(Waiting.commit)
    gate.broadcast(Waiting.upkeep)
    gate.broadcast(Waiting.reader)
  }
}

/// The log lines.
extension SpoolCore {
  /// Writes what the machine has noticed; never under its lock.
  func report(_ notices: [SpoolMachine.Notice]) {
    for notice in notices { report(notice) }
  }

  private func report(_ notice: SpoolMachine.Notice) {
    switch notice {
    case .segmentFailed(let name, let error):
      log(
        .error, "cannot write a group to the spool; the segment is not written again, the next one is tried",
        ["segment": .of(name), "reason": .of(error)])
    case .groupRefused(let records, let error):
      log(
        .error,
        "cannot write a group to the spool; it is refused, and a new segment is tried from time to time",
        ["records": .count(records), "reason": .of(error)])
    case .cannotPrepare(let error):
      log(
        .error, "cannot make the next segment; appends are refused once the present one is full",
        ["reason": .of(error)])
    case .recovered:
      log(.info, "the spool can be written again", ["directory": .text(files.directory)])
    case .cannotRemove(let name, let error):
      log(
        .warning, "cannot remove a drained segment; it is tried again in 10 s",
        ["segment": .of(name), "reason": .of(error)])
    case .gap(let gap):
      log(
        .error, "records of the spool cannot be read; draining goes on after them",
        ["first": .count(gap.first), "last": .count(gap.last), "cause": .text(gap.cause.rawValue)])
    case .damage(let name, let offset, let bytes):
      log(
        .error, "damage in the spool; the bytes are in quarantine, the rest is used",
        ["segment": .of(name), "offset": .count(offset), "bytes": .count(bytes)])
    }
  }
}

/// Opening.
extension SpoolCore {
  static func open(
    _ directory: String, _ disk: any Disk, _ limits: SpoolLimits, _ time: any TimeSource, _ log: Log,
    _ entropy: @escaping @Sendable () -> UInt64
  ) throws(SpoolError) -> SpoolCore {
    let files = SegmentFiles(disk: disk, directory: directory)
    var opening = SpoolOpening(files: files, limits: limits, time: time, entropy: entropy)
    let opened = try opening.open()
    for note in opened.notes {
      log(note.level, note.message, ["subject": .text(note.subject), "detail": .text(note.detail)])
    }
    let machine = SpoolMachine(limits: limits, opened: opened, seed: entropy())
    let status = machine.status
    log(
      .info, "spool opened",
      [
        "directory": .text(directory), "identity": .of(machine.identity), "segments": .count(status.segments),
        "events": .count(status.events), "next": .count(status.nextSequence),
      ])
    return SpoolCore(machine: machine, files: files, time: time, log: log)
  }

  func renew(_ identity: SpoolID) {
    gate.withLock { $0.renew(identity) }
    gate.signal(Waiting.upkeep)
  }
}
