import Platform

/// What a segment's bytes hold: its records, summed up, and what is damaged between and behind them.
struct SegmentSurvey: Equatable {
  /// Bytes that are no record although they should be.
  struct Damage: Hashable {
    var range: Range<Int>
    /// The sequence before, as far as this segment knows.
    var after: UInt64
    /// Whether no record follows: then this is what a crash leaves of a group, or damage at the end.
    var isTail: Bool
    /// Of a tail: how many records in it had been written whole, so that it is damage.
    var records = 0
    /// Between records: whether a crash may have left it so, if nobody knows that the group was durable.
    var hasHole = false
  }

  /// What the header said.
  var header: SegmentHeader.Reading
  /// What the records are verified against: the header's identity, or the name's if it has none.
  var identity: SpoolID
  var records = 0
  var index = SegmentIndex()
  /// The sequence of the first record; nil without records.
  var first: UInt64?
  var last: UInt64 = 0
  /// The offset behind the last record.
  var end = SegmentHeader.size
  /// The highest sequence that a record here knows to have been durable before it, plus one.
  var durable: UInt64 = 0
  var damages: [Damage] = []
  /// Sequences that should be between two records here and are not.
  var missing: [ClosedRange<UInt64>] = []
  /// What comes before the first record, according to it.
  var prior: UInt64?

  /// Reads all of `bytes`, or of the records only those in `range`.
  init(_ bytes: [UInt8], name: SegmentName, in range: ClosedRange<UInt64> = 1...(.max)) {
    header = SegmentHeader.read(bytes)
    identity = name.identity
    if case .header(let header) = header { identity = header.identity }
    if header == .damaged {
      damages.append(Damage(range: 0..<min(SegmentHeader.size, bytes.count), after: 0, isTail: false))
    }
    let walk = RecordWalk(identity: identity)
    var offset = SegmentHeader.size
    while offset < bytes.count {
      switch walk.step(bytes, at: offset, after: last) {
      case .record(let head, _, let next):
        if head.sequence > range.upperBound { return }
        if head.sequence >= range.lowerBound { add(head, at: offset, next: next) }
        last = head.sequence
        offset = next
      case .nothing, .incomplete:
        guard let found = walk.resume(bytes, behind: offset, after: last) else {
          addTail(bytes, from: offset)
          return
        }
        let hasHole = TailJudgement(bytes: bytes).hasHole(offset..<found)
        damages.append(Damage(range: offset..<found, after: last, isTail: false, hasHole: hasHole))
        offset = found
      }
    }
  }

  /// The sequences that are here.
  var ranges: [ClosedRange<UInt64>] {
    guard let first else { return [] }
    return missing.reduce([first...last]) { $0.subtracting($1) }
  }

  private mutating func add(_ head: RecordHead, at offset: Int, next: Int) {
    if first == nil {
      first = head.sequence
      prior = head.prior
    } else if head.prior > last {
      missing.append((last + 1)...head.prior)
    }
    index.add(head, at: offset)
    records += 1
    durable = max(durable, head.group)
    end = next
  }

  /// The sequence before the first that the header leaves to this segment; 0 without a header.
  private var known: UInt64 {
    if case .header(let header) = header { header.base - 1 } else { 0 }
  }

  /// Zeros behind the last record are the space reserved for more; anything else is damage.
  private mutating func addTail(_ bytes: [UInt8], from offset: Int) {
    var stop = bytes.count
    while stop > offset, bytes[stop - 1] == 0 { stop -= 1 }
    guard stop > offset else { return }
    let records = TailJudgement(bytes: bytes).damagedRecords(from: offset, after: max(last, known))
    damages.append(Damage(range: offset..<stop, after: last, isTail: true, records: records))
  }
}

extension [ClosedRange<UInt64>] {
  /// The same without `hole`.
  func subtracting(_ hole: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
    flatMap { range -> [ClosedRange<UInt64>] in
      guard range.overlaps(hole) else { return [range] }
      var rest: [ClosedRange<UInt64>] = []
      if range.lowerBound < hole.lowerBound { rest.append(range.lowerBound...(hole.lowerBound - 1)) }
      if range.upperBound > hole.upperBound { rest.append((hole.upperBound + 1)...range.upperBound) }
      return rest
    }
  }
}
