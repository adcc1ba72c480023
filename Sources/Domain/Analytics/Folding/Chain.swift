import Hashing
import Model

// A task's way. Where a receiver hands the task on, what it had acknowledged has ended: its open
// handoffs are found in a list of the task's, short by nature and cut at 255, so that no event costs
// more than looking through it. The moment at which an agent last handed on is kept with the task, so
// that it does not matter whether the acknowledgement or the next handoff is heard of first.

extension Analytics {
  /// Finds the task of a handoff, and notes that something was heard of it.
  mutating func joinTask(_ slot: Int, _ event: borrowing EventView) {
    guard let id = event.hash(.taskID, seed: settings.hashSeed) else {
      if let task = journeys.slot(of: handoffs[slot].task) { journeys[task].touchedAt = now }
      return
    }
    let task = journey(id, event)
    guard journeys.slot(of: handoffs[slot].task) == nil else { return }
    handoffs[slot].marks.remove([.held, .amongUndecided])
    handoffs[slot].task = journeys.ref(at: task)
    if handoffs[slot].marks.contains(.initiated) { travel(slot, event) }
  }

  /// The task of an id, which has just been heard of.
  mutating func journey(_ id: Hash128, _ event: borrowing EventView) -> Int {
    if let task = journeys.find(id) {
      journeys[task].touchedAt = now
      return task
    }
    let place = journeys.dispensable()
    if let place {
      observeTask(place)
      journeys.forget(place)
      counters.overflow.count(.task)
    }
    let task = journeys.add(id, text: event.text(.taskID) ?? [], in: place, at: now)
    timers.set(taskOwner(task), now &+ times.taskQuietAfter)
    return task
  }

  /// Ends what the sender of a handoff had acknowledged before it sent this one.
  mutating func handOn(_ slot: Int, at moment: Int64, _ event: borrowing EventView) {
    let sender = handoffs[slot].from
    if let id = event.hash(.parentHandoffID, seed: settings.hashSeed), let parent = handoffs.find(id),
      parent != slot, moment > handoffs[parent].passedOnAt
    {
      handoffs[parent].passedOnAt = moment
      handoffs[parent].passedOnBy = sender
      end(parent, by: event)
    }
    guard let task = journeys.slot(of: handoffs[slot].task), !sender.isNone else { return }
    let isKept = journeys.change(task, sender) { $0.handedOnAt = max($0.handedOnAt, moment) }
    if !isKept { counters.overflow.count(.leg) }
    for held in slots(of: task, in: .held) where handoffs[held].to == sender { end(held, by: event) }
  }

  /// Settles a handoff whose receiver, or task, may have gone on; what follows from it is put down at once.
  mutating func end(_ slot: Int, by event: borrowing EventView) {
    let outer = delta
    delta = Delta()
    settle(slot)
    measureDuration(slot, event)
    flush(slot)
    delta = outer
  }

  /// When the receiver of a handoff last handed its task on, or the task ended.
  @inline(__always)
  func handedOnAt(_ slot: Int) -> Int64 {
    let target = handoffs[slot].to
    let passedOnAt = handoffs[slot].passedOnBy == target ? handoffs[slot].passedOnAt : Life.never
    guard let task = journeys.slot(of: handoffs[slot].task) else { return passedOnAt }
    let stopped = journeys.stop(task, target)?.handedOnAt ?? Life.never
    return max(passedOnAt, stopped, journeys[task].endedAt)
  }

  /// Remembers with the task what was delivered to whom: the path goes on from there.
  mutating func arriveAtStop(_ slot: Int) {
    let target = handoffs[slot].to
    guard let task = journeys.slot(of: handoffs[slot].task), !target.isNone else { return }
    let deliveredAt = handoffs[slot].life.lastAcknowledgedAt
    let (hop, retained, binding) = (handoffs[slot].hop, handoffs[slot].retained, handoffs[slot].binding)
    let isKept = journeys.change(task, target) { stop in
      guard deliveredAt >= stop.deliveredAt else { return }
      stop.deliveredAt = deliveredAt
      stop.hop = hop
      stop.retained = retained
      stop.binding = binding
    }
    if !isKept { counters.overflow.count(.leg) }
  }
}
