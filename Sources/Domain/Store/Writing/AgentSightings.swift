import Hashing
import Model
import Postgres

/// Which agents were heard of when; written only when that says something new, because every batch speaks of
/// the same few.
struct AgentSightings {
  /// A sighting this much later than the one written is worth a write.
  private static let step: Int64 = 1_000_000
  private static let capacity = 20_000

  /// Names are kept as their hashes; two names of one hash would cost a sighting, no more.
  private var written: [UInt64: Int64] = [:]
  private var pending: [UInt64: Sighting] = [:]

  private struct Sighting {
    var agent: ArraySlice<UInt8>
    var at: Int64
  }

  /// Notes the sender and the receiver of a handoff, or the agent of another event.
  mutating func note(_ agent: ArraySlice<UInt8>?, at moment: Timestamp, seed: UInt64) {
    guard let agent, !agent.isEmpty else { return }
    let hash = Hash.hash64(agent.span, seed: seed)
    let seen = moment.microseconds
    if let known = written[hash], seen &- known < Self.step { return }
    if let known = pending[hash]?.at, known >= seen { return }
    pending[hash] = Sighting(agent: agent, at: seen)
  }

  /// What was noted, for `Statements.seeAgents` behind the spool's key; nil where there is nothing.
  ///
  /// It counts as written once `committed` was called.
  var parameters: [Parameter]? {
    let all = pending.values.filter { !$0.agent.contains(0) }
      .sorted { $0.agent.lexicographicallyPrecedes($1.agent) }
    if all.isEmpty { return nil }
    return [
      .array(of: .text, all) { $1.field($0.agent) },
      .array(of: .timestamptz, all) { $1.field(microsecondsSince1970: $0.at) },
    ]
  }

  /// Notes the agents of handoffs that a plan stores.
  mutating func note(_ groups: [Int], of plan: MergePlan, seed: UInt64) {
    for group in groups {
      guard let seen = plan.lastReceipt(of: plan.groups[group]) else { continue }
      note(plan.groups[group].record.value(of: .fromAgent), at: seen, seed: seed)
      note(plan.groups[group].record.value(of: .toAgent), at: seen, seed: seed)
    }
  }

  /// Notes the agents of the events that are about no handoff.
  mutating func noteSubjects(of plan: MergePlan, seed: UInt64) {
    for number in plan.subjects {
      let item = plan.item(number)
      note(item.frame.value(of: .agent), at: item.receivedAt, seed: seed)
    }
  }

  /// What was last written is there for good.
  mutating func committed() {
    if written.count + pending.count > Self.capacity { written.removeAll(keepingCapacity: true) }
    for (hash, sighting) in pending { written[hash] = max(written[hash] ?? sighting.at, sighting.at) }
    forget()
  }

  /// What was noted is not to be written.
  mutating func forget() { pending.removeAll(keepingCapacity: true) }
}
