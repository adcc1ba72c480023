// How a directory of segments becomes a spool again, whatever happened to it.
//
//   1. Headers. A segment of a newer version ends the matter before anything is changed.
//   2. Every segment is read to its end. What is no valid record is copied to the quarantine, counted,
//      and stepped over: behind it the next valid record is looked for, so that damage never hides what
//      comes after. What is at the end of a segment is cut as the torn tail that a crash leaves, and also
//      counted as damage where it cannot be that (see `TailJudgement`). So it is with holes between records of
//      the last group, of which nobody knows that it was durable: the disk writes in any order.
//   3. Segments are put in order of their sequences. Where two have the same records, which is what a
//      failed sync or step 4 leaves, the newer one counts. Sequences that no segment has are a gap.
//   4. Segments that were not closed are synced, and the last group is written again, to a new segment:
//      after a crash nobody knows what is on the disk and what only in the page cache, and after a
//      failed sync the page cache itself is wrong about it. New records follow in the new segment; what
//      was found is never written to again, only cut behind its last record.
import Platform

/// Opens the spool in a directory.
struct SpoolOpening {
  let files: SegmentFiles
  let limits: SpoolLimits
  let time: any TimeSource
  let entropy: @Sendable () -> UInt64
  var counts = SpoolStatus.Counts()
  var gaps = GapList()
  var notes: [OpeningNote] = []
  /// Sequences of the last group that a crash left nothing readable of, though it did of later ones.
  var torn: [ClosedRange<UInt64>] = []
  /// Segments that may be removed; the others are kept whatever is in them.
  private var removable: Set<SegmentName> = []

  init(
    files: SegmentFiles, limits: SpoolLimits, time: any TimeSource, entropy: @escaping @Sendable () -> UInt64
  ) {
    self.files = files
    self.limits = limits
    self.time = time
    self.entropy = entropy
  }

  /// A segment and what is in it.
  struct Found {
    let name: SegmentName
    let size: Int
    var survey: SegmentSurvey
    /// The lowest sequence that is read from here.
    var first: UInt64
    /// The tail could not be copied, so it must not be cut.
    var keepsTail: Bool
  }

  mutating func open() throws(SpoolError) -> OpenedSpool {
    let names = try segmentNames()
    for name in names { try checkHeader(name) }
    let found = names.map { survey($0) }
    var (arranged, shadows) = arrange(found.filter { $0.survey.records > 0 })
    let floor = found.reduce(1) { max($0, header($1.survey)?.base ?? 1) }
    report(
      arranged, floor: floor, lost: found.filter { $0.survey.records == 0 && !$0.survey.damages.isEmpty })
    let last = names.last
    let available = (try? files.disk.available(files.directory)) ?? .max
    let capacity = limits.capacity(used: found.reduce(0) { $0 + $1.size }, available: available)
    var identity = SpoolID(high: entropy(), low: entropy())
    if let newest = found.last { identity = newest.survey.identity }
    let next = max(floor, (arranged.last?.survey.last ?? 0) + 1)
    var ordinal = (last?.ordinal ?? 0) + 1
    // What a failed group may have left unreadable at the end could become readable again one day: its
    // sequences are not used for others.
    let torn = found.reduce(0) { $0 + tornRecords($1.survey) }
    let start = found.reduce(next &+ torn) { max($0, header($1.survey)?.start ?? 0) }
    let settled = settle(
      &arranged, &shadows, identity, ordinal: &ordinal, next: next, start: start,
      size: limits.segment(capacity))
    var segments = arranged.map { found in
      segment(found, isCut: !arranged.contains { $0.name == found.name && $0.first > found.first })
    }
    if case .success(let active) = settled { segments.append(active) }
    for empty in found where empty.survey.records == 0 && removable.contains(empty.name) {
      shadows.append((empty.name, 0))
    }
    var opened = OpenedSpool(
      identity: identity, table: SegmentTable(segments: segments, shadows: shadows, floor: floor),
      nextSequence: start, nextOrdinal: ordinal, capacity: capacity, counts: counts, gaps: gaps, notes: notes)
    if case .failure(let error) = settled { opened.disk = try state(after: error) }
    return opened
  }

  /// Some failures will not pass by waiting: better to say so at the start.
  private func state(after error: SystemError) throws(SpoolError) -> SpoolMachine.DiskState {
    // EPERM, EACCES, EROFS.
    if [1, 13, 30].contains(error.errno) { throw .unusable(files.directory, error) }
    return SpoolMachine.DiskState(error)
  }

  // MARK: Headers

  private mutating func segmentNames() throws(SpoolError) -> [SegmentName] {
    let all: [String]
    do throws(SystemError) {
      all = try files.disk.list(files.directory)
    } catch {
      throw .unusable(files.directory, error)
    }
    for name in all where SegmentName(name) == nil && name != "quarantine" {
      note(.warning, "unknown file in the spool; it is left alone", name, "")
    }
    return all.compactMap { SegmentName($0) }.sorted()
  }

