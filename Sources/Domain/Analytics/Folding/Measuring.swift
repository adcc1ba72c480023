import Model

extension Analytics {
  /// Observes what two events together tell, once both are known here.
  mutating func measure(_ slot: Int, _ event: borrowing EventView) {
    if handoffs[slot].marks.isDisjoint(with: [.measuredAcknowledgement, .leftAcknowledgement]),
      let latency = handoffs[slot].life.acknowledgementLatency
    {
      observeAcknowledgement(slot, latency.microseconds, isSkewed: latency.isSkewed, event)
    }
    measureDuration(slot, event)
    measureBlocking(slot)
  }

  /// Observes how long the sender of a handoff waited, once there is an answer: where it sent, wherever that came to.
  mutating func measureBlocking(_ slot: Int) {
    guard handoffs[slot].marks.contains(.initiated), !handoffs[slot].marks.contains(.measuredBlocking),
      let wait = handoffs[slot].life.answerWait
    else { return }
    handoffs[slot].marks.insert(.measuredBlocking)
    counters.observeBlocking(handoffs[slot].saidPattern, Double(wait) / 1e6)
  }

  /// Observes the duration, if its end is known: by an event of its own, or by one of its task's.
  mutating func measureDuration(_ slot: Int, _ event: borrowing EventView) {
    guard handoffs[slot].marks.isDisjoint(with: [.measuredDuration, .leftDuration]) else { return }
    let life = handoffs[slot].life
    guard life.initiatedAt != .max, let end = life.endedAt else { return }
    observeDuration(slot, max(0, end &- life.initiatedAt), event)
  }

  mutating func observeAcknowledgement(
    _ slot: Int, _ latency: Int64, isSkewed: Bool, _ event: borrowing EventView
  ) {
    handoffs[slot].marks.insert(.measuredAcknowledgement)
    if isSkewed { counters.count(.clockSkew) }
    let seconds = Double(latency) / 1e6
    observe(.acknowledgement, seconds, in: series(of: handoffs[slot].to), event)
    counters.acknowledgement.observe(seconds)
    counters.kinds.observeAcknowledgement(seconds, of: handoffs[slot].saidKind)
    delta.observeAcknowledgement(latency)
  }

  mutating func observeDuration(_ slot: Int, _ duration: Int64, _ event: borrowing EventView) {
    handoffs[slot].marks.insert(.measuredDuration)
    let seconds = Double(duration) / 1e6
    observe(.duration, seconds, in: series(of: handoffs[slot].to), event)
    if let to = agents.place(of: handoffs[slot].to) { agents[to].durationTime &+= duration }
    counters.duration.observe(seconds)
    delta.observeDuration(duration)
  }

  /// Observes something of an agent, with the event as an exemplar if that is news.
  mutating func observe(
    _ what: AgentDistribution, _ value: Double, in series: UInt16, _ event: borrowing EventView
  ) {
    guard let bucket = agents.series[series].observe(what, value, at: now),
      let exemplar = exemplar(of: event, value)
    else { return }
    agents.series[series].keep(exemplar, of: what, in: bucket)
  }

  /// The trace the event belongs to, or else its handoff.
  @inline(__always)
  private func exemplar(of event: borrowing EventView, _ value: Double) -> Exemplar? {
    if let trace = event.piece(.traceID) {
      return Exemplar(max(0, value), .trace, event.bytes, trace.range, at: now)
    }
    return event.piece(.handoffID).flatMap {
      Exemplar(max(0, value), .handoff, event.bytes, $0.range, at: now)
    }
  }
}
