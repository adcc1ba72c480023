/// A task by number: where it is kept, and how often that place had been given away before.
struct TaskRef: Equatable, Sendable {
  var slot: UInt32
  var generation: UInt32

  static let none = Self(slot: .max, generation: 0)

  var isNone: Bool { slot == .max }
}