  private func checkHeader(_ name: SegmentName) throws(SpoolError) {
    var bytes: [UInt8] = []
    do throws(SystemError) {
      bytes = try files.reading(name).read(count: SegmentHeader.size, at: 0)
    } catch {
      // EPERM and ELOOP: a file that is not ours, or a link. EACCES: no permission to read. The rest is
      // damage, which is dealt with later.
      if [1, 40].contains(error.errno) { throw .notOurs(files.path(name), error) }
      if error.errno == 13 { throw .unusable(files.path(name), error) }
    }
    if case .newer(let version) = SegmentHeader.read(bytes) {
      throw .newerFormat(files.path(name), version)
    }
  }

  private func header(_ survey: SegmentSurvey) -> SegmentHeader? {
    if case .header(let header) = survey.header { return header }
    return nil
  }

  // MARK: Reading

  private mutating func survey(_ name: SegmentName) -> Found {
    let (bytes, isWhole) = content(name)
    var survey = SegmentSurvey(bytes, name: name)
    var isKept = true
    for damage in survey.damages where !quarantine(damage, in: bytes, of: name) { isKept = false }
    if !isWhole {
      // Perhaps it can be read another day: nothing of it is cut or removed, and no sequence that may be
      // in it is given again.
      isKept = false
      let unread = max(bytes.count, SegmentHeader.size)
      survey.damages.append(SegmentSurvey.Damage(range: 0..<unread, after: survey.last, isTail: true))
      note(.error, "cannot read a segment whole; it is kept, and what can be read is used", "\(name)", "")
    }
    if isKept { removable.insert(name) }
    counts.damages += survey.damages.count
    if bytes.count > survey.end, survey.records > 0 { sync(name) }
    return Found(
      name: name, size: bytes.count, survey: survey, first: survey.first ?? 0, keepsTail: !isKept)
  }

  /// A segment that was not closed may be in the page cache only, though here it looks as if on the disk.
  private mutating func sync(_ name: SegmentName) {
    do throws(SystemError) {
      try files.reading(name).sync()
    } catch {
      note(.warning, "cannot sync a segment that was not closed", "\(name)", "\(error)")
    }
  }

  private func content(_ name: SegmentName) -> (bytes: [UInt8], isWhole: Bool) {
    do throws(SystemError) {
      return SegmentFiles.readAll(try files.reading(name))
    } catch {
      return ([], error.isNotFound)
    }
  }

  /// False when the bytes could not be copied.
  private mutating func quarantine(
    _ damage: SegmentSurvey.Damage, in bytes: [UInt8], of name: SegmentName
  ) -> Bool {
    let reason =
      if damage.range.lowerBound == 0 {
        "damaged header"
      } else if damage.records > 0 {
        "records that were written whole and have changed since, after sequence \(damage.after)"
      } else if damage.isTail {
        "no valid record follows sequence \(damage.after): a torn tail, or damage"
      } else {
        "damage between valid records, after sequence \(damage.after)"
      }
    let quarantine = Quarantine(disk: files.disk, spool: files.directory, limit: limits.quarantineBytes)
    let outcome = quarantine.keep(
      Array(bytes[damage.range]), of: name, at: damage.range.lowerBound, reason: reason)
    let place = "\(damage.range.count) bytes at \(damage.range.lowerBound)"
    switch outcome {
    case .copied(let count):
      counts.quarantinedBytes += count
      note(
        .warning, "damage in the spool; the bytes are in quarantine, the rest is used", "\(name)",
        "\(place), \(reason)")
    case .known:
      note(.info, "damage in the spool, known before", "\(name)", "\(place), \(reason)")
    case .failed(let cause):
      note(
        .error, "cannot copy damage to quarantine; the segment is kept as it is", "\(name)",
        "\(place): \(cause)")
      return false
    }
    return true
  }

  mutating func note(_ level: Log.Level, _ message: String, _ subject: String, _ detail: String) {
    notes.append(OpeningNote(level: level, message: message, subject: subject, detail: detail))
  }

  /// How many records a torn tail can hold at most.
  ///
  /// Of a segment that could not be read nobody knows, so that a leap far ahead is made, and a random
  /// one, for the next time may find as little to go by.
  private func tornRecords(_ survey: SegmentSurvey) -> UInt64 {
    survey.damages.reduce(0) { sum, damage in
      guard damage.isTail else { return sum }
      let leap = (1 << 32) + (entropy() >> 32)
      return sum + (damage.range.lowerBound == 0 ? leap : UInt64(damage.range.count / RecordHead.size) + 1)
    }
  }

  /// `isCut`: whether what is behind its last record may go.
  private func segment(_ found: Found, isCut: Bool) -> Segment {
    Segment(
      name: found.name, identity: found.survey.identity, first: found.first, next: found.survey.last + 1,
      end: found.survey.end, size: isCut && !found.keepsTail ? found.size : found.survey.end,
      index: found.survey.index,
      isSealed: true, isPinned: found.keepsTail)
  }
}
