import Platform

/// What the commit lane does.
extension SpoolMachine {
  /// What the commit lane has to tell.
  enum CommitEvent: Sendable {
    /// It has time.
    case ready
    /// The group is on stable storage; the sync took so long.
    case committed(Duration)
    /// The group could not be written or synced.
    case failed(SystemError)
  }

  /// What the commit lane is to do next.
  enum CommitAction: Sendable {
    case wait
    case commit(CommitGroup)
    case answer([Answer])
    case stop
  }

  /// Takes the news and says what to do.
  mutating func step(_ event: CommitEvent, now: MonotonicInstant) -> CommitAction {
    if case .committing(let group) = phase {
      switch event {
      case .ready: break
      case .committed(let duration): succeed(group, duration)
      case .failed(let error): fail(group, error, now)
      }
    }
    let action = next(now)
    if !answers.isEmpty {
      defer { answers = [] }
      return .answer(answers)
    }
    return action
  }

  private mutating func next(_ now: MonotonicInstant) -> CommitAction {
    // First the answers; then the lane asks again.
    if !answers.isEmpty { return .wait }
    switch phase {
    case .committing: return .wait
    case .moving(let group): return move(group, now)
    case .idle: return gather(now)
    }
  }

  /// Forms a group of what waits.
  private mutating func gather(_ now: MonotonicInstant) -> CommitAction {
    guard let first = queue.first else {
      isStopped = isClosing
      return isClosing ? .stop : .wait
    }
    guard let place = table.claim(first.footprint, next: nextSequence) else {
      wanted = max(wanted, first.footprint + SegmentHeader.size)
      if let error = disk.error {
        wanted = 0
        refuse(queue.takeAll(), error, now)
      }
      return .wait
    }
    let records = queue.take(min(table.room, max(limits.groupBytes, first.footprint)))
    let group = CommitGroup(
      records: records, first: nextSequence, skipped: nextSequence - table.next, segment: place.name,
      identity: place.name.identity, offset: place.offset)
    nextSequence = group.next
    phase = .committing(group)
    return .commit(group)
  }

  /// Tries a failed group on another segment.
  private mutating func move(_ group: CommitGroup, _ now: MonotonicInstant) -> CommitAction {
    let footprint = group.footprint
    guard let place = table.claim(footprint, next: group.first) else {
      wanted = max(wanted, footprint + SegmentHeader.size)
      if let error = disk.error { giveUp(group, error, now) }
      return .wait
    }
    var group = group
    group.segment = place.name
    group.identity = place.name.identity
    group.offset = place.offset
    group.isSecondAttempt = true
    phase = .committing(group)
    return .commit(group)
  }

  private mutating func succeed(_ group: CommitGroup, _ duration: Duration) {
    phase = .idle
    table.extend(by: group)
    queue.answered(group.records)
    counts.syncs += 1
    counts.syncDurations.observe(duration)
    counts.records += group.records.count
    counts.events += group.records.reduce(0) { $0 + $1.events }
    for (index, record) in group.records.enumerated() {
      answers.append(Answer(completion: record.completion, result: .success(group.first + UInt64(index))))
    }
  }

  private mutating func fail(_ group: CommitGroup, _ error: SystemError, _ now: MonotonicInstant) {
    counts.failures += 1
    table.seal()
    notices.append(.segmentFailed(group.segment, error))
    if group.isSecondAttempt {
      disk = DiskState(error)
      retryAt = now + retryPause
      giveUp(group, error, now)
    } else {
      phase = .moving(group)
    }
  }

  private mutating func giveUp(_ group: CommitGroup, _ error: SystemError, _ now: MonotonicInstant) {
    phase = .idle
    wanted = 0
    notices.append(.groupRefused(records: group.records.count, error))
    refuse(group.records, error, now)
  }

  private mutating func refuse(_ records: [Pending], _ error: SystemError, _ now: MonotonicInstant) {
    queue.answered(records)
    counts.refused += records.count
    for record in records {
      answers.append(Answer(completion: record.completion, result: .failure(refusal(for: error, now: now))))
    }
  }
}
