// A batch: what the drain read from the spool, laid out for one transaction.
import Hashing
import Model
import Platform
import Spool

/// One event on its way into the database.
struct BatchItem: Sendable {
  /// The event.
  var frame: EventFrame
  /// The spool record it came in.
  var sequence: UInt64
  /// Its place among the events of that record.
  var slot: Int32
  /// When that record was received.
  var receivedAt: Timestamp
}

/// One refused event on its way into the database.
struct BatchRejection: Sendable {
  var sequence: UInt64
  /// Its place among the rejections of its kind in that record.
  var slot: Int32
  var receivedAt: Timestamp
  var sender: String
  var rejection: Rejection
  /// Whether it was found only here, after the client had been told that all is well.
  var isAcknowledged = false
}

/// Bytes nobody here can read, on their way into quarantine.
struct UnreadableRecord: Sendable {
  var sequence: UInt64
  /// Its place in the record, or -1 for the record as a whole.
  var slot: Int32
  var reason: String
  var sqlState: String?
  var bytes: [UInt8]
}

/// The records from `start` up to but not including `end`.
struct Batch: Sendable {
  /// The sequence the drain wanted first.
  var start: UInt64
  /// The sequence to go on with.
  var end: UInt64
  /// The first sequence that was there; later than `start` where the spool has lost records.
  var firstFound: UInt64
  var items: [BatchItem] = []
  var rejections: [BatchRejection] = []
  var unreadable: [UnreadableRecord] = []
  /// The senders of the records with events, for rejections that are found later.
  var senders: [UInt64: String] = [:]
  /// The time of receipt of the last record.
  var seenUntil: Timestamp?
  /// What the last record is known by.
  var digest: Int64?
  /// The size of what was read.
  var bytes = 0
  /// The items in runs that are written one after another, each grouped by handoff; set by `group`.
  private(set) var plans: [MergePlan] = []

  /// Lays out records, which are in order and not empty.
  init(start: UInt64, records: [SpoolRecord]) {
    self.start = start
    firstFound = records.first?.sequence ?? start
    end = start
    items.reserveCapacity(records.reduce(0) { $0 &+ max($1.events, 0) })
    for record in records where record.sequence >= end {
      end = record.sequence &+ 1
      bytes += record.payload.count
      seenUntil = Timestamp(microseconds: record.received.microseconds)
      if record.sequence == records.last?.sequence { digest = record.digest }
      take(record)
    }
  }

  private mutating func take(_ record: SpoolRecord) {
    guard record.kind == 1, let payload = BatchPayload(record.payload) else {
      unreadable.append(
        UnreadableRecord(
          sequence: record.sequence, slot: -1,
          reason: "the record is of no known kind or form (kind \(record.kind))",
          bytes: record.payload))
      return
    }
    senders[record.sequence] = payload.from
    for (slot, frame) in payload.frames.enumerated() {
      items.append(
        BatchItem(
          frame: frame, sequence: record.sequence, slot: Int32(clamping: slot), receivedAt: payload.receivedAt
        ))
    }
    for (slot, rejection) in payload.rejections.enumerated() {
      rejections.append(
        BatchRejection(
          sequence: record.sequence, slot: Int32(clamping: slot), receivedAt: payload.receivedAt,
          sender: payload.from, rejection: rejection))
    }
  }
}

extension Batch {
  /// Sets aside the events of days that have no partition and get none: older than the retention, or so far
  /// ahead that a clock must be wrong.
  mutating func setAside(before first: Int64?, after last: Int64) {
    func isOutside(_ item: BatchItem) -> Bool {
      let day = item.frame.occurredAt.day
      return day > last || first.map { day < $0 } ?? false
    }
    guard items.contains(where: isOutside) else { return }
    for item in items where isOutside(item) {
      unreadable.append(
        UnreadableRecord(
          sequence: item.sequence, slot: item.slot,
          reason:
            "no partition for \(item.frame.occurredAt.text): older than the retention, or ahead of the clock",
          bytes: Array(item.frame.bytes[item.frame.range])))
    }
    items.removeAll(where: isOutside)
  }
}

extension Batch {
  /// Events that are laid out at a time: a usual batch is less, but one record of the spool may hold more.
  private static let runEvents = 40_000
  private static let runBytes = 8 << 20

  /// Cuts the items into runs and groups each by handoff, with tables hashed with `seed`.
  mutating func group(seed: UInt64) {
    plans = runs.map { MergePlan($0, seed: seed) }
  }

  /// Gives a run away; the batch keeps its items.
  mutating func takePlan(_ number: Int) -> MergePlan {
    var plan = MergePlan([], seed: 0)
    swap(&plan, &plans[number])
    return plan
  }

  private var runs: [ArraySlice<BatchItem>] {
    var runs: [ArraySlice<BatchItem>] = []
    var start = 0
    var bytes = 0
    for (index, item) in items.enumerated() {
      bytes += item.frame.range.count
      if index - start + 1 >= Self.runEvents || bytes >= Self.runBytes {
        runs.append(items[start...index])
        start = index + 1
        bytes = 0
      }
    }
    if start < items.count { runs.append(items[start...]) }
    return runs
  }
}

extension SpoolRecord {
  /// What the record is known by, beside its sequence: the database keeps it of the last record that was
  /// stored, and so notices a copy of the spool that went another way.
  var digest: Int64 { Int64(bitPattern: Hash.hash64(payload, seed: sequence)) }
}
