/// An agent by number: where it is kept, and how often that place had been given away before.
///
/// References outlive what they refer to. One to an agent that has left is recognised by its generation
/// and refers to nobody, so nothing has to be searched and corrected when an agent leaves.
struct AgentRef: Hashable, Sendable {
  /// The place in the lower 14 bits, the generation in the 16 above.
  let raw: UInt32

  static let none = Self(raw: 0x3fff_ffff)
  static let mostAgents = 16_000

  init(raw: UInt32) {
    self.raw = raw
  }

  init(place: Int, generation: UInt16) {
    raw = UInt32(generation) << 14 | UInt32(truncatingIfNeeded: place) & 0x3fff
  }

  var place: Int { Int(raw & 0x3fff) }
  var generation: UInt16 { UInt16(truncatingIfNeeded: raw >> 14) }
  var isNone: Bool { self == .none }
}
