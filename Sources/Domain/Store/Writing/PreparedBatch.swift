// The rows of a batch as the drain would send them, worked out without a database: for a yardstick that
// sends the same rows with the same statements and does nothing else.
import Bytes
import Model
import Platform
package import Postgres
package import Spool

/// What the drain sends for a batch, encoded.
package struct PreparedBatch: Sendable {
  /// The position before and behind it.
  package var start: UInt64
  package var end: UInt64
  /// Events in it.
  package var events: Int
  /// The parameter of `Statements.findHandoffs`.
  package var ids: [UInt8]
  /// The parameter of `Statements.writeHandoffs`; its array names the type of its elements at `rowTypeOffset`.
  package var rows: [UInt8]
  /// The rows of `Statements.copyHandoffEvents`.
  package var log: [UInt8]
  /// The parameters of `Statements.seeAgents` behind the spool's key; empty where there are none.
  package var sightings: [Parameter]

  /// Puts a batch together.
  package init(
    start: UInt64, end: UInt64, events: Int, ids: [UInt8], rows: [UInt8], log: [UInt8], sightings: [Parameter]
  ) {
    self.start = start
    self.end = end
    self.events = events
    self.ids = ids
    self.rows = rows
    self.log = log
    self.sightings = sightings
  }

  /// Where an array names the type of its elements.
  package static let rowTypeOffset = 8
}

/// Works out batch after batch, and remembers the records in place of the database.
package struct BatchPreparation {
  private let spool: SpoolID
  private let seed: UInt64
  private var known: [[UInt8]: (version: Int64, coded: [UInt8], rolled: RolledPlaces)] = [:]
  private var pairs: PairTable
  private var agents = AgentSightings()
  private var scratch = ByteWriter()

  /// Prepares batches of the spool `spool`; `seed` is a random number.
  package init(spool: SpoolID, seed: UInt64) {
    self.spool = spool
    self.seed = seed
    pairs = PairTable(seed: seed)
  }

  /// What the drain would send for these records, after all those that were given before.
  package mutating func prepare(_ records: [SpoolRecord]) -> PreparedBatch {
    let batch = Batch(start: records.first?.sequence ?? 1, records: records)
    var plan = MergePlan(batch.items[...], seed: seed)
    for group in plan.order {
      let there = known[Array(plan.groups[group].id)]
      plan.load(group, version: there?.version ?? 0, coded: there?.coded, rolled: there?.rolled ?? [])
      plan.merge(group)
      plan.roll(group, &pairs, now: 0)
      known[Array(plan.groups[group].id)] = (
        plan.groups[group].version + 1, plan.groups[group].record.coded, plan.groups[group].rolled
      )
    }
    var rows = WireBuffer()
    HandoffRow.write(plan.order, of: plan, type: .unspecified, into: &rows, with: &scratch)
    var log = WireBuffer()
    var events = 0
    for group in plan.order {
      events += EventRow.write(plan.groups[group], of: plan, spool: spool, into: &log)
    }
    agents.note(plan.order, of: plan, seed: seed)
    agents.noteSubjects(of: plan, seed: seed)
    let sightings = agents.parameters ?? []
    agents.committed()
    return PreparedBatch(
      start: batch.start, end: batch.end, events: events,
      ids: Parameter.array(of: .text, plan.order) { $1.field(plan.groups[$0].id) }.bytes ?? [],
      rows: rows.bytes,
      log: log.bytes, sightings: sightings)
  }
}
