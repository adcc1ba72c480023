import Platform

/// Called once when it is known what became of a record.
typealias Completion = @Sendable (Result<UInt64, SpoolRefusal>) -> Void

/// A record that waits for the disk.
struct Pending: Sendable {
  let kind: UInt8
  let payload: [UInt8]
  let hash: UInt64
  let events: Int
  let received: WallTime
  let completion: Completion

  /// What it takes on the disk.
  var footprint: Int { RecordHead.footprint(payload.count) }
  /// What it takes in memory, roughly.
  var weight: Int { payload.count + 256 }
}

/// What to tell somebody who appended.
struct Answer: Sendable {
  let completion: Completion
  let result: Result<UInt64, SpoolRefusal>
}

/// Records that go to the disk, and are acknowledged, together.
struct CommitGroup: Sendable {
  var records: [Pending]
  /// The sequence of the first; the others follow.
  var first: UInt64
  /// Sequences before the first that no durable record has.
  var skipped: UInt64
  /// Where it goes.
  var segment: SegmentName
  var identity: SpoolID
  var offset: Int
  /// Whether it failed before, elsewhere.
  var isSecondAttempt = false

  var footprint: Int { records.reduce(0) { $0 + $1.footprint } }
  var next: UInt64 { first + UInt64(records.count) }

  func head(_ index: Int) -> RecordHead {
    let record = records[index]
    return RecordHead(
      length: record.payload.count, sequence: first + UInt64(index), group: first, received: record.received,
      events: record.events, kind: record.kind, skipped: index == 0 ? skipped : 0)
  }
}
