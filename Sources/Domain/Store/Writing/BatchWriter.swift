// Writes a batch, exactly once, in one transaction:
//
//   lock the position · read the records that are there · merge · write the records that changed, sorted,
//   each only on top of the version it was computed from · where another sidecar was first, look again
//   (the rows are locked by then) · write the events, which nobody else can write, because whoever wants to
//   must pass the same records · agents, rejections, what is set aside · the rollups, by what the records said
//   before and say now · move the position · commit
//
// What makes an event new is that its handoff's record had not seen it; the unique key of the log only
// guards against what should not be. If a value is refused by the server, the batch is done again
// carefully: halved with savepoints until the one event is found, which goes into quarantine in the same
// transaction, so nothing ever blocks the head of the spool.
import Bytes
import Model
import Platform
import Postgres
import Spool

struct BatchWriter: ~Copyable {
  /// What the last batch came to, if its commit took place.
  private(set) var attempted = BatchResult()
  /// The handoffs of which the last batch completed something, if its commit took place.
  private(set) var completed: [CompletedHandoff] = []
  private var agents = AgentSightings()
  private var pairs: PairTable
  private var changes = RollupChanges()
  private var minute: Int64 = 0
  private var rows = WireBuffer(capacity: 1 << 16)
  private var events = WireBuffer(capacity: 1 << 16)
  private var scratch = ByteWriter()
  private let seed: UInt64
  private let rollupDays: Int?

  /// Fewer handoffs are not worth a statement of their own.
  private static let fewestHandoffs = 300

  /// A writer whose tables are hashed with `seed`, a random number.
  init(seed: UInt64, _ settings: StoreSettings) {
    self.seed = seed
    rollupDays = settings.rollupDays
    self.pairs = PairTable(seed: seed, capacity: settings.pairs)
  }

  /// Writes a batch and commits it.
  mutating func write(
    _ batch: inout Batch, _ manner: DrainMachine.Manner, _ session: DrainSession,
    until deadline: MonotonicInstant
  ) throws(DrainFailure) -> BatchResult {
    completed.removeAll()
    try inWrite { () throws(PostgresError) in
      try session.connection.begin(Self.settings(deadline - session.time.now()), until: deadline)
    }
    let isShared = try session.lockPosition(at: batch.start, until: deadline)
    let job = Job(
      session: session, manner: manner, isShared: isShared, deadline: deadline, senders: batch.senders)
    agents.forget()
    beginRollups(session)
    var result = BatchResult()
    for number in batch.plans.indices {
      // Taken out, so that there is one owner and nothing is copied.
      var plan = batch.takePlan(number)
      result += try manner == .careful ? applyCarefully(plan.items, job) : apply(&plan, job)
    }
    try seeAgents(job)
    result += try job.reject(batch.rejections)
    result += try job.quarantine(batch.unreadable)
    try RollupWriter(job: job, now: minute, oldest: oldestMinute).write(changes, pairs)
    try session.movePosition(behind: batch, until: deadline)
    attempted = result
    do throws(PostgresError) { try session.connection.commit(until: deadline) } catch {
      throw .postgres(.commit, error)
    }
    agents.committed()
    return result
  }

  private mutating func beginRollups(_ session: DrainSession) {
    minute = Timestamp(microseconds: session.time.wall().microseconds).minute
    changes.removeAll()
    pairs.makeRoom(minute)
  }

  /// What was removed of the history does not come back in parts.
  private var oldestMinute: Int64 {
    let day = minute / 1_440
    let limits = RetentionLimits(today: day, retentionDays: nil, rollupDays: rollupDays)
    return limits.rollupMoment?.minute ?? .min
  }

  private static func settings(_ left: Duration) -> TransactionSettings {
    // The server gives up a little before we do, so that we hear why.
    TransactionSettings(
      statementTimeout: max(left * 0.9, .milliseconds(10)), lockTimeout: .seconds(5), idleTimeout: left)
  }
}

// MARK: one run of items

extension BatchWriter {
  /// Handoffs whose records are written by one statement, and what was laid out for it.
  fileprivate struct Portion {
    var groups: ArraySlice<Int>
    /// Those among them whose records change.
    var changed: [Int]
    var rows: Parameter
  }

  private mutating func apply(_ plan: inout MergePlan, _ job: Job) throws(DrainFailure) -> BatchResult {
    try job.load(plan.order[...], of: &plan)
    var result = BatchResult()
    events.removeAll()
    try writeRecords(of: &plan, job, &result)
    if result.stored > 0 { try job.copy(.handoffEvents, events) }
    result += try job.tellOutcomes(of: plan)
    if job.isShared { completed += plan.completed }
    agents.noteSubjects(of: plan, seed: seed)
    if !plan.subjects.isEmpty {
      result += try SubjectWriter(job: job, seed: seed).write(plan, &events)
    }
    return result
  }

  /// Writes the records that change, portion by portion, and lays out their events.
  ///
  /// While the server writes one portion, its events, its agents and the next portion are laid out here.
  private mutating func writeRecords(
    of plan: inout MergePlan, _ job: Job, _ result: inout BatchResult
  ) throws(DrainFailure) {
    let portions = Self.portions(of: plan.order)
    var next = portions.first.map { lay(out: $0, &plan, job) }
    for number in portions.indices {
      guard let portion = next else { return }
      let mark = events.count
      var stored = 0
      let written = try job.execute(portion, Statements.writeHandoffs) {
        stored = layOutEvents(of: portion.changed, plan, job)
        agents.note(portion.changed, of: plan, seed: seed)
        next = number + 1 < portions.count ? lay(out: portions[number + 1], &plan, job) : nil
      }
      let missing = try Self.missing(of: portion.changed, in: written, plan)
      if !missing.isEmpty {
        try writeAgain(missing, of: &plan, job)
        events.truncate(to: mark)
        stored = layOutEvents(of: portion.changed, plan, job)
      }
      for group in portion.changed { changes.note(plan.groups[group], &pairs) }
      result.stored += stored
      result.reread += missing.count
    }
  }

