import Hashing

/// Numbers ids in the order in which they are first seen.
///
/// The hash is seeded at random, so that nobody can send ids that all fall into one bucket.
struct IDTable: Sendable {
  private struct Key: Hashable {
    var hash: UInt64
    var id: ArraySlice<UInt8>

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
    static func == (left: Key, right: Key) -> Bool { left.hash == right.hash && left.id == right.id }
  }

  private let seed: UInt64
  private var numbers: [Key: Int] = [:]

  init(seed: UInt64, capacity: Int) {
    self.seed = seed
    numbers.reserveCapacity(capacity)
  }

  private func key(_ id: ArraySlice<UInt8>) -> Key { Key(hash: Hash.hash64(id.span, seed: seed), id: id) }

  /// The number of `id`, a new one if it has none, and whether it is new.
  mutating func number(for id: ArraySlice<UInt8>) -> (number: Int, isNew: Bool) {
    let key = key(id)
    if let number = numbers[key] { return (number, false) }
    let number = numbers.count
    numbers[key] = number
    return (number, true)
  }

  /// The number of `id`, if it has one.
  func number(of id: ArraySlice<UInt8>) -> Int? { numbers[key(id)] }
}
