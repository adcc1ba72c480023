import Bytes
import Hashing
import Model

/// Constraints one by one, as the fold keeps them: a bit for each, by its hash.
///
/// Two constraints may share a bit, so that a loss can go unnoticed here; one is never imagined. Whoever asks for the
/// task is told from the whole hashes.
struct ConstraintBits: OptionSet, Sendable {
  let rawValue: UInt64
}

/// Constraints as the fold keeps them.
typealias Bonds = Constraints<UInt64, ConstraintBits>

extension Analytics {
  /// Learns what binds the receiver, and looks once whether something that bound the sender is gone.
  mutating func observeConstraints(_ slot: Int, _ event: borrowing EventView) {
    if let piece = event.piece(.envelopeSections) {
      let named = sections.named(in: event.bytes, piece.range, seed: settings.hashSeed)
      handoffs[slot].bonds.hasSection = named.contains(.constraints)
    }
    if let hash = event.hash(.envelopeConstraintsHash, seed: settings.hashSeed) {
      handoffs[slot].bonds.whole = hash.low
    }
    if let piece = event.piece(.envelopeConstraintHashes) {
      handoffs[slot].bonds.each = bits(event.bytes, piece.range)
    }
    let marks = handoffs[slot].marks
    guard marks.contains(.initiated), !marks.contains(.bound), handoffs[slot].bonds.isTold else { return }
    handoffs[slot].marks.insert(.bound)
    guard let lost = handoffs[slot].inherited.lost(in: handoffs[slot].bonds) else { return }
    counters.countLost(lost)
    delta.count(.constraintsLost)
    note(.constraintsLost, slot)
  }

  private func bits(_ bytes: [UInt8], _ list: Range<Int>) -> ConstraintBits {
    JSONPieces.elements(of: bytes, list).reduce(into: []) { bits, element in
      let hash = Hash.hash64(bytes.span.extracting(element), seed: settings.hashSeed)
      bits.insert(ConstraintBits(rawValue: 1 << (hash & 63)))
    }
  }
}

extension Handoff {
  /// What its receiver is bound to: what its envelope tells, else what bound its sender.
  var binding: Bonds { bonds.isTold ? bonds : inherited }
}