  /// Looks again at records that another sidecar changed meanwhile, and writes on top of those.
  ///
  /// Their rows are locked since the first attempt, so the second is the last but for a row that was deleted.
  private mutating func writeAgain(
    _ missing: [Int], of plan: inout MergePlan, _ job: Job
  ) throws(DrainFailure) {
    var missing = missing
    for _ in 0..<3 {
      try job.load(missing[...], of: &plan)
      let portion = lay(out: missing[...], &plan, job)
      let written = try job.execute(portion, Statements.writeHandoffs) {}
      missing = try Self.missing(of: portion.changed, in: written, plan)
      if missing.isEmpty { return }
    }
    throw .contention
  }

  /// Merges the events of some handoffs, and lays out the rows of those that change.
  private mutating func lay(out groups: ArraySlice<Int>, _ plan: inout MergePlan, _ job: Job) -> Portion {
    for group in groups { plan.merge(group, notingPairs: job.isShared) }
    let changed = groups.filter { plan.groups[$0].isChanged }
    for group in changed { plan.roll(group, &pairs, now: minute) }
    rows.removeAll()
    HandoffRow.write(changed, of: plan, type: job.session.rowType, into: &rows, with: &scratch)
    return Portion(groups: groups, changed: changed, rows: Parameter(.unspecified, rows))
  }

  private mutating func layOutEvents(of groups: [Int], _ plan: MergePlan, _ job: Job) -> Int {
    var rows = 0
    for group in groups {
      rows += EventRow.write(plan.groups[group], of: plan, spool: job.session.spool, into: &events)
    }
    return rows
  }

  /// The handoffs of a batch in a few runs of about the same size, none of them small.
  private static func portions(of order: [Int]) -> [ArraySlice<Int>] {
    let size = max(fewestHandoffs, (order.count + 3) / 4)
    return stride(from: 0, to: order.count, by: size).map { order[$0..<min($0 + size, order.count)] }
  }

  /// Those of `groups` whose records were not written.
  private static func missing(
    of groups: [Int], in written: Rows?, _ plan: MergePlan
  ) throws(DrainFailure) -> [Int] {
    guard let written, written.count < groups.count else { return [] }
    var missing = Set(groups)
    for row in 0..<written.count {
      let id: [UInt8] = try inWrite { () throws(PostgresError) in try written.value(row, 0) }
      if let group = plan.group(of: id[...]) { missing.remove(group) }
    }
    return groups.filter(missing.contains)
  }
}

extension Job {
  /// Writes a portion's records, if it has any that change; gives the rows that were written.
  fileprivate func execute(
    _ portion: BatchWriter.Portion, _ sql: String, meanwhile: () -> Void
  ) throws(DrainFailure) -> Rows? {
    if portion.changed.isEmpty {
      meanwhile()
      return nil
    }
    return try inWrite { () throws(PostgresError) in
      try session.connection.execute(sql, [portion.rows], until: deadline, meanwhile: meanwhile)
    }
  }
}

// MARK: carefully

extension BatchWriter {
  /// Applies items; those whose values the server refuses are set aside.
  private mutating func applyCarefully(
    _ items: ArraySlice<BatchItem>, _ job: Job
  ) throws(DrainFailure) -> BatchResult {
    let failure: PostgresError
    let before = changes
    do throws(DrainFailure) {
      try job.run("SAVEPOINT careful")
      var plan = MergePlan(items, seed: seed)
      let result = try apply(&plan, job)
      try job.run("RELEASE SAVEPOINT careful")
      return result
    } catch {
      guard case .postgres(_, let reason) = error, reason.faultClass == .poison,
        job.session.connection.isUsable
      else { throw error }
      failure = reason
    }
    changes = before
    try job.run("ROLLBACK TO SAVEPOINT careful")
    try job.run("RELEASE SAVEPOINT careful")
    if items.count == 1, let item = items.first { return try job.quarantine([Self.poison(item, failure)]) }
    let middle = items.startIndex + items.count / 2
    var result = try applyCarefully(items[..<middle], job)
    result += try applyCarefully(items[middle...], job)
    return result
  }

  /// Writes the sightings of a batch; done carefully, a name the server refuses costs only the sightings.
  private mutating func seeAgents(_ job: Job) throws(DrainFailure) {
    guard let sightings = agents.parameters else { return }
    let parameters = [job.session.spoolKey] + sightings
    if job.manner != .careful {
      try job.execute(Statements.seeAgents, parameters)
      return
    }
    try job.run("SAVEPOINT agents")
    do throws(DrainFailure) {
      try job.execute(Statements.seeAgents, parameters)
    } catch {
      guard error.faultClass == .poison, job.session.connection.isUsable else { throw error }
      try job.run("ROLLBACK TO SAVEPOINT agents")
      agents.forget()
    }
    try job.run("RELEASE SAVEPOINT agents")
  }

  private static func poison(_ item: BatchItem, _ error: PostgresError) -> UnreadableRecord {
    UnreadableRecord(
      sequence: item.sequence, slot: item.slot, reason: "PostgreSQL refuses a value: \(error.message)",
      sqlState: error.sqlState?.code, bytes: Array(item.frame.bytes[item.frame.range]))
  }
}
