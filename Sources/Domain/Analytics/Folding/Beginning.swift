import Hashing
import Model

/// How deep a handoff is, how much of the context arrives with it, and what binds its sender.
struct Arrival {
  var hop: Int
  var retained: Double
  var binding = Bonds()

  /// Of a handoff with nothing before it.
  static let first = Self(hop: 1, retained: 1)
}

extension Analytics {
  /// Counts a handoff as begun: once, at its first `initiated`.
  mutating func begin(_ slot: Int, _ event: borrowing EventView) {
    handoffs[slot].marks.insert(.initiated)
    agents.series[series(of: handoffs[slot].to)].countStarted(handoffs[slot].saidPattern)
    agents.series[series(of: handoffs[slot].from)].count(.sent)
    if let from = agents.place(of: handoffs[slot].from) { agents[from].sent &+= 1 }
    let reason = HandoffReason(rawValue: handoffs[slot].reason) ?? .other
    counters.countReason(reason, handoffs[slot].saidKind)
    delta.count(.started)
    arrive(slot, event)
    travel(slot, event)
    if isCold(slot, event) {
      counters.count(.cold)
      delta.count(.cold)
    }
  }

  /// Works out where along its path the handoff is.
  private mutating func arrive(_ slot: Int, _ event: borrowing EventView) {
    let arrival = arrival(slot, event)
    handoffs[slot].arriving = arrival.retained
    handoffs[slot].inherited = arrival.binding
    if handoffs[slot].hop == 0 { handoffs[slot].hop = UInt16(clamping: arrival.hop) }
    let hop = Int(handoffs[slot].hop)
    counters.hopDepth.observe(Double(hop))
    delta.count(.depths)
    delta.count(.depthSum, hop)
    delta.raise(.hops, to: hop)
    if hop > settings.hopLimit {
      counters.count(.hopLimitExceeded)
      note(.hopLimitExceeded, slot, value: Double(hop))
    }
    if handoffs[slot].marks.contains(.references) { observeChain(slot) }
  }

  /// The parent's hop plus one, else that of the task's last handoff delivered to this sender plus one.
  @inline(__always)
  private func arrival(_ slot: Int, _ event: borrowing EventView) -> Arrival {
    if let id = event.hash(.parentHandoffID, seed: settings.hashSeed), let parent = handoffs.find(id),
      handoffs[parent].hop > 0
    {
      return Arrival(
        hop: Int(handoffs[parent].hop) + 1, retained: handoffs[parent].retained,
        binding: handoffs[parent].binding)
    }
    if let task = journeys.slot(of: handoffs[slot].task), let stop = journeys.stop(task, handoffs[slot].from),
      stop.deliveredAt != Life.never
    {
      return Arrival(hop: Int(stop.hop) + 1, retained: stop.retained, binding: stop.binding)
    }
    return .first
  }

  /// Counts the handoff as one of its task's, and the edge it travels: once both are known.
  mutating func travel(_ slot: Int, _ event: borrowing EventView) {
    guard let task = journeys.slot(of: handoffs[slot].task) else { return }
    journeys[task].handoffs &+= 1
    handOn(slot, at: handoffs[slot].life.initiatedAt, event)
    answerFailure(slot, in: task, at: handoffs[slot].life.initiatedAt)
    let (from, to) = (handoffs[slot].from, handoffs[slot].to)
    guard !from.isNone, !to.isNone else { return }
    guard let travels = journeys.travel(task, from: from, to: to) else {
      return counters.overflow.count(.leg)
    }
    delta.raise(.edgeTravels, to: travels)
    guard travels > 1 else { return }
    counters.count(.loops)
    delta.count(.loops)
    note(.loop, slot, value: Double(travels))
  }

  /// Whether the receiver starts with nothing: a cold handoff, or no section, no reference and no state.
  @inline(__always)
  private func isCold(_ slot: Int, _ event: borrowing EventView) -> Bool {
    if handoffs[slot].kind == HandoffKind.cold.rawValue { return true }
    let told = handoffs[slot].marks
    let hasSections = told.contains(.sections) || event.piece(.envelopeSections).map { $0.count > 2 } ?? false
    let hasReferences = told.contains(.references) || (event.count(.memoryRequested) ?? 0) > 0
    let hasState =
      told.contains(.size) || (event.count(.envelopeBytes) ?? 0) > 0 || event.has(.envelopeChecksum)
    return !hasSections && !hasReferences && !hasState
  }
}
