import Hashing
public import Model

// One sidecar per agent is normal, so the halves of a handoff come to different ones. State follows
// what all of them know: `refresh` brings it from the database. Counters, histograms and windows follow
// what this one saw: what came from elsewhere is only marked as counted, because it was, there. What
// needs two events belongs to the sidecar whose commit completes the pair: `complete` says so.

/// What only two events together tell.
public struct CompletedPair: OptionSet, Sendable {
  /// The stored bits.
  public let rawValue: UInt8
  /// Pairs of those bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A send and its acknowledgement.
  public static let acknowledgement = Self(rawValue: 1)
  /// The first send and the end.
  public static let duration = Self(rawValue: 2)

  /// The marks of a handoff of which these were observed.
  var measured: Handoff.Marks {
    var marks: Handoff.Marks = []
    if contains(.acknowledgement) { marks.insert(.measuredAcknowledgement) }
    if contains(.duration) { marks.insert(.measuredDuration) }
    return marks
  }
}

extension Analytics {
  /// Merges what the database knows of handoffs that are open here; what it knows of others is passed over.
  public mutating func refresh(_ known: [KnownHandoff], at moment: Timestamp) {
    advance(to: moment.microseconds)
    for handoff in known where handoffs.find(Hash.hash128(handoff.handoffID, seed: settings.hashSeed)) != nil
    {
      merge(handoff)
    }
  }

  private mutating func merge(_ known: KnownHandoff) {
    let events = RememberedEvents(known)
    for position in events.moments.indices {
      foldElsewhere(events.view(position, receivedAt: Timestamp(microseconds: now), times.lateAfter))
    }
  }

  /// Observes what a commit of this sidecar has completed with another's half, once.
  ///
  /// To be called only where the halves came to different sidecars: where both came here, it was observed at once.
  public mutating func complete(_ pair: CompletedPair, of known: KnownHandoff, at moment: Timestamp) {
    advance(to: moment.microseconds)
    let id = Hash.hash128(known.handoffID, seed: settings.hashSeed)
    if let slot = handoffs.find(id), handoffs[slot].marks.isSuperset(of: pair.measured) { return }
    if handoffs.find(id) == nil { _ = handoffs.add(id, text: known.handoffID[...]) }
    merge(known)
    guard let slot = handoffs.find(id) else { return }
    let life = known.record.life
    let latest = life.lastEventAt?.microseconds ?? now
    isLate = now &- latest > times.lateAfter
    let event = RememberedEvents(known).summary(receivedAt: moment)
    if pair.contains(.acknowledgement), !handoffs[slot].marks.contains(.measuredAcknowledgement),
      let latency = life.acknowledgementLatency
    {
      observeAcknowledgement(slot, max(0, latency), isSkewed: life.isSkewed, event)
    }
    if pair.contains(.duration), !handoffs[slot].marks.contains(.measuredDuration),
      let duration = life.duration
    {
      observeDuration(slot, duration, event)
    }
    settle(slot)
    flush(slot)
    isLate = false
    trim()
  }

  /// Merges an event that another sidecar received into the handoff, if it is known here.
  mutating func foldElsewhere(_ event: borrowing EventView) {
    advance(to: event.receivedAt)
    guard let id = event.hash(.handoffID, seed: settings.hashSeed), let slot = handoffs.find(id) else {
      return
    }
    isLate = event.isLate
    let before = handoffs[slot].life
    learn(slot, event)
    handoffs[slot].life.merge(event.type, event.occurredAt, receivedAt: event.receivedAt)
    if !selections.isEmpty { answer(slot, event) }
    let life = handoffs[slot].life
    if before.acknowledgementLatency == nil, life.acknowledgementLatency != nil {
      handoffs[slot].marks.insert(.leftAcknowledgement)
    }
    if life.initiatedAt != .max, before.initiatedAt == .max || before.endedAt == nil, life.endedAt != nil {
      handoffs[slot].marks.insert(.leftDuration)
    }
    followElsewhere(slot, before)
    _ = handoffs[slot].phases.note(PhaseClock.Event(event))
    followFailure(slot, event)
    measureBlocking(slot)
    settle(slot)
    flush(slot)
    isLate = false
    trim()
  }

  /// Draws the consequences for state of what another sidecar has counted.
  private mutating func followElsewhere(_ slot: Int, _ before: Life) {
    let life = handoffs[slot].life
    if life.lastAcknowledgedAt > before.lastAcknowledgedAt {
      if !isLate { endRow(slot) }
      handoffs[slot].marks.formUnion([.delivered, .finished, .concluded])
      countInGroup(slot)
      arriveAtStop(slot)
    } else if life.state != before.state, life.state?.isEnd == true {
      handoffs[slot].marks.formUnion([.finished, .concluded, .exhausted])
    }
  }
}
