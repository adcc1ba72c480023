import Model
import Platform
import Postgres

/// A transaction under way, with what its statements need.
struct Job {
  /// The logs that COPY fills.
  enum Log {
    case handoffEvents
    case subjectEvents

    var copy: String { self == .handoffEvents ? Statements.copyHandoffEvents : Statements.copySubjectEvents }
    var table: String { self == .handoffEvents ? "handoff_events" : "subject_events" }
    var columns: String { self == .handoffEvents ? EventRow.handoffColumns : EventRow.subjectColumns }
  }

  let session: DrainSession
  let manner: DrainMachine.Manner
  /// Whether other sidecars store into the database, too.
  let isShared: Bool
  let deadline: MonotonicInstant
  let senders: [UInt64: String]

  @discardableResult
  func execute(_ sql: String, _ parameters: [Parameter]) throws(DrainFailure) -> Rows {
    try inWrite { () throws(PostgresError) in
      try session.connection.execute(sql, parameters, until: deadline)
    }
  }

  func run(_ sql: String) throws(DrainFailure) {
    try inWrite { () throws(PostgresError) in try session.connection.run(sql, until: deadline) }
  }

  /// Reads the records that are there for some groups.
  func load(_ groups: ArraySlice<Int>, of plan: inout MergePlan) throws(DrainFailure) {
    if groups.isEmpty { return }
    let ids = Parameter.array(of: .text, groups) { $1.field(plan.groups[$0].id) }
    let rows = try execute(Statements.findHandoffs, [ids])
    for group in groups { plan.load(group, version: 0, coded: nil) }
    for row in 0..<rows.count {
      try inWrite { () throws(PostgresError) in
        let id: [UInt8] = try rows.value(row, 0)
        guard let group = plan.group(of: id[...]) else { return }
        plan.load(
          group, version: try rows.value(row, 1), coded: try rows.value(row, 2, as: [UInt8].self),
          rolled: RolledPlaces(rawValue: try rows.value(row, 3)))
      }
    }
  }

  /// Copies rows into a log: straight, or past what should not be there already.
  func copy(_ log: Log, _ rows: borrowing WireBuffer) throws(DrainFailure) {
    if manner == .swift {
      do throws(PostgresError) {
        try session.connection.copyIn(log.copy, rows: rows, until: deadline)
      } catch {
        throw .postgres(.write, error)
      }
      return
    }
    try run(
      "CREATE TEMPORARY TABLE stage ON COMMIT DROP AS SELECT \(log.columns) FROM handoffd.\(log.table) WITH NO DATA"
    )
    do throws(PostgresError) {
      try session.connection.copyIn(
        "COPY pg_temp.stage (\(log.columns)) FROM STDIN (FORMAT binary)", rows: rows, until: deadline)
    } catch {
      throw .postgres(.write, error)
    }
    try run(
      "INSERT INTO handoffd.\(log.table) (\(log.columns)) SELECT \(log.columns) FROM pg_temp.stage ON CONFLICT DO NOTHING"
    )
    try run("DROP TABLE pg_temp.stage")
  }
}

// MARK: what is not stored

extension Job {
  /// Counts duplicates, and keeps what was acknowledged but cannot be stored.
  func tellOutcomes(of plan: MergePlan) throws(DrainFailure) -> BatchResult {
    var result = BatchResult()
    var late: [BatchRejection] = []
    var unreadable: [UnreadableRecord] = []
    for (number, outcome) in plan.outcomes.enumerated() {
      switch outcome {
      case .new, .undecided: continue
      case .duplicate: result.duplicates += 1
      case .conflict:
        result.conflicts += 1
        late.append(rejection(plan.item(number), .conflict, "/event_id", Self.conflict))
      case .full: late.append(rejection(plan.item(number), .tooLarge, "", Self.full))
      case .unreadableRecord:
        let item = plan.item(number)
        unreadable.append(
          UnreadableRecord(
            sequence: item.sequence, slot: item.slot,
            reason: "the handoff's record is of a later form or damaged",
            bytes: Array(item.frame.bytes[item.frame.range])))
      }
    }
    result += try reject(late)
    result += try quarantine(unreadable)
    return result
  }

  static let conflict = "the same identity was stored with other content before; that event stays"
  private static let full = "the handoff holds \(HandoffRecord.capacity) events, and takes no more"
  private static let keptBody = 4096

  /// The refusal of an event that had been acknowledged.
  func rejection(
    _ item: BatchItem, _ code: RefusalCode, _ pointer: String, _ message: String
  ) -> BatchRejection {
    BatchRejection(
      sequence: item.sequence, slot: item.slot, receivedAt: item.receivedAt,
      sender: senders[item.sequence] ?? "",
      rejection: Rejection(
        refusal: Refusal(index: Int(item.slot), pointer: pointer, code: code, message: message),
        body: Array(item.frame.body.prefix(Self.keptBody))),
      isAcknowledged: true)
  }

  func reject(_ rejections: [BatchRejection]) throws(DrainFailure) -> BatchResult {
    var result = BatchResult()
    result.rejections = rejections.count
    for start in stride(from: 0, to: rejections.count, by: 1_000) {
      let some = rejections[start..<min(start + 1_000, rejections.count)]
      try execute(
        Statements.reject,
        [
          session.spoolKey, .int8s(some.map { Int64(bitPattern: $0.sequence) }),
          .array(of: .bool, some) { $1.field($0.isAcknowledged) },
          .array(of: .int4, some) { $1.field($0.slot) },
          .array(of: .timestamptz, some) { $1.field(microsecondsSince1970: $0.receivedAt.microseconds) },
          .texts(some.map { $0.sender.withoutNUL }),
          .array(of: .int4, some) { $1.field(Int32(clamping: $0.rejection.refusal.index)) },
          .texts(some.map { $0.rejection.refusal.code.rawValue }),
          .texts(some.map { $0.rejection.refusal.pointer.withoutNUL }),
          .texts(some.map { $0.rejection.refusal.message.withoutNUL }),
          .array(of: .bytea, some) { $1.field($0.rejection.body) },
        ])
    }
    return result
  }

  func quarantine(_ records: [UnreadableRecord]) throws(DrainFailure) -> BatchResult {
    var result = BatchResult()
    result.quarantined = records.count
    for record in records {
      try execute(
        Statements.quarantine,
        [
          session.spoolKey, .int8(Int64(bitPattern: record.sequence)), .int4(record.slot),
          .timestamptz(session.time.wall()), .text(record.reason.withoutNUL), .text(record.sqlState),
          .bytea(record.bytes),
        ])
    }
    return result
  }
}

extension String {
  /// PostgreSQL's text holds every character but one.
  fileprivate var withoutNUL: String {
    utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
  }
}
