import Platform

/// Admission: the ladder of pressure.
extension SpoolMachine {
  /// Takes a record into the queue, or says why not.
  mutating func append(_ record: Pending, now: MonotonicInstant) -> SpoolRefusal? {
    let refusal = refusal(of: record, now: now)
    if refusal == nil { queue.add(record) } else { counts.refused += 1 }
    if case .full = refusal { isFull = true } else if refusal == nil { isFull = false }
    return refusal
  }

  private mutating func refusal(of record: Pending, now: MonotonicInstant) -> SpoolRefusal? {
    if isClosing { return .broken("the spool is closed") }
    let waiting = queue.footprint + record.footprint
    if let error = disk.error, table.prepared == nil, waiting > table.room {
      return refusal(for: error, now: now)
    }
    let use = table.liveBytes + waiting
    if use > threshold(limits.refuseAt) { return .full(retryAfter: retryAfter(now)) }
    if sheds(use) { return .slowDown(retryAfter: retryAfter(now)) }
    if queue.weight > 0, queue.weight + record.weight > limits.inFlightBytes {
      return .busy(retryAfter: retryAfter(now, excess: 0))
    }
    return nil
  }

  /// Whether this one is told to come back, between the thresholds: the fuller, the more of them are.
  private mutating func sheds(_ use: Int) -> Bool {
    let (slow, full) = (threshold(limits.slowAt), threshold(limits.refuseAt))
    guard use > slow, full > slow else { return false }
    shed += Double(use - slow) / Double(full - slow)
    guard shed >= 1 else { return false }
    shed -= 1
    return true
  }

  /// How to refuse after `error`.
  mutating func refusal(for error: SystemError, now: MonotonicInstant) -> SpoolRefusal {
    error.isOutOfSpace ? .full(retryAfter: retryAfter(now)) : .broken(error.description)
  }

  /// When there will be room below the warning again; with no excess given, by what is there now.
  private mutating func retryAfter(_ now: MonotonicInstant, excess: Int? = nil) -> Duration {
    if excess == 0 { return .seconds(1) }
    return drain.retryAfter(table.liveBytes - threshold(limits.warnAt), now: now)
  }

  /// The pressure as others see it.
  var pressure: SpoolStatus.Pressure {
    if isStuck {
      if case .failing = disk { return .broken }
      return .refuse
    }
    let use = table.liveBytes + queue.footprint
    if isFull || use > threshold(limits.refuseAt) { return .refuse }
    if use > threshold(limits.slowAt) { return .slow }
    return use > threshold(limits.warnAt) ? .warn : .none
  }

  /// All of it at one moment.
  var status: SpoolStatus {
    let undrained = table.undrained()
    var status = SpoolStatus()
    status.bytes = undrained.bytes
    status.events = undrained.events
    status.oldest = undrained.oldest
    status.diskBytes = table.diskBytes
    status.capacityBytes = capacity
    status.segments = table.segments.count
    status.inFlightBytes = queue.weight
    status.firstSequence = table.first
    status.nextSequence = table.next
    status.released = table.released
    status.pressure = pressure
    if status.pressure == .broken { status.brokenReason = disk.error?.description }
    status.counts = counts
    status.counts.gaps = gaps.count
    status.counts.missingRecords = gaps.sequences
    status.gaps = gaps.recent
    return status
  }
}
