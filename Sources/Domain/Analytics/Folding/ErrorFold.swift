import Model

extension Analytics {
  /// Counts the error an event brings, or that it brings none where one belongs.
  mutating func observeError(_ slot: Int, _ event: borrowing EventView) {
    guard event.has(.error) || event.type == .attemptFailed || event.type == .failed else { return }
    if !isLate, let place = agents.place(of: handoffs[slot].to) { agents.causes[place] = Cause(event) }
    let errorClass: ErrorClass = event.word(.errorClass) ?? .unclassified
    agents.series[series(of: handoffs[slot].to)].countError(errorClass)
    guard let type = event.piece(.errorType) else { return }
    handoffs[slot].lastError = FailureReason.reading(event.bytes, type.range).rawValue
    handoffs[slot].hasError = true
    if Self.namesChecksum(event.bytes[type.range]) { countMismatch(slot) }
  }

  private static func namesChecksum(_ type: ArraySlice<UInt8>) -> Bool {
    guard type.count >= 8 else { return false }
    return String(decoding: type, as: UTF8.self).lowercased().contains("checksum")
  }

  /// Counts the attempts that became known: as many as the record would show.
  mutating func countAttempts(_ slot: Int, _ event: borrowing EventView) {
    if event.has(.attempt) {
      let said = UInt32(clamping: min(event.count(.attempt) ?? 0, 10_000))
      handoffs[slot].highestAttempt = max(handoffs[slot].highestAttempt, said)
    }
    let known = handoffs[slot].attempts
    let attempts = attemptsTold(slot)
    guard attempts > known else { return }
    handoffs[slot].attempts = attempts
    let series = series(of: handoffs[slot].to)
    agents.series[series].count(.attempts, Int64(attempts - known))
    if attempts > 1 { agents.series[series].count(.retries, Int64(attempts) - Int64(max(1, known))) }
    delta.count(.attempts, Int(attempts - known))
  }

  @inline(__always)
  private func attemptsTold(_ slot: Int) -> UInt32 {
    let isDelivered = handoffs[slot].marks.contains(.delivered)
    let isSent = handoffs[slot].life.initiatedAt != .max || handoffs[slot].life.lastReplayedAt != Life.never
    let tried = handoffs[slot].failedAttempts &+ (isDelivered ? 1 : 0)
    return max(handoffs[slot].highestAttempt, tried, isSent ? 1 : 0)
  }

  /// Notes who spoke: the sender of what concerns sending, the receiver of what concerns receiving.
  mutating func hearSpeaker(_ slot: Int, _ event: borrowing EventView) {
    let marks = handoffs[slot].marks
    switch event.type {
    case .acknowledged, .received, .resumed, .rejected, .completed:
      hear(handoffs[slot].to, event)
      if let to = agents.place(of: handoffs[slot].to) { agents[to].receivesHere = true }
    case .failed where marks.contains(.delivered): hear(handoffs[slot].to, event)
    case .resolved, .expired, .validated, .step: break
    default: hear(handoffs[slot].from, event)
    }
  }

  /// Notes that an agent itself said something.
  mutating func hear(_ agent: AgentRef, _ event: borrowing EventView) {
    guard let place = agents.place(of: agent) else { return }
    agents[place].heardAt = max(agents[place].heardAt, min(event.occurredAt, event.receivedAt))
  }
}
