import Hashing
import Model

extension Analytics {
  /// Observes what an event tells of the envelope, each thing once for a handoff.
  mutating func observeEnvelope(_ slot: Int, _ event: borrowing EventView) {
    // First how it is packed: what it brings is counted by that too.
    observePacking(slot, event)
    observeReferences(slot, event)
    observeTokens(slot, event)
    observeSections(slot, event)
    observeConstraints(slot, event)
    observeNumbers(slot, event)
    compareChecksums(slot, event)
    compareVersions(slot, event)
  }

  /// Whether the event brings a fact that this handoff has not been counted for; then it is, now.
  @inline(__always)
  private mutating func isNews(
    _ slot: Int, _ mark: Handoff.Marks, _ fact: FactID, _ event: borrowing EventView
  )
    -> Bool
  {
    guard event.has(fact), !handoffs[slot].marks.contains(mark) else { return false }
    handoffs[slot].marks.insert(mark)
    return true
  }

  private mutating func observeReferences(_ slot: Int, _ event: borrowing EventView) {
    guard !handoffs[slot].marks.contains(.references), let requested = event.count(.memoryRequested),
      let said = event.count(.memoryResolved)
    else { return }
    handoffs[slot].marks.insert(.references)
    let resolved = min(said, requested)
    let series = series(of: handoffs[slot].to)
    agents.series[series].count(.referencesRequested, requested)
    agents.series[series].count(.referencesResolved, resolved)
    counters.packed.add(requested, to: .referencesRequested, of: handoffs[slot].saidStrategy)
    counters.packed.add(resolved, to: .referencesResolved, of: handoffs[slot].saidStrategy)
    guard requested > 0 else { return }
    delta.count(.referenced)
    delta.add(.requested, requested)
    delta.add(.resolved, resolved)
    let missing = Double(requested - resolved) / Double(requested)
    observe(.missing, missing, in: series, event)
    handoffs[slot].completeness = Double(resolved) / Double(requested)
    if handoffs[slot].marks.contains(.initiated) { observeChain(slot) }
  }

  /// Observes the context left after this hop, once: when its completeness is known, or it is concluded without.
  mutating func observeChain(_ slot: Int) {
    guard !handoffs[slot].marks.contains(.chain) else { return }
    handoffs[slot].marks.insert(.chain)
    let retained = handoffs[slot].retained
    counters.retained.observe(retained)
    let millionths = Int64((retained * 1e6).rounded())
    delta.count(.chained)
    delta.add(.retained, millionths)
    delta.raise(.contextLost, to: Int(1_000_000 - millionths))
  }

  private mutating func observeTokens(_ slot: Int, _ event: borrowing EventView) {
    guard isNews(slot, .tokens, .tokens, event) else { return }
    let series = series(of: handoffs[slot].to)
    let trimmed = event.count(.tokensTrimmed) ?? 0
    agents.series[series].count(.tokensTrimmed, trimmed)
    delta.add(.tokensTrimmed, trimmed)
    let used = event.count(.tokensUsed)
    let budget = event.count(.tokensBudget)
    agents.series[series].count(.tokensUsed, used ?? 0)
    agents.series[series].count(.tokensBudgeted, budget ?? 0)
    guard let used, let budget, budget > 0 else { return }
    let utilization = Double(used) / Double(budget)
    observe(.utilization, utilization, in: series, event)
    delta.count(.budgeted)
    delta.add(.tokensUsed, used)
    delta.add(.tokensBudgeted, budget)
    counters.packed.add(used, to: .tokensUsed, of: handoffs[slot].saidStrategy)
    counters.packed.add(budget, to: .tokensBudgeted, of: handoffs[slot].saidStrategy)
    if trimmed > 0 { delta.count(.trimmed) }
  }

  private mutating func observeSections(_ slot: Int, _ event: borrowing EventView) {
    guard isNews(slot, .sections, .envelopeSections, event) else { return }
    let present = countSections(event)
    counters.sections.observe(Double(present) / Double(EnvelopeSection.expected))
    delta.count(.sectioned)
    delta.count(.sections, present)
  }

  private mutating func countSections(_ event: borrowing EventView) -> Int {
    guard let piece = event.piece(.envelopeSections) else { return 0 }
    return sections.named(in: event.bytes, piece.range, seed: settings.hashSeed).count
  }

  private mutating func observePacking(_ slot: Int, _ event: borrowing EventView) {
    if isNews(slot, .strategy, .envelopeStrategy, event) {
      let strategy: EnvelopeStrategy = event.word(.envelopeStrategy) ?? .other
      handoffs[slot].strategy = strategy.rawValue
      counters.countStrategy(strategy)
    }
    if isNews(slot, .version, .envelopeVersion, event), let piece = event.piece(.envelopeVersion),
      !counters.versions.count(event.bytes[piece.range])
    {
      counters.overflow.count(.version)
    }
  }

  private mutating func observeNumbers(_ slot: Int, _ event: borrowing EventView) {
    if let deadline = event.moment(.envelopeDeadline) {
      handoffs[slot].deadline = min(handoffs[slot].deadline, deadline)
      if isNews(slot, .deadline, .envelopeDeadline, event) {
        counters.headroom.observe(Double(max(0, deadline &- event.occurredAt)) / 1e6)
      }
    }
    if isNews(slot, .confidence, .envelopeConfidence, event),
      let confidence = event.number(.envelopeConfidence)
    {
      counters.confidence.observe(confidence)
    }
    if isNews(slot, .size, .envelopeBytes, event), let bytes = event.count(.envelopeBytes) {
      counters.bytes.observe(Double(bytes))
    }
  }

  /// What the sender and what the receiver say of the checksum has to be the same.
  private mutating func compareChecksums(_ slot: Int, _ event: borrowing EventView) {
    guard let hash = event.hash(.envelopeChecksum, seed: settings.hashSeed) else { return }
    switch event.type {
    case .acknowledged, .received, .resumed, .rejected, .completed:
      handoffs[slot].receivedChecksum = hash.low | 1
    case .prepared, .initiated, .replayed, .rerouted: handoffs[slot].sentChecksum = hash.low | 1
    default: return
    }
    let (sent, received) = (handoffs[slot].sentChecksum, handoffs[slot].receivedChecksum)
    if sent != 0, received != 0, sent != received { countMismatch(slot) }
  }

  /// Counts a checksum that did not match: once for a handoff.
  mutating func countMismatch(_ slot: Int) {
    guard !handoffs[slot].marks.contains(.mismatch) else { return }
    handoffs[slot].marks.insert(.mismatch)
    counters.countMismatch(
      from: agents.name(of: handoffs[slot].from), to: agents.name(of: handoffs[slot].to))
    delta.count(.checksumMismatches)
    note(.checksumMismatch, slot)
  }
}
