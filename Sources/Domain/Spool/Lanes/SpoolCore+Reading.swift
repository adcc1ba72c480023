import Platform
import Synchronization

/// Reading what is durable.
extension SpoolCore {
  /// Where to read, as the machine knows it.
  struct Plan: Sendable {
    let name: SegmentName
    let identity: SpoolID
    let place: Segment.Place
    /// The offset behind the last durable record.
    let end: Int
    /// The lowest sequence that is asked for.
    let from: UInt64
    /// The sequence behind the last of the segment.
    let next: UInt64
    let released: UInt64
  }

  /// What was read from one segment.
  private struct Harvest {
    var records: [SpoolRecord] = []
    /// The sequence to go on with.
    var next: UInt64
  }

  /// Records from `sequence` on, at most about `maxBytes` but at least one; waits for one until `deadline`.
  func read(from sequence: UInt64, maxBytes: Int, until deadline: MonotonicInstant) -> [SpoolRecord] {
    var next = sequence
    var records: [SpoolRecord] = []
    var room = max(1, maxBytes)
    // Goes on into the segments behind, as far as they are there: who gets little takes it for all there is.
    while room > 0, let plan = plan(from: next, until: records.isEmpty ? deadline : .distantPast) {
      do throws(SystemError) {
        let harvest = try harvest(plan, room)
        readFailures.store(0, ordering: .relaxed)
        records += harvest.records
        room -= harvest.records.reduce(0) { $0 + $1.payload.count + RecordHead.size }
        next = harvest.next
        if !records.isEmpty && next < plan.next { break }
      } catch {
        if records.isEmpty { pauseReading(error, deadline) }
        break
      }
    }
    return records
  }

  /// After a failure that may pass: records must not be stepped over because a disk was away for a moment.
  private func pauseReading(_ error: SystemError, _ deadline: MonotonicInstant) {
    readFailures.add(1, ordering: .relaxed)
    log(.warning, "cannot read the spool; it is tried again", ["reason": .of(error)])
    let pause = min(deadline, time.now() + .seconds(1))
    _ = gate.wait(on: Waiting.reader, until: pause) { $0.isClosing ? true : nil }
  }

  /// A disk that has failed so often in a row will not read this any more: then it is damage.
  private static let patience = 10

  /// Nil when there was nothing until `deadline`, or the spool was closed.
  private func plan(from sequence: UInt64, until deadline: MonotonicInstant) -> Plan? {
    let plan: Plan?? = gate.wait(on: Waiting.reader, until: deadline) { machine -> Plan?? in
      if let plan = machine.plan(from: sequence) { return plan }
      return machine.isClosing ? .some(nil) : nil
    }
    if let plan = plan ?? nil { return plan }
    report(gate.withLock { $0.takeNotices() })
    return nil
  }

  private func harvest(_ plan: Plan, _ maxBytes: Int) throws(SystemError) -> Harvest {
    let file: any DiskFile
    do throws(SystemError) {
      file = try files.reading(plan.name)
    } catch  where error.isNotFound {
      return lost(plan)
    }
    return try read(plan, maxBytes, file)
  }

  /// The segment's file is gone: removed by hand, or by ourselves in the meantime.
  private func lost(_ plan: Plan) -> Harvest {
    let notices = gate.withLock { machine in
      machine.table.lose(plan.name)
      machine.note(missing: plan.from..<plan.next, plan.next <= machine.table.released ? .notKept : .missing)
      return machine.takeNotices()
    }
    report(notices)
    return Harvest(next: plan.next)
  }

  private func read(_ plan: Plan, _ maxBytes: Int, _ file: any DiskFile) throws(SystemError) -> Harvest {
    let isTolerant = readFailures.load(ordering: .relaxed) >= Self.patience
    var reading = SegmentReading(plan: plan, maxBytes: maxBytes, file: file, isTolerant: isTolerant)
    try reading.run()
    for damage in reading.damages { isolate(damage, plan) }
    let notices = gate.withLock { machine in
      if let place = reading.stopped { machine.table.note(place, in: plan.name) }
      machine.counts.damages += reading.damages.count
      for range in reading.missing {
        let cause: SpoolGap.Cause =
          !reading.damages.isEmpty ? .damaged : range.upperBound <= plan.released ? .notKept : .missing
        machine.note(missing: range, cause)
      }
      return machine.takeNotices()
    }
    report(notices)
    return Harvest(records: reading.records, next: reading.next)
  }

  private func isolate(_ damage: SegmentReading.Damage, _ plan: Plan) {
    let outcome = quarantine.keep(
      damage.bytes, of: plan.name, at: damage.offset,
      reason: "damage met while reading, after sequence \(damage.after)")
    gate.withLock { machine in
      if case .copied(let count) = outcome { machine.counts.quarantinedBytes += count }
      machine.notices.append(.damage(plan.name, offset: damage.offset, bytes: damage.bytes.count))
    }
  }
}

extension SpoolMachine {
  /// Where the first record at or above `sequence` is; nil when there is none yet.
  mutating func plan(from sequence: UInt64) -> SpoolCore.Plan? {
    guard let segment = table.segment(with: sequence) else {
      if sequence < table.next { note(missing: sequence..<table.next, .missing) }
      return nil
    }
    return SpoolCore.Plan(
      name: segment.name, identity: segment.identity,
      place: table.place(of: max(sequence, segment.first), in: segment), end: segment.end,
      from: sequence, next: segment.next, released: table.released)
  }

  /// Notes sequences that cannot be read.
  mutating func note(missing range: Range<UInt64>, _ cause: SpoolGap.Cause) {
    if range.isEmpty { return }
    let gap = SpoolGap(first: range.lowerBound, last: range.upperBound - 1, cause: cause)
    guard let news = gaps.note(gap) else { return }
    if cause == .damaged { counts.corruptRecords += news.count }
    notices.append(.gap(news))
  }
}
