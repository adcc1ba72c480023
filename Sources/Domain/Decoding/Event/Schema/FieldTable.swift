import Hashing
import Model

/// What is known by name: members of each shape and types of events, found by the hash that content needs anyway.
struct FieldTable {
  private struct Slot {
    var hash = Hash128(low: 0, high: 0)
    var isTaken = false
    var shape = Shape.any
    var use = FieldUse(rule: .any)
    var type = EventType.prepared
  }

  private static let size = 512

  private var slots = [Slot](repeating: Slot(), count: size)

  init() {
    for field in KnownField.all {
      insert(field.name, Slot(shape: field.shape, use: field.use))
    }
    for type in EventType.allCases {
      insert(type.name, Slot(type: type))
    }
  }

  private mutating func insert(_ name: String, _ slot: Slot) {
    let hash = Hash.hash128(Array(name.utf8))
    var at = Self.start(hash, slot.shape)
    while slots[at].isTaken { at = (at + 1) & (Self.size - 1) }
    slots[at] = slot
    slots[at].hash = hash
    slots[at].isTaken = true
  }

  @inline(__always)
  private static func start(_ hash: Hash128, _ shape: Shape) -> Int {
    Int(truncatingIfNeeded: hash.low &+ UInt64(shape.rawValue) &* 61) & (size - 1)
  }

  @inline(__always)
  private func position(_ hash: Hash128, _ shape: Shape) -> Int? {
    var at = Self.start(hash, shape)
    while slots[at].isTaken {
      if slots[at].hash == hash, slots[at].shape == shape { return at }
      at = (at + 1) & (Self.size - 1)
    }
    return nil
  }

  /// What to do with the member of that name, if its shape has one.
  @inline(__always)
  func field(_ name: Hash128, of shape: Shape) -> FieldUse? {
    position(name, shape).map { slots[$0].use }
  }

  /// The type of that name, if there is one.
  func type(_ name: Hash128) -> EventType? {
    position(name, .any).map { slots[$0].type }
  }
}
