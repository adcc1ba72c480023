// Writes a batch, exactly once, in one transaction:
//
//   lock the position · read the records that are there · merge · write the records that changed, sorted,
//   each only on top of the version it was computed from · where another sidecar was first, look again
//   (the rows are locked by then) · write the events, which nobody else can write, because whoever wants to
//   must pass the same records · agents, rejections, what is set aside · move the position · commit
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
  private var agents = AgentSightings()
  private var rows = WireBuffer(capacity: 1 << 16)
  private var events = WireBuffer(capacity: 1 << 16)
  private var scratch = ByteWriter()
  private let seed: UInt64

  /// Events that are laid out at a time; a record of the spool may hold more than is good at once.
  private static let sliceEvents = 10_000
  private static let sliceBytes = 8 << 20

  /// A writer whose tables are hashed with `seed`, a random number.
  init(seed: UInt64) {
    self.seed = seed
  }

  /// Writes a batch and commits it.
  mutating func write(
    _ batch: Batch, _ manner: DrainMachine.Manner, _ session: DrainSession, until deadline: MonotonicInstant
  ) throws(DrainFailure) -> BatchResult {
    let job = Job(session: session, manner: manner, deadline: deadline, senders: batch.senders)
    try inWrite { () throws(PostgresError) in
      try session.connection.begin(Self.settings(deadline - session.time.now()), until: deadline)
    }
    try session.lockPosition(at: batch.start, until: deadline)
    agents.forget()
    var result = BatchResult()
    for slice in Self.slices(of: batch.items) {
      result += try manner == .careful ? applyCarefully(slice, job) : apply(slice, job)
    }
    try seeAgents(job)
    result += try job.reject(batch.rejections)
    result += try job.quarantine(batch.unreadable)
    try session.movePosition(from: batch.start, to: batch.end, seenUntil: batch.seenUntil, until: deadline)
    do throws(PostgresError) { try session.connection.commit(until: deadline) } catch {
      throw .postgres(.commit, error)
    }
    agents.committed()
    return result
  }

  private static func settings(_ left: Duration) -> TransactionSettings {
    // The server gives up a little before we do, so that we hear why.
    TransactionSettings(
      statementTimeout: max(left * 0.9, .milliseconds(10)), lockTimeout: .seconds(5), idleTimeout: left)
  }

  private static func slices(of items: [BatchItem]) -> [ArraySlice<BatchItem>] {
    var slices: [ArraySlice<BatchItem>] = []
    var start = 0
    var bytes = 0
    for (index, item) in items.enumerated() {
      bytes += item.frame.range.count
      if index - start + 1 >= sliceEvents || bytes >= sliceBytes {
        slices.append(items[start...index])
        start = index + 1
        bytes = 0
      }
    }
    if start < items.count { slices.append(items[start...]) }
    return slices
  }
}

// MARK: one run of items

extension BatchWriter {
  private mutating func apply(_ items: ArraySlice<BatchItem>, _ job: Job) throws(DrainFailure)
    -> BatchResult
  {
    var plan = MergePlan(items, seed: seed)
    try job.load(plan.order, of: &plan)
    for group in plan.order { plan.merge(group) }
    var result = BatchResult()
    result.reread = try writeRecords(of: &plan, job)
    result += try writeEvents(of: plan, job)
    result += try job.tellOutcomes(of: plan)
    agents.note(plan, seed: seed)
    if !plan.subjects.isEmpty {
      result += try SubjectWriter(job: job, seed: seed).write(plan, &events)
    }
    return result
  }

  /// Writes the records that changed; gives how many had to be done again.
  private mutating func writeRecords(of plan: inout MergePlan, _ job: Job) throws(DrainFailure)
    -> Int
  {
    var wanted = plan.order.filter { plan.groups[$0].isChanged }
    var reread = 0
    for _ in 0..<3 {
      if wanted.isEmpty { return reread }
      let missing = try writeRecords(wanted, of: plan, job)
      if missing.isEmpty { return reread }
      reread += missing.count
      try job.load(missing, of: &plan)
      for group in missing { plan.merge(group) }
      wanted = missing.filter { plan.groups[$0].isChanged }
    }
    throw .contention
  }

  /// Writes records; gives those that another sidecar had changed meanwhile.
  private mutating func writeRecords(
    _ wanted: [Int], of plan: MergePlan, _ job: Job
  ) throws(DrainFailure) -> [Int] {
    rows.removeAll()
    HandoffRow.write(
      wanted.lazy.map { plan.groups[$0] }, of: job.session.rowType, into: &rows, with: &scratch)
    let written = try job.execute(Statements.writeHandoffs, [Parameter(.unspecified, rows)])
    if written.count == wanted.count { return [] }
    var missing = Set(wanted)
    for row in 0..<written.count {
      let id: [UInt8] = try inWrite { () throws(PostgresError) in try written.value(row, 0) }
      if let group = plan.group(of: id[...]) { missing.remove(group) }
    }
    return wanted.filter(missing.contains)
  }

  private mutating func writeEvents(of plan: MergePlan, _ job: Job) throws(DrainFailure)
    -> BatchResult
  {
    events.removeAll()
    var result = BatchResult()
    for group in plan.order where plan.groups[group].isChanged {
      result.stored += EventRow.write(plan.groups[group], of: plan, spool: job.session.spool, into: &events)
    }
    if result.stored > 0 { try job.copy(.handoffEvents, events) }
    return result
  }
}

// MARK: carefully

extension BatchWriter {
  /// Applies items; those whose values the server refuses are set aside.
  private mutating func applyCarefully(
    _ items: ArraySlice<BatchItem>, _ job: Job
  ) throws(DrainFailure) -> BatchResult {
    let failure: PostgresError
    do throws(DrainFailure) {
      try job.run("SAVEPOINT careful")
      let result = try apply(items, job)
      try job.run("RELEASE SAVEPOINT careful")
      return result
    } catch {
      guard case .postgres(_, let reason) = error, reason.faultClass == .poison,
        job.session.connection.isUsable
      else { throw error }
      failure = reason
    }
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
