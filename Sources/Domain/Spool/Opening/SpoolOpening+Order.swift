import Platform

/// Which segments count, and what is missing between them.
extension SpoolOpening {
  /// In order of sequences, each sequence from one segment; and those of which nothing is needed.
  ///
  /// What several have, the newest gives: when it was begun, nothing from its first sequence on had been
  /// acknowledged, so whatever an older one has there is a copy, or was refused.
  func arrange(_ found: [Found]) -> ([Found], [(name: SegmentName, next: UInt64)]) {
    var claimed: [ClosedRange<UInt64>] = []
    var pieces: [(found: Found, range: ClosedRange<UInt64>)] = []
    var shadows: [(name: SegmentName, next: UInt64)] = []
    for segment in found.sorted(by: { $0.name > $1.name }) {
      let ranges = claimed.reduce(segment.survey.ranges) { $0.subtracting($1) }
      if ranges.isEmpty { shadows.append(shadow(segment)) }
      pieces += ranges.map { (segment, $0) }
      claimed += ranges
    }
    return (join(pieces.sorted { $0.range.lowerBound < $1.range.lowerBound }), shadows)
  }

  /// Makes one of pieces of a segment that nothing of another comes between, holes included.
  private func join(_ pieces: [(found: Found, range: ClosedRange<UInt64>)]) -> [Found] {
    var joined: [(found: Found, range: ClosedRange<UInt64>)] = []
    for piece in pieces {
      if let last = joined.last, last.found.name == piece.found.name {
        joined[joined.count - 1].range = last.range.lowerBound...piece.range.upperBound
      } else {
        joined.append(piece)
      }
    }
    return joined.compactMap { found, range in
      range == found.first...found.survey.last ? found : self.piece(of: found, range)
    }
  }

  func shadow(_ found: Found) -> (name: SegmentName, next: UInt64) {
    // One that could not be copied to quarantine stays whatever is released.
    (found.name, found.keepsTail ? .max : found.survey.last + 1)
  }

  /// The same segment with only the records in `range`; nil when there is none.
  func piece(of found: Found, _ range: ClosedRange<UInt64>) -> Found? {
    guard let file = try? files.reading(found.name) else { return found }
    var piece = found
    let (bytes, isWhole) = SegmentFiles.readAll(file)
    // Twice is better than not at all.
    if !isWhole { return found }
    piece.survey = SegmentSurvey(bytes, name: found.name, in: range)
    piece.first = piece.survey.first ?? 0
    return piece.survey.records > 0 ? piece : nil
  }

  /// Notes what is missing, between records and before the sequence at which it must go on.
  ///
  /// `lost`: segments with damage and no record at all. Of damage at the very end nothing that follows tells; what had
  /// been written whole there is missing.
  mutating func report(_ arranged: [Found], floor: UInt64, lost: [Found]) {
    let durable = arranged.reduce(0) { max($0, $1.survey.durable) }
    var expected: UInt64?
    // Damage that may be what is missing next, or else is a torn tail.
    var torn = 0
    var lostBytes = lost.reduce(0) { $0 + tornBytes($1) }
    for found in arranged {
      let survey = found.survey
      if let expected, let prior = survey.prior, prior >= expected,
        !tears(expected...prior, survey, durable)
      {
        let isDamaged = survey.damages.contains { $0.range.lowerBound > 0 && $0.after < found.first }
        missing(expected...prior, isDamaged || torn + lostBytes > 0 ? .damaged : .missing)
        lostBytes = 0
      } else {
        counts.tornBytes += torn
      }
      for range in survey.missing where !tears(range, survey, durable) { missing(range, .damaged) }
      expected = survey.last + 1
      torn = tornBytes(found)
    }
    if let expected, floor > expected {
      missing(expected...(floor - 1), torn + lostBytes > 0 ? .damaged : .missing)
    } else if let count = damagedAtEnd(arranged.last, lost) {
      let first = expected ?? floor
      missing(first...(first + count - 1), .damaged)
    } else {
      counts.tornBytes += torn + lostBytes
    }
  }

  /// Notes what is missing right before a record of the last group as torn, if that is all it can be.
  private mutating func tears(
    _ range: ClosedRange<UInt64>, _ survey: SegmentSurvey, _ durable: UInt64
  ) -> Bool {
    // Before the first record that counts there may be others in the segment, which a newer one has.
    let isFirst = range.upperBound == survey.prior
    let damages = survey.damages.filter {
      $0.range.lowerBound > 0 && !$0.isTail
        && (isFirst ? $0.after < range.lowerBound : $0.after == range.lowerBound - 1)
    }
    guard range.lowerBound >= durable, !damages.isEmpty, damages.allSatisfy(\.hasHole) else {
      return false
    }
    torn.append(range)
    counts.tornBytes += damages.reduce(0) { $0 + $1.range.count }
    return true
  }

  /// How many records behind `newest` were written whole and are damaged; nil for none.
  private func damagedAtEnd(_ newest: Found?, _ lost: [Found]) -> UInt64? {
    // What an older segment has at its end is a copy, or was refused.
    let ends =
      lost.filter { found in newest.map { $0.name < found.name } ?? true } + (newest.map { [$0] } ?? [])
    let count = ends.reduce(0) { $0 + $1.survey.damages.reduce(0) { $0 + $1.records } }
    return count == 0 ? nil : UInt64(count)
  }

  private func tornBytes(_ found: Found) -> Int {
    found.survey.damages.reduce(0) { $0 + ($1.isTail ? $1.range.count : 0) }
  }

  private mutating func missing(_ range: ClosedRange<UInt64>, _ cause: SpoolGap.Cause) {
    let gap = SpoolGap(first: range.lowerBound, last: range.upperBound, cause: cause)
    guard let news = gaps.note(gap) else { return }
    if cause == .damaged { counts.corruptRecords += news.count }
    note(
      .error, "records of the spool cannot be read; draining goes on after them",
      "\(news.first) to \(news.last)", cause.rawValue)
  }
}
