/// Counts by two names of one capped list, by their places in it.
public struct NamePairs: Sendable {
  private let width: Int
  private var counts: [UInt64]

  /// `most` names, and one place more for what the rest share.
  init(most: Int) {
    width = most + 1
    counts = Array(repeating: 0, count: width * width)
  }

  mutating func count(_ first: Int, _ second: Int) { counts[first * width + second] &+= 1 }

  /// The pairs that were counted; a place that no name has is what the rest share.
  public var counted: [(first: Int, second: Int, count: UInt64)] {
    counts.indices.filter { counts[$0] > 0 }.map { ($0 / width, $0 % width, counts[$0]) }
  }

  mutating func clear() { counts = counts.map { _ in 0 } }
}
