import Analytics
import Model

@testable import Store

/// The whole fleet's figures, worked out event by event as they are defined, without a database.
struct NaiveFleet {
  /// A handoff with all its events.
  struct Life {
    var id: String
    var record: HandoffRecord
    var life: HandoffLife

    var types: Set<EventType> { Set(record.moments.map(\.type)) }
    var isDelivered: Bool { !types.isDisjoint(with: [.acknowledged, .received, .resumed, .completed]) }
    var to: String? { record.text(of: .toAgent) }
    var from: String? { record.text(of: .fromAgent) }
    var task: String? { record.text(of: .taskID) }
    var kind: HandoffKind { HandoffKind.allCases.first { $0.name == record.text(of: .kind) } ?? .other }
    var strategy: EnvelopeStrategy {
      EnvelopeStrategy.allCases.first { $0.name == record.text(of: .envelopeStrategy) } ?? .other
    }

    func last(_ types: Set<EventType>) -> Timestamp? {
      record.moments.last { types.contains($0.type) }?.occurredAt
    }

    func isExhausted(at now: Timestamp) -> Bool {
      if isDelivered { return false }
      if !types.isDisjoint(with: [.failed, .parked, .expired, .rerouted]) { return true }
      guard let sent = last([.initiated, .replayed, .rerouted]) else { return false }
      return (life.endedAt ?? now).microseconds - sent.microseconds > 600_000_000
    }
  }

  var lives: [Life] = []
  var taskEnds: [(task: String, at: Timestamp)] = []
  let clock: FleetClock

  init(_ events: [Occurrence], _ clock: FleetClock) {
    self.clock = clock
    for (id, coded) in events.records {
      guard let record = HandoffRecord(coded: coded) else { continue }
      lives.append(Life(id: id, record: record, life: record.life))
    }
    lives.sort { $0.id < $1.id }
    for event in events where event.type == .taskCompleted || event.type == .taskFailed {
      let task = event.facts.first { $0.0 == .taskID }?.2 ?? ""
      taskEnds.append((task, Timestamp(microseconds: event.at)))
    }
  }

  func share(_ lives: [Life]) -> FleetShare {
    var share = FleetShare()
    for one in lives {
      let state = one.life.state
      if one.life.initiatedAt != nil { share.started += 1 }
      if one.isDelivered { share.delivered += 1 }
      if one.isExhausted(at: clock.now) { share.exhausted += 1 }
      if state == .completed { share.completed += 1 }
      if state == .failed, one.isDelivered { share.workFailed += 1 }
      if let requested = one.record.integer(of: .memoryRequested), requested > 0,
        let resolved = one.record.integer(of: .memoryResolved)
      {
        share.requested += UInt64(requested)
        share.resolved += UInt64(resolved)
      }
      if let budget = one.record.integer(of: .tokensBudget), budget > 0,
        let used = one.record.integer(of: .tokensUsed)
      {
        share.tokensBudgeted += UInt64(budget)
        share.tokensUsed += UInt64(used)
      }
    }
    share.acknowledgement = spread(lives.compactMap(\.life.acknowledgementLatency))
    share.duration = spread(lives.compactMap(\.life.duration))
    return share
  }

  private func spread(_ times: [Int64]) -> FleetSpread {
    var spread = FleetSpread()
    spread.count = UInt64(times.count)
    spread.total = Double(times.reduce(0, +))
    spread.least = times.min()
    spread.greatest = times.max()
    return spread
  }

  /// The value that a share of all does not exceed.
  static func quantile(_ share: Double, of times: [Int64]) -> Double? {
    let sorted = times.sorted()
    let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
    return rank <= sorted.count ? Double(sorted[rank - 1]) : nil
  }

  /// How deep a handoff is: as it says, else one more than where it came from.
  func hop(_ one: Life) -> Int {
    if let told = one.record.integer(of: .hop) { return Int(told) }
    if let parent = one.record.text(of: .parentHandoffID),
      let before = lives.first(where: { $0.id == parent && $0.life.initiatedAt != nil })
    {
      return hop(before) + 1
    }
    guard let sent = one.life.initiatedAt, let task = one.task, let from = one.from else { return 1 }
    func arrival(_ other: Life) -> Timestamp? {
      other.life.acknowledgedAt ?? (other.life.state == .completed ? other.life.endedAt : nil)
    }
    let arrivals = lives.filter {
      guard $0.task == task, $0.to == from, let at = arrival($0), let start = $0.life.initiatedAt else {
        return false
      }
      return at <= sent && (start, $0.id) < (sent, one.id)
    }
    let last = arrivals.max { (arrival($0) ?? .earliest) < (arrival($1) ?? .earliest) }
    return last.map { hop($0) + 1 } ?? 1
  }

  func isOpen(_ one: Life) -> Bool {
    guard one.life.endedAt == nil, one.life.state != nil || one.life.attempts > 0 else { return false }
    guard one.life.state == .acknowledged else { return true }
    let idleSince = clock.now.microseconds - 3_600_000_000
    guard let last = one.life.lastEventAt, last.microseconds > idleSince else { return false }
    return !isHandedOn(one)
  }

  private func isHandedOn(_ one: Life) -> Bool {
    guard let answered = one.last([.acknowledged, .received, .resumed, .completed]) else { return false }
    if taskEnds.contains(where: { $0.task == one.task && $0.at >= answered }) { return true }
    return lives.contains { other in
      guard let sent = other.life.initiatedAt, sent >= answered, let to = one.to, other.from == to else {
        return false
      }
      let isChild = other.record.text(of: .parentHandoffID) == one.id && other.id != one.id
      return isChild || one.task != nil && other.task == one.task
    }
  }

  func isOverdue(_ one: Life) -> Bool {
    guard isOpen(one), one.life.acknowledgedAt == nil, let sent = one.life.initiatedAt else { return false }
    return clock.now.microseconds - sent.microseconds > 30_000_000
  }
}
