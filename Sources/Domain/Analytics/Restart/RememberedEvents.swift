import Model

// A record keeps one value for each fact, with the last event that told it, even if an earlier one had
// told the same. So what describes the handoff is given to each of its events from `initiated` on: the
// first one folded counts it, as it did when it was live. What tells of one event only stays with that;
// and the target was the original one until the handoff was rerouted.

/// The events of a record, made readable for the fold again.
struct RememberedEvents {
  let moments: [RecordMoment]
  private let record: HandoffRecord
  /// The record's bytes, the handoff's id, and the attempts as digits.
  private let bytes: [UInt8]
  private let id: Range<Int>
  private var attempts: [Range<Int>] = []
  /// What describes the handoff, and the event from which on it is known.
  private var lasting: [(fact: FactID, range: Range<Int>, from: Int)] = []
  private var target: Range<Int>?
  private var formerTarget: Range<Int>?
  /// From this moment on the handoff went to its present target.
  private let firstReroute: Int

  init(_ known: KnownHandoff) {
    record = known.record
    moments = known.record.moments
    firstReroute = moments.firstIndex { $0.type == .rerouted } ?? moments.count
    var bytes = known.record.bytes
    id = bytes.count..<(bytes.count + known.handoffID.count)
    bytes += known.handoffID
    for moment in moments {
      let digits = moment.attempt > 0 ? Array(String(moment.attempt).utf8) : []
      attempts.append(bytes.count..<(bytes.count + digits.count))
      bytes += digits
    }
    self.bytes = bytes
    let initiated = moments.firstIndex { $0.type == .initiated } ?? 0
    for position in moments.indices {
      known.record.forEachFact(broughtBy: position) { note($0, $1, from: min(position, initiated)) }
    }
  }

  private mutating func note(_ fact: FactID, _ range: Range<Int>, from position: Int) {
    switch fact {
    case .toAgent: target = range
    case .originalToAgent: formerTarget = range
    default: if Self.isLasting(fact) { lasting.append((fact, range, position)) }
    }
  }

  /// Whether a fact describes the handoff, not one of its events.
  private static func isLasting(_ fact: FactID) -> Bool {
    switch fact {
    case .error, .errorClass, .errorType, .errorMessage, .errorHint, .errorAttempted: false
    case .rollback, .validation, .escalation, .parkReason, .fallbackIndex: false
    default: true
    }
  }

  /// The event at a position, as if it were received at a moment.
  func view(_ position: Int, receivedAt: Timestamp, _ lateAfter: Int64) -> EventView {
    let moment = moments[position]
    let isLate = receivedAt.microseconds &- moment.occurredAt.microseconds > lateAfter
    var view = EventView(
      type: moment.type, occurredAt: moment.occurredAt.microseconds, receivedAt: receivedAt.microseconds,
      isLate: isLate, bytes: bytes)
    view.put(.handoffID, id)
    if !attempts[position].isEmpty { view.put(.attempt, attempts[position]) }
    record.forEachFact(broughtBy: position) { view.put($0, $1) }
    for known in lasting where position >= known.from { view.put(known.fact, known.range) }
    if let target = position < firstReroute ? formerTarget ?? firstTarget : target {
      view.put(.toAgent, target)
    }
    if moment.type == .rerouted, let formerTarget { view.put(.originalToAgent, formerTarget) }
    return view
  }

  /// The target, unless the handoff was rerouted to it.
  private var firstTarget: Range<Int>? { firstReroute == moments.count ? target : nil }

  /// All that the record tells, as one event that bears no state.
  func summary(receivedAt: Timestamp) -> EventView {
    var view = EventView(
      type: .step, occurredAt: receivedAt.microseconds, receivedAt: receivedAt.microseconds, isLate: false,
      bytes: bytes)
    view.put(.handoffID, id)
    for known in lasting { view.put(known.fact, known.range) }
    return view
  }
}
