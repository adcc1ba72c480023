/// What one event, or one timer, adds to windows: gathered while it is folded, then put down at once.
struct Delta: Sendable {
  private(set) var measures = Measures()
  /// Observed times in microseconds; negative where there is none.
  private(set) var acknowledgement: Int64 = -1
  private(set) var duration: Int64 = -1

  var isEmpty: Bool { measures.isEmpty }

  @inline(__always)
  mutating func count(_ tally: Tally, _ number: Int = 1) { measures.count(tally, number) }

  @inline(__always)
  mutating func add(_ amount: Amount, _ number: Int64) { measures.add(amount, number) }

  mutating func raise(_ peak: Peak, to number: Int) { measures.raise(peak, to: number) }

  mutating func observeAcknowledgement(_ latency: Int64) {
    acknowledgement = latency
    count(.acknowledgements)
    add(.acknowledgementTime, latency)
  }

  mutating func observeDuration(_ duration: Int64) {
    self.duration = duration
    count(.durations)
    add(.durationTime, duration)
  }

  mutating func clear() {
    self = Self()
  }
}

extension Analytics {
  /// Puts down what was gathered, for all handoffs and for each group this one belongs to.
  mutating func flush(_ slot: Int) {
    if !selections.isEmpty { putDownSelected(slot) }
    guard !delta.isEmpty else { return }
    if !isLate {
      putDownForAll()
      putDownByGroup(slot)
    }
    delta.clear()
  }

  /// Puts down what was gathered of an agent that is no handoff's target.
  mutating func flushForAgent(_ agent: AgentRef) {
    putDownForAll()
    grouped.turn(to: now)
    putDown(.toAgent, agent.raw)
    delta.clear()
  }

  private mutating func putDownForAll() {
    fleet.add(delta.measures, at: now)
    if delta.acknowledgement >= 0 { fleet.observeAcknowledgement(delta.acknowledgement, at: now) }
    if delta.duration >= 0 { fleet.observeDuration(delta.duration, at: now) }
  }

  private mutating func putDownByGroup(_ slot: Int) {
    grouped.turn(to: now)
    let to = handoffs[slot].to
    let from = handoffs[slot].from
    if !to.isNone {
      putDown(.toAgent, to.raw)
      if !from.isNone { putDown(.pair, from.raw, to.raw) }
    }
    if !from.isNone { putDown(.fromAgent, from.raw) }
    putDown(.reason, word(handoffs[slot].reason, HandoffReason.other.rawValue))
    putDown(.kind, word(handoffs[slot].kind, HandoffKind.other.rawValue))
    putDown(.pattern, word(handoffs[slot].pattern, HandoffPattern.other.rawValue))
    putDown(.strategy, word(handoffs[slot].strategy, EnvelopeStrategy.other.rawValue))
  }

  /// The group of a dimension that a handoff belongs to, if it is known; of none, all of them together.
  func key(_ dimension: Dimension?, of slot: Int) -> GroupKey? {
    let (from, to) = (handoffs[slot].from, handoffs[slot].to)
    switch dimension {
    case nil: return .all
    case .toAgent: return to.isNone ? nil : GroupKey(.toAgent, to.raw)
    case .fromAgent: return from.isNone ? nil : GroupKey(.fromAgent, from.raw)
    case .pair: return from.isNone || to.isNone ? nil : GroupKey(.pair, from.raw, to.raw)
    case .reason: return GroupKey(.reason, word(handoffs[slot].reason, HandoffReason.other.rawValue))
    case .kind: return GroupKey(.kind, word(handoffs[slot].kind, HandoffKind.other.rawValue))
    case .pattern: return GroupKey(.pattern, word(handoffs[slot].pattern, HandoffPattern.other.rawValue))
    case .strategy: return GroupKey(.strategy, word(handoffs[slot].strategy, EnvelopeStrategy.other.rawValue))
    }
  }

  @inline(__always)
  private func word(_ said: UInt8, _ other: UInt8) -> UInt32 {
    UInt32(said == Handoff.unsaid ? other : said)
  }

  @inline(__always)
  private mutating func putDown(_ dimension: Dimension, _ first: UInt32, _ second: UInt32 = 0) {
    guard times.dimensions.contains(dimension), let row = grouped.row(of: GroupKey(dimension, first, second))
    else { return }
    grouped.add(delta.measures, to: row)
    guard times.quantiles.contains(dimension) else { return }
    if delta.acknowledgement >= 0 { grouped.observe(.acknowledgement, delta.acknowledgement, of: row) }
    if delta.duration >= 0 { grouped.observe(.duration, delta.duration, of: row) }
  }
}
