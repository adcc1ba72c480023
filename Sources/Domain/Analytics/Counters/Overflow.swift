/// A label, or a memory, that is bounded.
public enum BoundedName: UInt8, CaseIterable, Sendable {
  case agent
  case rule
  case version
  case handoff
  case deadLetter
  case task
  case leg
  case group
  case window
  case occurrence

  /// The word in labels.
  public var name: String { self == .deadLetter ? "dead_letter" : "\(self)" }
}

/// How often something found no room, or had to make room before its time.
public struct Overflow: Sendable {
  private var counts = InlineArray<10, UInt64>(repeating: 0)

  /// How often, for one of them.
  public subscript(name: BoundedName) -> UInt64 { counts[Int(name.rawValue)] }

  mutating func count(_ name: BoundedName) { counts[Int(name.rawValue)] &+= 1 }

  mutating func set(_ name: BoundedName, to number: UInt64) { counts[Int(name.rawValue)] = number }
}
