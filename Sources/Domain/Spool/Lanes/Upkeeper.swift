import Platform

/// What the upkeep lane runs: it makes segments before they are needed, and removes and cuts old ones.
struct Upkeeper {
  let core: SpoolCore

  /// Runs until the commit lane has ended and nothing is left to put in order.
  func run() {
    while turn(core.gate.wait(on: SpoolCore.Waiting.upkeep) { $0.nextUpkeep(core) }) {}
  }

  /// Does all there is to do now, and returns without waiting.
  func drain() {
    while case .over(let action) = core.gate.withLock({ $0.nextUpkeep(core) }) {
      if !turn(action) { return }
    }
  }

  private func turn(_ action: SpoolMachine.UpkeepAction) -> Bool {
    switch action {
    case .prepare(let name, let base, let start, let bytes): tell(prepare(name, base, start, bytes))
    case .remove(let name): tell(remove(name))
    case .trim(let name, let end):
      // Only space is lost if this fails.
      try? core.files.disk.cut(core.files.path(name), to: end)
      tell(.trimmed(name))
    case .measure:
      // Where the volume cannot be asked, the limit stands.
      tell(.measured((try? core.files.disk.available(core.files.directory)) ?? .max))
    case .wait: break
    case .stop: return false
    }
    return true
  }

  private func prepare(
    _ name: SegmentName, _ base: UInt64, _ start: UInt64, _ bytes: Int
  ) -> SpoolMachine.UpkeepEvent {
    do throws(SystemError) {
      try core.files.make(name, base: base, start: start, bytes: bytes, created: core.time.wall())
      return .prepared(SegmentTable.Prepared(name: name, size: bytes))
    } catch {
      return .prepareFailed(error)
    }
  }

  private func remove(_ name: SegmentName) -> SpoolMachine.UpkeepEvent {
    do throws(SystemError) {
      try core.files.remove(name)
      return .removed(name)
    } catch {
      return .removeFailed(name, error)
    }
  }

  private func tell(_ event: SpoolMachine.UpkeepEvent) {
    let now = core.time.now()
    let notices = core.gate.withLock { machine in
      machine.take(event, now: now)
      return machine.takeNotices()
    }
    // The commit lane may wait for a segment, or for the news that there is none.
    core.gate.signal(SpoolCore.Waiting.commit)
    core.report(notices)
  }
}

extension SpoolMachine {
  /// What the upkeep lane does next, or how long it waits.
  mutating func nextUpkeep(_ core: SpoolCore) -> Gate<SpoolMachine>.Pause<UpkeepAction> {
    let action = nextUpkeep(core.time.now())
    if case .wait(let duration) = action { return .pause(duration) }
    return .over(action)
  }
}
