import Analytics
import Model
import Platform
import Store

/// What the follower remembers from one look at the database to the next.
struct Following {
  private let follower: Follower
  private let queries: StoreQueries
  private var reach = DatabaseReach.away
  /// The versions of records that were merged already.
  private var versions: [[UInt8]: Int64] = [:]
  /// How many open handoffs were looked at, when there are too many for one look.
  private var turn = 0

  init(_ follower: Follower, _ queries: StoreQueries) {
    self.follower = follower
    self.queries = queries
  }

  /// Looks at what others have told of open handoffs.
  mutating func look() {
    guard follower.store()?.isUp == true else { return set(.away) }
    let late =
      reach == .reachable
      ? follower.numbers.update { [most] numbers, _ in numbers.takeUnconfirmed(most: most) } : []
    do throws(StoreError) {
      let changes = try queries.changes(
        of: reach == .reachable ? chosen(late) : [], at: follower.spool,
        othersSince: follower.ago(follower.settings.others))
      set(changes.hasOthers ? .reachable : .none)
      if changes.hasOthers { take(changes, late) }
    } catch {
      // The drain has said what is wrong. What was to be looked up is judged anew.
      set(.away)
    }
  }

  private var most: Int { follower.settings.looks }

  private mutating func set(_ reach: DatabaseReach) {
    guard reach != self.reach else { return }
    self.reach = reach
    if reach != .reachable { versions = [:] }
    follower.numbers.update { $0.setReach(reach, at: $1) }
  }

  /// The handoffs of this look, those past their time first.
  private mutating func chosen(_ late: [[UInt8]]) -> [(id: [UInt8], version: Int64)] {
    let open = follower.numbers.openHandoffIDs()
    if open.count <= most { turn = 0 }
    let start = turn < open.count ? turn : 0
    let some = open[start...].prefix(max(0, most - late.count))
    turn = open.count > most ? start + some.count : 0
    if versions.count > 2 * open.count + most {
      let kept = Set(open)
      versions = versions.filter { kept.contains($0.key) }
    }
    return (late + some).map { ($0, versions[$0] ?? 0) }
  }

  private mutating func take(_ changes: FleetChanges, _ late: [[UInt8]]) {
    guard follower.waitForFold(changes.position) else { return set(.away) }
    let known = changes.handoffs.map { KnownHandoff(handoffID: $0.id, record: $0.record) }
    if known.isEmpty, late.isEmpty { return }
    follower.numbers.update { numbers, now in
      numbers.refresh(known, at: now)
      numbers.confirm(late, at: now)
    }
    for handoff in changes.handoffs { versions[handoff.id] = handoff.version }
  }
}
