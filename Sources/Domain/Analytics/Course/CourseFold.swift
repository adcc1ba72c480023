import Bytes
import Model

extension Analytics {
  /// Measures the phase that an event ends, and counts what a receiver had to fetch.
  mutating func observeCourse(_ slot: Int, _ event: borrowing EventView) {
    if event.type == .step, let step = JSONPieces.member("step", of: event.bytes, event.body),
      let fetch = Self.fetch(step, of: event)
    {
      return counters.countFetches(
        Self.count(step, of: event), of: fetch, handoffs[slot].saidStrategy)
    }
    guard let measured = handoffs[slot].phases.note(PhaseClock.Event(event)) else { return }
    let seconds = Double(measured.time) / 1e6
    counters.observe(measured.phase, seconds)
    if measured.phase == .work { counters.kinds.observeResultWait(seconds, of: handoffs[slot].saidKind) }
  }

  private static func fetch(_ step: Range<Int>, of event: borrowing EventView) -> ContextFetch? {
    guard let name = JSONPieces.text("name", of: event.bytes, step) else { return nil }
    return ContextFetch.allCases.first { name.elementsEqual($0.rawValue.utf8) }
  }

  /// How many were fetched at once: one where the step does not say.
  private static func count(_ step: Range<Int>, of event: borrowing EventView) -> UInt64 {
    UInt64(min(max(JSONPieces.number("count", of: event.bytes, step) ?? 1, 0), 1e6))
  }

  /// Counts which version of an envelope's form met which: what was sent, and what its receiver works with.
  mutating func compareVersions(_ slot: Int, _ event: borrowing EventView) {
    guard !handoffs[slot].marks.contains(.versions), let side = event.type.side,
      let piece = event.piece(.envelopeVersion)
    else { return }
    let version = UInt8(truncatingIfNeeded: counters.versions.place(of: event.bytes[piece.range]))
    switch side {
    case .sender: handoffs[slot].sentVersion = version
    case .receiver: handoffs[slot].receivedVersion = version
    }
    guard let sent = handoffs[slot].sentVersion, let received = handoffs[slot].receivedVersion else { return }
    handoffs[slot].marks.insert(.versions)
    counters.versionPairs.count(Int(sent), Int(received))
  }
}

extension PhaseClock.Event {
  /// An event as the clock takes it.
  init(_ event: borrowing EventView) {
    self.init(event.type, at: event.occurredAt)
    switch event.type {
    case .attemptFailed: told = Self.milliseconds("backoff_ms", event, event.body)
    case .validated:
      told = event.piece(.validation).flatMap { Self.milliseconds("duration_ms", event, $0.range) }
    case .step:
      guard let piece = JSONPieces.member("step", of: event.bytes, event.body) else { return }
      step = HandoffPhase(step: JSONPieces.text("name", of: event.bytes, piece) ?? [])
      told = Self.milliseconds("duration_ms", event, piece)
      isBeginning = Self.begins(JSONPieces.text("status", of: event.bytes, piece))
    default: break
    }
  }

  private static func milliseconds(
    _ name: String, _ event: borrowing EventView, _ object: Range<Int>
  ) -> Int64? {
    JSONPieces.number(name, of: event.bytes, object).map(Self.time(milliseconds:))
  }
}
