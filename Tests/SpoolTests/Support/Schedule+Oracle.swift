import Platform

@testable import Spool

/// What must hold.
extension Schedule {
  /// Whatever is read is what was appended, in order, and always the same.
  mutating func check(_ records: [SpoolRecord], from sequence: UInt64) throws {
    var last = sequence - 1
    for record in records {
      guard record.sequence > last else { throw fail("sequence \(record.sequence) after \(last)") }
      last = record.sequence
      guard let number = Payload.number(record.payload), number > 0, number < nextNumber else {
        throw fail("a record that nobody appended, at \(record.sequence)")
      }
      // Of a damaged record's sequence nobody can know that it was given.
      let isKnown = !sacrificed.contains(record.sequence)
      if isKnown, let before = content[record.sequence], before != number {
        throw fail("sequence \(record.sequence) was \(before) and is \(number)")
      }
      content[record.sequence] = number
      let promised = acknowledged.with { $0[record.sequence] }
      if isKnown, let promised, promised != number {
        throw fail("sequence \(record.sequence) was acknowledged as \(promised) and is \(number)")
      }
    }
  }

  /// No file goes that has an acknowledged record at or above the released position, unless another has it.
  mutating func checkRemoved() throws {
    let (given, durable) = harness.core.gate.withLock { ($0.nextSequence, $0.table.next) }
    if given < durable { throw fail("the next sequence is \(given), and \(durable) is durable") }
    for (path, bytes) in disk.takeRemoved() {
      let released = harness.status.released
      let gone = Self.records(path, bytes).map(\.0).filter { $0 >= released && !sacrificed.contains($0) }
      let needed = acknowledged.with { known in gone.filter { known[$0] != nil } }
      if needed.isEmpty { continue }
      let kept = Set(disk.segments.flatMap { records($0).map(\.0) })
      for sequence in needed where !kept.contains(sequence) {
        throw fail("\(path) was removed with record \(sequence), released is \(released)")
      }
    }
  }

  /// What a crash leaves of the last group is not taken for damage, when opening nor when reading.
  mutating func checkTorn() throws {
    let isSettled = harness.core.gate.withLock { $0.disk == .fine && $0.table.room > 0 }
    if tally.flips + tally.deletions > 0 || wasBlind || !isSettled { return }
    _ = harness.readAll()
    let counts = harness.status.counts
    if counts.corruptRecords > 0 { throw fail("\(harness.status.gaps) are damaged, and nobody damaged them") }
    tally.tornBytes += counts.tornBytes
  }

  /// Sequences from `sequence` on that were acknowledged and are not in the database.
  func needed(from sequence: UInt64) -> [UInt64] {
    let stored = stored
    return acknowledged.with { known in
      known.filter { $0.key >= sequence && !stored.contains($0.value) }.map(\.key)
    }
  }

  /// The disk is whole again: everything promised is there, and a new record gets through.
  mutating func finish() throws {
    step = "end"
    disk.set { $0 = SimulatedDisk.Faults() }
    if isBlind {
      remember()
      try openWell()
    }
    time.advance(by: .seconds(120))
    harness.settle()
    try checkRemoved()
    let start = max(position, 1)
    let records = harness.readAll(from: start)
    try check(records, from: start)
    let present = Set(records.map(\.sequence))
    let missing = needed(from: start).filter { !present.contains($0) }
    if let lost = missing.filter({ !sacrificed.contains($0) }).min() {
      throw fail("record \(lost) was acknowledged and is lost; position \(start), read \(present.sorted())")
    }
    let counts = harness.status.counts
    if !missing.isEmpty, !isNewestGone, damagesSeen + counts.damages + counts.gaps == 0 {
      throw fail("records \(missing.sorted()) are lost without being counted")
    }
    // One by one, wherever they were, and be it at the very end.
    let untold = missing.filter { !doubtful.contains($0) }.count - missingSeen - counts.missingRecords
    if untold > 0, tally.deletions == 0, !wasBlind {
      throw fail("of the lost records \(missing.sorted()) \(untold) are not told of")
    }
    tally.lost += missing.count
    tally.acknowledged += acknowledged.with { $0.count }
    tally.refused += counts.refused
    tally.syncFailures += counts.failures
    try checkLife()
  }

  private mutating func checkLife() throws {
    let number = nextNumber
    nextNumber += 1
    harness.core.release(below: .max)
    harness.settle()
    let answer = Box<Result<UInt64, SpoolRefusal>?>(nil)
    // Somebody may have removed the segments at hand; then the next one is made after a pause.
    for _ in 0..<3 {
      harness.append(Payload.make(number, length: 10)) { result in answer.with { $0 = result } }
      harness.settle()
      if case .success = answer.with({ $0 }) { break }
      time.advance(by: .seconds(2))
      harness.settle()
    }
    guard case .success(let sequence) = answer.with({ $0 }) else {
      throw fail("a fresh record was not taken: \(String(describing: answer.with { $0 }))")
    }
    acknowledged.with { $0[sequence] = number }
    let records = harness.read(from: sequence)
    guard records.count == 1, records[0].sequence == sequence, Payload.number(records[0].payload) == number
    else {
      throw fail("the fresh record \(sequence) cannot be read")
    }
  }
}
