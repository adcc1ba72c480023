import Platform

/// What the upkeep lane does.
extension SpoolMachine {
  /// What the upkeep lane has to tell.
  enum UpkeepEvent: Sendable {
    case prepared(SegmentTable.Prepared)
    case prepareFailed(SystemError)
    case removed(SegmentName)
    case removeFailed(SegmentName, SystemError)
    case trimmed(SegmentName)
    /// So many bytes may still be written to the volume.
    case measured(Int)
  }

  /// What the upkeep lane is to do next.
  enum UpkeepAction: Hashable, Sendable {
    /// Make a segment of `bytes`, with these words in its header.
    case prepare(SegmentName, base: UInt64, start: UInt64, bytes: Int)
    case remove(SegmentName)
    case trim(SegmentName, to: Int)
    /// See how much room the volume has.
    case measure
    /// Nothing before so much time has passed, or somebody calls.
    case wait(Duration?)
    case stop
  }

  /// Takes the news.
  mutating func take(_ event: UpkeepEvent, now: MonotonicInstant) {
    switch event {
    case .prepared(let ready): adopt(ready)
    case .prepareFailed(let error): note(error, now)
    case .removed(let name): forget(name, now)
    case .removeFailed(let name, let error):
      // A full or failing disk may still refuse this; the file stays a segment that can be read.
      notices.append(.cannotRemove(name, error))
      discarded.removeAll { $0 == name }
      removalPausedUntil = now + .seconds(10)
    case .trimmed(let name): table.trimmed(name)
    case .measured(let available):
      measuredAt = now
      capacity = limits.capacity(used: table.diskBytes, available: available)
    }
  }

  /// Says what to do.
  mutating func nextUpkeep(_ now: MonotonicInstant) -> UpkeepAction {
    if isStopped { return lastUpkeep() }
    if wanted > 0, let action = prepare(now) { return action }
    if let name = removable(now) { return .remove(name) }
    if let (name, end) = table.trimmable, name != inFlight { return .trim(name, to: end) }
    if let action = prepare(now) { return action }
    return .wait(pause(now))
  }

  /// Leaves no reserved space behind.
  private mutating func lastUpkeep() -> UpkeepAction {
    table.seal()
    if let (name, end) = table.trimmable { return .trim(name, to: end) }
    return .stop
  }

  private mutating func prepare(_ now: MonotonicInstant) -> UpkeepAction? {
    guard needsSegment, now >= retryAt else { return nil }
    guard let measuredAt, now - measuredAt < .seconds(1) else { return .measure }
    if let small = table.discardPrepared() { discarded.append(small) }
    let name = SegmentName(ordinal: nextOrdinal, identity: identity)
    nextOrdinal += 1
    return .prepare(
      name, base: table.next, start: nextSequence, bytes: max(limits.segment(capacity), (wanted + 7) & ~7))
  }

  /// The next segment is made when the active one is half full.
  var needsSegment: Bool {
    if let prepared = table.prepared { return wanted > prepared.size }
    // After a failure, to see whether the disk works again.
    return wanted > 0 || disk != .fine || table.room < limits.segment(capacity) / 2
  }

  private mutating func adopt(_ ready: SegmentTable.Prepared) {
    guard ready.name.identity == identity else {
      discarded.append(ready.name)
      return
    }
    if disk != .fine { notices.append(.recovered) }
    disk = .fine
    retryPause = .seconds(1)
    wanted = 0
    table.prepare(ready)
  }

  private mutating func note(_ error: SystemError, _ now: MonotonicInstant) {
    // Said once, and again when the reason changes.
    if disk.error?.errno != error.errno { notices.append(.cannotPrepare(error)) }
    disk = DiskState(error)
    wanted = 0
    retryAt = now + retryPause
    measuredAt = nil
    if !error.isOutOfSpace { retryPause = min(.seconds(60), retryPause * 2) }
  }

  /// The segment that is being written to; it may be sealed already.
  private var inFlight: SegmentName? {
    if case .committing(let group) = phase { return group.segment }
    return nil
  }

  private func removable(_ now: MonotonicInstant) -> SegmentName? {
    if now < removalPausedUntil { return nil }
    if let name = discarded.first { return name }
    var pressed = table.diskBytes > threshold(limits.warnAt)
    if case .full = disk { pressed = true }
    let name = table.removable(limits, pressed: pressed, now: now)
    return name == inFlight ? nil : name
  }

  private mutating func forget(_ name: SegmentName, _ now: MonotonicInstant) {
    discarded.removeAll { $0 == name }
    table.remove(name)
    measuredAt = nil
    // There may be room now.
    if case .full = disk { retryAt = now }
  }

  private func pause(_ now: MonotonicInstant) -> Duration? {
    var pauses: [Duration] = []
    if needsSegment { pauses.append(retryAt - now) }
    if now < removalPausedUntil { pauses.append(removalPausedUntil - now) }
    if let expiry = table.nextExpiry(limits, now: now) { pauses.append(expiry) }
    return pauses.min().map { max(.milliseconds(10), $0) }
  }
}
