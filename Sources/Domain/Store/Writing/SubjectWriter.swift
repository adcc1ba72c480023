// Writes events about agents, tasks and conversations.
//
// They have no record that could remember them, so their identities have a table, in which whoever comes
// first has won; what is there already is a duplicate or a conflict, by its content.
import Hashing
import Model
import Postgres

struct SubjectWriter {
  let job: Job
  let seed: UInt64

  private struct Claim {
    var number: Int
    var subject: EventSubject
    var eventID: ArraySlice<UInt8>
    var content: Int64
  }

  private struct Identity: Hashable {
    var subject: [UInt8]
    var kind: String
    var eventID: [UInt8]
  }

  /// Writes the items of a plan that are not about a handoff.
  func write(_ plan: MergePlan, _ buffer: inout WireBuffer) throws(DrainFailure) -> BatchResult {
    var result = BatchResult()
    let (first, rest, unnamed) = claims(of: plan)
    result += try job.quarantine(unnamed)
    let won = try claim(first, plan)
    buffer.removeAll()
    for entry in first where won.contains(identity(entry)) {
      EventRow.write(plan.item(entry.number), about: entry.subject, spool: job.session.spool, into: &buffer)
      result.stored += 1
    }
    if result.stored > 0 { try job.copy(.subjectEvents, buffer) }
    let lost = first.filter { !won.contains(identity($0)) } + rest
    result += try settle(lost, plan)
    return result
  }

  /// The events sorted by identity, the first of each and the others; and those that have none.
  private func claims(of plan: MergePlan) -> ([Claim], [Claim], [UnreadableRecord]) {
    var all: [Claim] = []
    var unnamed: [UnreadableRecord] = []
    for number in plan.subjects {
      let item = plan.item(number)
      guard let subject = EventSubject(item.frame), let id = item.frame.value(of: .eventID) else {
        unnamed.append(
          UnreadableRecord(
            sequence: item.sequence, slot: item.slot, reason: "the event does not say what it is about",
            bytes: Array(item.frame.bytes[item.frame.range])))
        continue
      }
      all.append(
        Claim(
          number: number, subject: subject, eventID: id,
          content: Int64(bitPattern: item.frame.contentHash.low)))
    }
    var seen: Set<Identity> = []
    var first: [Claim] = []
    var rest: [Claim] = []
    for entry in all {
      if seen.insert(identity(entry)).inserted { first.append(entry) } else { rest.append(entry) }
    }
    first.sort(by: precedes)
    return (first, rest, unnamed)
  }

  private func precedes(_ left: Claim, _ right: Claim) -> Bool {
    if left.subject.id != right.subject.id {
      return left.subject.id.lexicographicallyPrecedes(right.subject.id)
    }
    if left.subject.kind != right.subject.kind { return left.subject.kind < right.subject.kind }
    return left.eventID.lexicographicallyPrecedes(right.eventID)
  }

  private func identity(_ claim: Claim) -> Identity {
    Identity(subject: Array(claim.subject.id), kind: claim.subject.kind, eventID: Array(claim.eventID))
  }

  /// Claims identities; gives those that were free.
  private func claim(_ claims: [Claim], _ plan: MergePlan) throws(DrainFailure) -> Set<Identity> {
    if claims.isEmpty { return [] }
    let rows = try job.execute(
      Statements.claimIdentities,
      [
        .array(of: .text, claims) { $1.field($0.subject.id) }, .texts(claims.map(\.subject.kind)),
        .array(of: .text, claims) { $1.field($0.eventID) }, .int8s(claims.map(\.content)),
        .array(of: .timestamptz, claims) {
          $1.field(microsecondsSince1970: plan.item($0.number).frame.occurredAt.microseconds)
        },
      ])
    var won: Set<Identity> = []
    for row in 0..<rows.count { won.insert(try identity(rows, row)) }
    return won
  }

  private func identity(_ rows: Rows, _ row: Int) throws(DrainFailure) -> Identity {
    try inWrite { () throws(PostgresError) in
      Identity(subject: try rows.value(row, 0), kind: try rows.value(row, 1), eventID: try rows.value(row, 2))
    }
  }

  /// Tells duplicates from conflicts among events whose identity is there.
  private func settle(_ claims: [Claim], _ plan: MergePlan) throws(DrainFailure) -> BatchResult {
    if claims.isEmpty { return BatchResult() }
    let rows = try job.execute(
      Statements.findIdentities,
      [
        .array(of: .text, claims) { $1.field($0.subject.id) },
        .array(of: .text, claims) { $1.field($0.eventID) },
      ])
    var known: [Identity: Int64] = [:]
    for row in 0..<rows.count {
      known[try identity(rows, row)] = try inWrite { () throws(PostgresError) in try rows.value(row, 3) }
    }
    var result = BatchResult()
    var late: [BatchRejection] = []
    for entry in claims {
      if known[identity(entry)] == entry.content {
        result.duplicates += 1
      } else {
        result.conflicts += 1
        late.append(job.rejection(plan.item(entry.number), .conflict, "/event_id", Job.conflict))
      }
    }
    result += try job.reject(late)
    return result
  }
}
