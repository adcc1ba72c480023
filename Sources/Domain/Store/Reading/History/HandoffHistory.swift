import Model
import Platform
import Postgres

// The log is partitioned by the day of an event, and an id alone says nothing of days. So handoffs are
// looked up together with others of the same days, and only the partitions of those days are read.

extension HistoryReader {
  /// How many handoffs are looked up at a time.
  private static let portion = 2_000

  /// When the events of handoffs occurred.
  func spans(of ids: Set<[UInt8]>) throws(PostgresError) -> [HandoffSpan] {
    var spans: [HandoffSpan] = []
    spans.reserveCapacity(ids.count)
    for chunk in ids.chunks(of: 10_000) {
      let rows = try scope.rows(
        "SELECT \(HandoffSpan.columns) FROM handoffd.handoffs WHERE handoff_id = ANY ($1)", [.ids(chunk)])
      for row in 0..<rows.count { spans.append(try rows.span(row)) }
    }
    return spans
  }

  /// The records of handoffs with the receipts of their events, of those of which any was received here.
  func handoffs(in spans: [HandoffSpan]) throws(PostgresError) -> [PastHandoff] {
    // Of few days each, and those of the same days together.
    let sorted = spans.sorted { left, right in
      let lengths = (left.last.day &- left.first.day, right.last.day &- right.first.day)
      return lengths.0 != lengths.1 ? lengths.0 < lengths.1 : left.first < right.first
    }
    var handoffs: [PastHandoff] = []
    for chunk in sorted.chunks(of: Self.portion) {
      var receipts = try receipts(of: chunk)
      for (id, record) in try records(of: chunk.map(\.id).filter { receipts[$0] != nil }) {
        guard let known = receipts.removeValue(forKey: id) else { continue }
        handoffs.append(PastHandoff(id: id, record: record, receipts: Self.order(known, by: record)))
      }
    }
    return handoffs
  }

  private typealias Receipts = [[UInt8]: PastReceipt]

  /// By handoff and event, for handoffs of which anything was received here.
  private func receipts(of spans: [HandoffSpan]) throws(PostgresError) -> [[UInt8]: Receipts] {
    guard let first = spans.map(\.first).min(), let last = spans.map(\.last).max() else { return [:] }
    let rows = try scope.rows(
      """
      SELECT handoff_id, event_id, received_at, sequence, slot, spool_id = $1 FROM handoffd.handoff_events
      WHERE handoff_id = ANY ($2) AND occurred_at BETWEEN $3 AND $4
      """, [spool, .ids(spans.map(\.id)), .moment(first), .moment(last)])
    var receipts: [[UInt8]: Receipts] = [:]
    for row in 0..<rows.count {
      let handoff: [UInt8] = try rows.value(row, 0)
      let event: [UInt8] = try rows.value(row, 1)
      receipts[handoff, default: [:]][event] = try rows.receipt(row, 2)
    }
    return receipts.filter { $0.value.values.contains(where: \.isHere) }
  }

  private func records(of ids: [[UInt8]]) throws(PostgresError) -> [([UInt8], HandoffRecord)] {
    let rows = try scope.rows(
      "SELECT handoff_id, merge FROM handoffd.handoffs WHERE handoff_id = ANY ($1)", [.ids(ids)])
    var records: [([UInt8], HandoffRecord)] = []
    for row in 0..<rows.count {
      // A record of a later form is passed over: this program can do nothing with it.
      guard let record = HandoffRecord(coded: try rows.value(row, 1)) else { continue }
      records.append((try rows.value(row, 0), record))
    }
    return records
  }

  /// An event that is not in the log any more is taken for another's, received when it occurred.
  private static func order(_ receipts: Receipts, by record: HandoffRecord) -> [PastReceipt] {
    let bytes = record.bytes
    return record.moments.map { moment in
      receipts[Array(bytes[moment.identity])]
        ?? PastReceipt(receivedAt: moment.occurredAt, sequence: 0, slot: 0, isHere: false)
    }
  }
}

extension Rows {
  /// A receipt in five columns from `column` on.
  func receipt(_ row: Int, _ column: Int) throws(PostgresError) -> PastReceipt {
    PastReceipt(
      receivedAt: try moment(row, column),
      sequence: UInt64(bitPattern: try value(row, column + 1, as: Int64.self)),
      slot: UInt32(clamping: try value(row, column + 2, as: Int64.self)), isHere: try value(row, column + 3))
  }
}
