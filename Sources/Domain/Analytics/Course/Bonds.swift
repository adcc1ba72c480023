import Bytes
import Hashing
import Model

/// Constraints one by one, as the fold keeps them, in 128 bits: how many they are, and two bits of the rest for each.
///
/// A constraint that is gone leaves fewer, which is always seen. One in whose place another came shows by its bits; both
/// may be among those of others, so that this goes unnoticed once in 2,300 times where one other is left, once in 100
/// where five are. No loss is ever imagined, and whoever asks for the task is told from the whole hashes.
struct ConstraintBits: OptionSet, Sendable {
  /// So many are counted, by a bit for each: fewer are a part of more.
  private static let counted = 32

  private let low: UInt64
  private let high: UInt64

  init(rawValue: UInt128) {
    low = UInt64(truncatingIfNeeded: rawValue)
    high = UInt64(truncatingIfNeeded: rawValue >> 64)
  }

  /// Those of these hashes.
  init(_ hashes: Set<UInt64>) {
    let count = UInt128(1) << UInt128(min(hashes.count, Self.counted)) - 1
    self.init(rawValue: hashes.reduce(count) { $0 | Self.bit($1) | Self.bit($1 >> 32) })
  }

  private static func bit(_ hash: UInt64) -> UInt128 {
    1 << (UInt128(counted) + UInt128(hash) % UInt128(128 - counted))
  }

  /// In two halves, so that it needs no more room than its bits.
  var rawValue: UInt128 { UInt128(high) << 64 | UInt128(low) }
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
    ConstraintBits(
      Set(
        JSONPieces.elements(of: bytes, list).map {
          Hash.hash64(bytes.span.extracting($0), seed: settings.hashSeed)
        }))
  }
}

extension Handoff {
  /// What its receiver is bound to: what its envelope tells, else what bound its sender.
  var binding: Bonds { bonds.isTold ? bonds : inherited }
}
